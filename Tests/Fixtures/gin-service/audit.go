package main

import "github.com/gin-gonic/gin"

// auditEntry holds a pointer, so that the runtime cannot pack several into one small block.
type auditEntry struct {
	step     int
	previous *auditEntry
}

// audit is a middleware that allocates too much (DIAL_EXTRA_ALLOCATIONS).
func audit(entries int) gin.HandlerFunc {
	return func(c *gin.Context) {
		buildAuditTrail(entries)
		c.Next()
	}
}

// buildAuditTrail makes exactly this many heap allocations.
//
//go:noinline
func buildAuditTrail(entries int) *auditEntry {
	var last *auditEntry
	for step := 0; step < entries; step++ {
		last = &auditEntry{step: step, previous: last}
	}
	return last
}
