import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The largest number of threads kept; a runner shared with others is not to be exhausted.
private let most = 200

private let kept = Atomic<Int>(0)

/// Starts a thread that never ends, up to two hundred of them (`DEMO_LEAK_THREADS`).
@inline(never)
func leakThread() {
    guard kept.wrappingAdd(1, ordering: .relaxed).oldValue < most else { return }
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { _ in waitForEver() }, nil)
    guard code == 0 else {
        Terminal.error("\(Terminal.name): \(SystemError(call: "pthread_create", code: code).sentence)")
        return
    }
    pthread_detach(thread)
}

@inline(never)
private func waitForEver() -> UnsafeMutableRawPointer? {
    // A signal handled on this thread ends the pause, not the thread.
    while true { pause() }
}
