import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Exchanges worth a look")
struct ExchangeRecordTests {
    @Test("the slowest exchanges are kept, the slowest first, with where their time went")
    func slowest() async throws {
        let summary = try await Bench.run { request in
            switch request.number {
            case 5: [.freeze(400), .respond()]
            case 9: [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), .freeze(300), .send("ok")]
            default: [.respond()]
            }
        }
        let slowest = try #require(summary.steps[0].slowest)
        #expect(slowest.count == 5)
        #expect(slowest == slowest.sorted { $0.latency > $1.latency })
        #expect(slowest.allSatisfy { $0.reason == nil && $0.trace.count == 32 && $0.due < summary.elapsed })
        #expect(Set(slowest.map(\.trace)).count == 5)
        for exchange in slowest {
            let timing = exchange.timing
            let sum = timing.wait + timing.connect + timing.tls + timing.firstByte + timing.body
            #expect(sum == exchange.latency)
            #expect(timing.connect == 0 && timing.tls == 0)
        }
        #expect(slowest[0].timing.firstByte > 380_000_000)
        #expect(slowest.contains { $0.timing.body > 150_000_000 && $0.timing.firstByte < $0.timing.body })
        #expect(summary.total.slowest == nil)
    }

    @Test("an open loop's wait for a connection is told apart from the service's time")
    func wait() async throws {
        let load = Load(
            executor: .constantArrivalRate(perSecond: 200), connections: 1, warmup: .zero, work: .requests(8),
            timeout: .seconds(5))
        let summary = try await Bench.run(load) { $0.number == 3 ? [.freeze(150), .respond()] : [.respond()] }
        let slowest = try #require(summary.steps[0].slowest)
        #expect(slowest.contains { $0.timing.firstByte > 140_000_000 && $0.timing.wait < $0.timing.firstByte })
        #expect(slowest.contains { $0.timing.wait > 100_000_000 && $0.timing.firstByte < $0.timing.wait })
    }

    @Test("failed exchanges keep their time, their trace and their reason")
    func failed() async throws {
        let summary = try await Bench.run(connection: Service.Connection(keepAlive: .never)) { request in
            request.number < 6 ? [.respond(500)] : [.respond()]
        }
        let failure = try #require(summary.steps[0].failures.first)
        #expect(failure.count == 6)
        let exchanges = try #require(failure.exchanges)
        #expect(exchanges.map(\.trace) == failure.traces)
        #expect(exchanges.count == 3)
        #expect(exchanges.allSatisfy { $0.reason == "status 500, expected 200 to 399" && $0.timing.connect > 0 })
        #expect(summary.total.failures.allSatisfy { $0.exchanges == nil })
    }
}
