import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("A server frozen for one second")
struct FrozenServerTests {
    /// Two seconds of load of every executor, of at most 250 requests a second.
    private static let loads = [
        load(.constantArrivalRate(perSecond: 100), connections: 10),
        load(.rampingArrivalRate(ramp(from: 50, to: 150)), connections: 10),
        load(.constantUsers(10), connections: 10),
        load(.rampingUsers(ramp(from: 6, to: 10)), connections: 10),
    ]

    private static func ramp(from start: Double, to level: Double) -> Ramp {
        Ramp(
            start: start,
            stages: [.init(level: level, duration: .seconds(1)), .init(level: level, duration: .seconds(1))])
    }

    private static func load(_ executor: Load.Executor, connections: Int) -> Load {
        Load(
            executor: executor, connections: connections, warmup: .zero, work: .duration(.seconds(2)),
            timeout: .seconds(30))
    }

    @Test("shows at p99 under every executor", arguments: loads)
    func showsAtP99(load: Load) async throws {
        let summary = try await Bench.run(load) { request in
            request.number == 40 ? [.freeze(1000), .respond()] : [.freeze(4), .respond()]
        }
        #expect(summary.total.failed == 0 && summary.total.timedOut == 0)
        #expect(summary.dropped == 0)
        #expect(try #require(summary.total.latency.value(at: 0.99)) > 900_000_000)
        if load.isOpenLoop {
            // Whoever was due meanwhile waited as well: a tenth of a second or more for over a third of all.
            #expect(try #require(summary.total.latency.value(at: 0.67)) > 100_000_000)
        } else {
            // Only those who had asked waited, one request per user: the next longest is one that was not frozen.
            let others = 1 - 10.5 / Double(summary.total.exchanges)
            #expect(try #require(summary.total.latency.value(at: others)) < 900_000_000)
        }
    }

    @Test("is hidden by a closed loop whose users are less than a hundredth of its requests, and told by an open one")
    func hidden() async throws {
        let script: ScriptedServer.Script = { request in
            request.number == 40 ? [.freeze(1000), .respond()] : [.respond()]
        }
        var load = Self.load(.constantUsers(1), connections: 1)
        load.work = .requests(500)
        let closed = try await Bench.run(load) { script($0) }
        #expect(closed.total.latency.maximum > 900_000_000)
        #expect(try #require(closed.total.latency.value(at: 0.99)) < 900_000_000)
        load.executor = .constantArrivalRate(perSecond: 250)
        let open = try await Bench.run(load) { script($0) }
        #expect(try #require(open.total.latency.value(at: 0.99)) > 900_000_000)
    }
}
