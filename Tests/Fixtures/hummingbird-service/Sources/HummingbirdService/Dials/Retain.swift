import Synchronization

private final class Session: Sendable {
    let content: [UInt8]
    let previous: Session?

    init(bytes: Int, previous: Session?) {
        // Written to, because a page that never was is not resident.
        content = [UInt8](repeating: 1, count: bytes)
        self.previous = previous
    }
}

// A chain, because an array that grows would make the cost of a request depend on how many came before.
private let latestSession = Mutex<Session?>(nil)

/// Keeps this many bytes for ever, in two allocations (`HB_RETAIN`).
@inline(never)
func rememberSession(bytes: Int) {
    latestSession.withLock { $0 = Session(bytes: bytes, previous: $0) }
}
