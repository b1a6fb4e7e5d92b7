import HTTPWire
import LoadGen
import Measures
import Plans
package import Reports

#if canImport(Glibc)
    import Glibc
#endif

extension Gate {
    /// Makes the load and says what came of it; `listener` must return at once.
    ///
    /// Throws ``GateError/undelivered(_:)`` where the service cannot be reached or says nothing, ``GateError/usage(_:)``
    /// where the request cannot be sent, and `CancellationError` when the task is cancelled ahead of the load. A load
    /// that is cancelled is reported as far as it came.
    package static func load(
        _ request: LoadRequest, listener: @escaping @Sendable (LoadEvent) -> Void
    ) async throws -> LoadReport {
        do {
            return try await LoadGenerator.withGenerator(
                loads: request.loads, scenario: request.scenario, target: request.endpoint,
                connection: request.connection, seed: request.seed
            ) { generator in
                listener(.connecting(address: request.endpoint.hostField))
                var (report, problem) = try await generator.surrounding(request.scenario, serviceRunsOn: true) {
                    if $0 == .teardown { listener(.tearingDown) }
                    try await $1()
                } leftBehind: {
                    listener(.leftBehind($0))
                } _: {
                    try await loaded(generator, request, listener)
                }
                report.teardownProblem = problem.map(sentence)
                return report
            }
        } catch let error as LoadError {
            switch error {
            case .invalidPlan(let reason): throw GateError.usage(reason)
            case .cancelled: throw CancellationError()
            default: throw GateError.undelivered(error.description)
            }
        }
    }

    /// What lies between setup and teardown.
    private static func loaded(
        _ generator: LoadGenerator, _ request: LoadRequest, _ listener: @escaping @Sendable (LoadEvent) -> Void
    ) async throws(LoadError) -> LoadReport {
        var connections = try await generator.openConnections()
        if request.loads.contains(where: { $0.warmup > .zero }) {
            listener(.warmingUp)
            _ = try await generator.run(.warmup) { listener(.progress($0)) }
            // What the warm-up left closed is no connect of the load.
            connections = try await generator.openConnections()
        }
        listener(.loading)
        let start = now()
        let summary = try await generator.run(.steady(), keepsPart: true) { listener(.progress($0)) }
        var report = LoadReport(
            tool: request.tool, url: request.url, plan: request.plan, loads: request.loads, seed: request.seed,
            start: start, connections: connections, summary: summary)
        report.streams = request.connection.streams
        report.isInterrupted = Task.isCancelled
        return report
    }

    /// Milliseconds since 1970.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
