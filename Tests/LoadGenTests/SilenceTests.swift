import HTTPWire
import Measures
import Plans
import Synchronization
import Testing

@testable import LoadGen

@Suite("Load against a service that says nothing")
struct SilenceTests {
    /// The time-out is a longer one where something is to be answered within it, also on a busy machine.
    private func load(users: Int, requests: Int, timeout: Duration = .milliseconds(300)) -> Load {
        Load(
            executor: .constantUsers(users), connections: users, warmup: .zero, work: .requests(requests),
            timeout: timeout)
    }

    @Test("a phase ends when as many requests as there are connections timed out, and the next one can be run")
    func timeOuts() async throws {
        let answers = Atomic(false)
        try await ScriptedServer.with { _ in
            answers.load(ordering: .relaxed) ? [.respond()] : [.ignore]
        } _: { server in
            let load = load(users: 12, requests: 5000, timeout: .seconds(10))
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")), target: Endpoint("http://127.0.0.1:\(server.port)"),
                seed: 1
            ) { generator in
                try await generator.openConnections()
                let error = await #expect(throws: LoadError.self) { try await generator.run(.steady(load.work)) }
                #expect(
                    error?.description
                        == "127.0.0.1:\(server.port) answered none of the first 12 requests: timed out after 10 s")
                answers.store(true, ordering: .relaxed)
                let summary = try await generator.run(.steady(.requests(100)))
                Bench.balance(summary)
                #expect(summary.total.completed == 100)
            }
        }
    }

    @Test("fewer than ten connections are not taken for more than they tell")
    func fewConnections() async throws {
        let error = await #expect(throws: LoadError.self) {
            try await Bench.run(load(users: 2, requests: 5000)) { _ in [.ignore] }
        }
        let sentence = try #require(error).description
        #expect(sentence.hasSuffix(" answered none of the first 10 requests: timed out after 300 ms"), "\(sentence)")
    }

    @Test("an open loop ends too, with its later arrivals")
    func openLoop() async throws {
        var load = load(users: 10, requests: 100_000)
        load.executor = .constantArrivalRate(perSecond: 200)
        let error = await #expect(throws: LoadError.self) { try await Bench.run(load) { _ in [.ignore] } }
        let sentence = try #require(error).description
        #expect(sentence.hasSuffix(" answered none of the first 10 requests: timed out after 300 ms"), "\(sentence)")
    }

    @Test("arrivals that wait are something left to start")
    func waitingArrivals() async throws {
        var load = load(users: 2, requests: 100)
        load.executor = .constantArrivalRate(perSecond: 1000)
        let error = await #expect(throws: LoadError.self) { try await Bench.run(load) { _ in [.ignore] } }
        let sentence = try #require(error).description
        #expect(sentence.hasSuffix(" answered none of the first 10 requests: timed out after 300 ms"), "\(sentence)")
    }

    @Test("a service that falls silent later is given up after twice as many", arguments: [false, true])
    func laterSilence(isOpen: Bool) async throws {
        var load = load(users: 4, requests: 100_000, timeout: .seconds(1))
        if isOpen { load.executor = .constantArrivalRate(perSecond: 200) }
        let error = await #expect(throws: LoadError.self) {
            try await Bench.run(load) { request in request.number < 100 ? [.respond()] : [.ignore] }
        }
        let sentence = try #require(error).description
        #expect(sentence.hasSuffix(" answered none of the last 20 requests: timed out after 1 s"), "\(sentence)")
    }

    @Test("a service that answers now and then is waited for")
    func nowAndThen() async throws {
        let summary = try await Bench.run(load(users: 10, requests: 60, timeout: .seconds(3))) { request in
            request.number % 5 == 4 ? [.respond()] : [.ignore]
        }
        #expect(summary.total.exchanges == 60)
        #expect(summary.total.timedOut >= 40)
    }

    @Test("connections that are refused are silence")
    func refused() async throws {
        let unheard = try UnheardPort()
        defer { unheard.release() }
        let endpoint = try Endpoint("http://127.0.0.1:\(unheard.number)")
        try await LoadGenerator.withGenerator(
            load: load(users: 2, requests: 5000), scenario: .of(.get("step", "/")), target: endpoint, seed: 1
        ) { generator in
            let error = await #expect(throws: LoadError.self) { try await generator.run(.steady(.requests(5000))) }
            let address = "127.0.0.1:\(unheard.number)"
            #expect(
                error == .silence(address: address, reason: "connection refused", exchanges: 10, hadAnswered: false))
        }
    }

    @Test("one answer is enough to go on")
    func oneAnswer() async throws {
        let summary = try await Bench.run(load(users: 12, requests: 24, timeout: .seconds(10))) { request in
            request.number == 3 ? [.respond()] : [.ignore]
        }
        #expect(summary.total.completed == 1)
        #expect(summary.total.timedOut == 23)
    }

    @Test("connections that are closed without an answer are an answer of a kind")
    func closed() async throws {
        let summary = try await Bench.run(load(users: 2, requests: 40, timeout: .seconds(10))) { _ in [.close] }
        #expect(summary.total.reasons == ["connection closed before a response"])
        #expect(summary.total.failed == 40)
    }

    @Test("a phase with nothing left to start keeps its figures")
    func nothingLeft() async throws {
        let summary = try await Bench.run(load(users: 12, requests: 12)) { _ in [.ignore] }
        #expect(summary.total.timedOut == 12)
    }

    @Test("progress has the latency so far")
    func progress() async throws {
        let (reports, continuation) = AsyncStream.makeStream(of: LoadProgress.self)
        try await ScriptedServer.with { _ in
            [.respond()]
        } _: { server in
            var load = load(users: 1, requests: 1, timeout: .seconds(10))
            load.executor = .constantArrivalRate(perSecond: 100)
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")), target: Endpoint("http://127.0.0.1:\(server.port)"),
                seed: 1
            ) { generator in
                let summary = try await generator.run(.steady(.requests(130))) { continuation.yield($0) }
                continuation.finish()
                var count = 0
                for await report in reports {
                    count += 1
                    #expect(report.latencySum > 0)
                    #expect(report.latencySum <= summary.total.latency.sum)
                    #expect(report.latencyMaximum <= summary.total.latency.maximum)
                    #expect(report.latencyMaximum >= report.latencySum / UInt64(report.exchanges))
                }
                #expect(count >= 1)
            }
        }
    }
}
