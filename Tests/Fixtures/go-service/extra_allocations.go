package main

// auditEntry holds a pointer, so that the runtime cannot pack several into one small block.
type auditEntry struct {
	step     int
	previous *auditEntry
}

// buildAuditTrail makes exactly this many heap allocations (DIAL_EXTRA_ALLOCATIONS).
//
//go:noinline
func buildAuditTrail(entries int) *auditEntry {
	var last *auditEntry
	for step := 0; step < entries; step++ {
		last = &auditEntry{step: step, previous: last}
	}
	return last
}
