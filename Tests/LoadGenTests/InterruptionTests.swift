import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Loads that are ended early") struct InterruptionTests {
    private static let loads = [Load.Executor.constantUsers(3), .constantArrivalRate(perSecond: 2000)].map {
        Load(executor: $0, connections: 3, warmup: .zero, work: .duration(.seconds(600)), timeout: .seconds(600))
    }

    /// Of the ten minutes that the load and its requests may take; other tests can keep this one from interrupting it.
    private static let longest: UInt64 = 400_000_000_000

    private func interrupted(
        _ loads: [Load], _ script: @escaping ScriptedServer.Script
    ) async throws -> Result<LoadSummary, any Error> {
        try await ScriptedServer.with(script) { server in
            try await LoadGenerator.withGenerator(
                loads: loads, scenario: .of(.get("step", "/")), target: try Endpoint("http://127.0.0.1:\(server.port)"),
                seed: 1
            ) { generator in
                try await generator.openConnections()
                let task = Task { try await generator.run(.steady(), keepsPart: true) }
                try await Task.sleep(for: .milliseconds(300))
                task.cancel()
                return await task.result
            }
        }
    }

    @Test("what was done until then is kept, and its books balance", arguments: loads)
    func kept(load: Load) async throws {
        let summary = try await interrupted([load]) { _ in [.respond()] }.get()
        Bench.balance(summary)
        #expect(summary.total.completed > 0)
        #expect(summary.total.failed + summary.total.timedOut == 0)
        #expect(summary.dropped == 0)
        #expect(summary.elapsed < Self.longest)
    }

    @Test("answers that do not come are waited for no longer than a second", arguments: loads)
    func unanswered(load: Load) async throws {
        let summary = try await interrupted([load]) { $0.number < 3 ? [.respond()] : [.ignore] }.get()
        Bench.balance(summary)
        #expect(summary.total.completed == 3)
        #expect(summary.total.timedOut == 3)
        #expect(summary.total.reasons == ["unanswered when the phase's drain ended"])
        #expect(summary.elapsed < Self.longest)
    }

    @Test("of several loads all must have begun")
    func several() async throws {
        var loads = Self.loads
        loads[0].name = "first"
        loads[1].name = "second"
        let summary = try await interrupted(loads) { _ in [.respond()] }.get()
        Bench.balance(summary)
        #expect(try #require(summary.loads).allSatisfy { $0.summary.total.completed > 0 })
        loads[1].start = .seconds(300)
        let early = try await interrupted(loads) { _ in [.respond()] }
        #expect(throws: LoadError.cancelled) { try early.get() }
    }
}
