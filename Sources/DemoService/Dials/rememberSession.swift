import Synchronization

private let sessions = Mutex<[[UInt8]]>([])

/// Keeps this many bytes for ever (`DEMO_LEAK_MEMORY`).
@inline(never)
func rememberSession(bytes: Int) {
    // Written to, because a page that never was is not resident.
    let session = [UInt8](repeating: 1, count: bytes)
    sessions.withLock { $0.append(session) }
}
