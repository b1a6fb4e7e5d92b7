import Synchronization

// The readers of a log that nobody writes. A continuation that was let go of instead would say so on standard error.
private let logReaders = Mutex<[CheckedContinuation<Void, Never>]>([])

/// Starts a task that is suspended for ever (`HB_LEAK_TASK`).
@inline(never)
func leakTask() {
    Task { await waitForLogEntry() }
}

/// Waits on a continuation that is kept and never resumed.
@inline(never)
private func waitForLogEntry() async {
    await withCheckedContinuation { continuation in
        logReaders.withLock { $0.append(continuation) }
    }
}
