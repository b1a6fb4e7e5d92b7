import Dispatch

#if canImport(Glibc)
    import Glibc
#endif

/// Ending in good order when asked to by SIGINT, SIGTERM or SIGHUP.
enum Interruption {
    /// Runs `body`; the first such signal cancels it, so that it can stop its service and keep what was measured.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws
        -> Result
    {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield() }
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
