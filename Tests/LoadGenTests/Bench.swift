import HTTPWire
import LoadGen
import Measures
import NIOSSL
import Plans
import Testing

/// Runs one steady phase against a scripted server and checks that its books balance.
enum Bench {
    /// Long enough for a connect that the kernel has to repeat, as to a port whose last connection is not forgotten yet.
    private static let timeout = Duration.seconds(30)

    static let closed = Load(
        executor: .constantUsers(2), connections: 2, warmup: .zero, work: .requests(20), timeout: timeout
    )
    static let open = Load(
        executor: .constantArrivalRate(perSecond: 500), connections: 4, warmup: .zero, work: .requests(50),
        timeout: timeout
    )

    static func run(
        _ load: Load = closed, _ scenario: Scenario = .of(.get("step", "/")), limit: Int = .max,
        options: LoadGeneratorOptions = LoadGeneratorOptions(), opensFirst: Bool = true,
        connection: Service.Connection = Service.Connection(), tls: NIOSSLContext? = nil, host: String = "127.0.0.1",
        _ script: @escaping ScriptedServer.Script
    ) async throws -> LoadSummary {
        try await ScriptedServer.with(limit: limit, tls: tls, socket: connection.socket, script) { server in
            let port = connection.socket == nil ? ":\(server.port)" : ""
            let endpoint = try Endpoint((tls == nil ? "http://" : "https://") + host + port)
            return try await LoadGenerator.withGenerator(
                load: load, scenario: scenario, target: endpoint, connection: connection, seed: 42, options: options
            ) { generator in
                if opensFirst { try await generator.openConnections() }
                let summary = try await generator.run(.steady(load.work))
                balance(summary)
                return summary
            }
        }
    }

    /// The invariants of every summary.
    static func balance(_ summary: LoadSummary) {
        #expect(summary.arrivals == summary.flowsCompleted + summary.flowsFailed + summary.dropped)
        #expect(summary.total.exchanges == summary.steps.map(\.exchanges).reduce(0, +))
        #expect(summary.total.latency.count == UInt64(summary.total.exchanges))
        for step in summary.steps + [summary.total] {
            #expect(step.failures.map(\.count).reduce(0, +) == step.failed + step.timedOut)
            #expect(step.failures.allSatisfy { $0.reason.utf8.count <= 200 && (1...3).contains($0.traces.count) })
            #expect(step.failures.count <= 20)
        }
    }
}

extension StepSummary {
    var reasons: [String] { failures.map(\.reason) }
}
