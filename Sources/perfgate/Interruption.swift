import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Ending in good order when asked to by SIGINT, SIGTERM or SIGHUP, and at once when asked again.
enum Interruption {
    /// Runs `body`; the first such signal cancels it, so that it can stop its service and keep what was measured.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws
        -> Result
    {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        let first = FirstSignal()
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if first.isLongAgo() { _exit(1) }
                continuation.yield()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals { break }
                return nil
            }
            while let result = try await group.next() {
                if let result {
                    group.cancelAll()
                    return result
                }
                group.cancelAll()
            }
            throw CancellationError()
        }
    }
}

/// When the first signal came.
///
/// Systems that end a job send SIGINT and SIGTERM in quick succession; only a later one means impatience. Whatever
/// perfgate started ends with it all the same.
private final class FirstSignal: Sendable {
    private let instant = Mutex<ContinuousClock.Instant?>(nil)

    /// Notes the first call, and says whether this one comes more than two seconds after it.
    func isLongAgo() -> Bool {
        instant.withLock { instant in
            guard let first = instant else {
                instant = .now
                return false
            }
            return ContinuousClock.now - first > .seconds(2)
        }
    }
}
