import Synchronization

// The readers of a log that nobody writes: whoever waits here is never resumed.
private let logReaders = Mutex<[CheckedContinuation<Void, Never>]>([])

/// Starts a task that is suspended for ever (`DEMO_LEAK_TASKS`).
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
