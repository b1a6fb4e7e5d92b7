import HTTPWire
import LoadGen
import Measures
import Plans
import ProbeReader

/// A fixed number of requests over connections that stay open, with the counters of the service read around them.
struct CountedLoad {
    var directory: String
    var endpoint: Endpoint
    var target: String
    var connections: Int
    var warmup: Int
    var requests: Int

    struct Outcome {
        var summary: LoadSummary
        var counted: ProbeCounters
        /// Why a figure cannot be trusted, of each that cannot.
        var doubts: [String: String]
    }

    /// Connects and warms up before the first reading: neither is a request.
    func run() async throws -> Outcome {
        let service = try ProbeFile.only(in: directory)
        let load = Load(
            executor: .constantUsers(connections), connections: connections, warmup: .zero, work: .requests(requests),
            timeout: .seconds(10))
        return try await LoadGenerator.withGenerator(load: load, scenario: scenario, target: endpoint, seed: 1) {
            try await $0.openConnections()
            _ = try await $0.run(.steady(.requests(warmup)))
            let before = try await service.countersAtRest()
            let summary = try await $0.run(.steady(load.work))
            let after = try await service.countersAtRest()
            return Outcome(summary: summary, counted: after.minus(before), doubts: try service.doubts())
        }
    }

    private var scenario: Scenario {
        let step = Scenario.Step(
            name: "request", method: "GET", target: Template(segments: [.literal(target)], escaping: .url), headers: [],
            body: nil, checks: [.status([200])], captures: [], redirects: 0, timeout: nil)
        return Scenario(data: [], flows: [Scenario.Flow(name: "bench", weight: 1, steps: [step])])
    }
}
