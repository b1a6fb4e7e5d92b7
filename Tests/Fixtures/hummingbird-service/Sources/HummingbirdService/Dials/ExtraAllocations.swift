import Synchronization

private final class AuditEntry: Sendable {
    let step: Int

    init(step: Int) {
        self.step = step
    }
}

// A place the optimiser cannot see the end of, or it would put the entries on the stack.
private let latestEntry = Mutex<AuditEntry?>(nil)

/// Makes exactly this many heap allocations and frees as many (`HB_EXTRA_ALLOCATIONS`).
@inline(never)
func buildAuditTrail(entries: Int) {
    latestEntry.withLock { latest in
        for step in 0..<entries {
            latest = AuditEntry(step: step &+ (latest?.step ?? 0))
        }
    }
}
