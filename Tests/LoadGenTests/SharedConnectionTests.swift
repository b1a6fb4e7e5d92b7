import HTTPWire
import Measures
import NIOSSL
import Plans
import Synchronization
import Testing

@testable import LoadGen

@Suite("Load over HTTP/2")
struct SharedConnectionTests {
    private static let load = Load(
        executor: .constantUsers(4), connections: 4, warmup: .zero, work: .requests(40), timeout: .seconds(10))

    private func run(
        _ load: Load = SharedConnectionTests.load, _ scenario: Scenario = .of(.get("step", "/")), streams: Int = 2,
        settings: [(UInt16, UInt32)] = [], opensFirst: Bool = true, _ script: @escaping FrameServer.Script
    ) async throws -> (summary: LoadSummary, opened: Int) {
        try await FrameServer.with(settings: settings, script) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: scenario, target: try Endpoint("http://127.0.0.1:\(server.port)"),
                connection: Service.Connection(httpVersion: .two, streams: streams), seed: 42
            ) { generator in
                let opened = opensFirst ? try await generator.openConnections() : 0
                let summary = try await generator.run(.steady(load.work))
                Bench.balance(summary)
                return (summary, opened)
            }
        }
    }

    @Test("users share connections, and every request is answered on its own stream")
    func shared() async throws {
        let (summary, opened) = try await run { request in
            request.has(":method: GET") && request.has(":path: /") && request.has(":scheme: http")
                ? [.respond(200, [("x-stream", "\(request.stream)")], "ok")] : [.respond(500, [], "")]
        }
        #expect(opened == 2)
        #expect(summary.total.completed == 40)
        #expect(summary.connectionsOpened == 0)
        #expect(summary.total.bytesReceived > 40 * (2 + 12))
    }

    @Test("the wait for a free stream is a wait for a connection, and a part of the request's time")
    func fewerStreams() async throws {
        var load = Self.load
        load.executor = .constantArrivalRate(perSecond: 4000)
        // Four at once, of which the service takes one.
        let (summary, _) = try await run(load, streams: 4, settings: [(3, 1)]) { _ in [.ok] }
        #expect(summary.total.completed == 40)
        #expect(summary.lateness.count == 40)
        #expect(summary.connectionWait.count > 0)
        let slowest = try #require(summary.steps[0].slowest)
        #expect(slowest.contains { $0.timing.wait > 0 })
        for exchange in slowest {
            let timing = exchange.timing
            #expect(timing.wait + timing.connect + timing.tls + timing.firstByte + timing.body == exchange.latency)
        }
    }

    @Test("connections are opened when they are first needed, and told of when they cannot be")
    func opening() async throws {
        let (summary, _) = try await run(opensFirst: false) { _ in [.ok] }
        #expect(summary.total.completed == 40)
        #expect(summary.connectionsOpened == 2)
        let port = try UnheardPort()
        defer { port.release() }
        await #expect(
            throws: LoadError.connect(
                address: "127.0.0.1:\(port.number)", reason: "connection refused", opened: 0, wanted: 2)
        ) {
            try await LoadGenerator.withGenerator(
                load: Self.load, scenario: .of(.get("step", "/")),
                target: try Endpoint("http://127.0.0.1:\(port.number)"),
                connection: Service.Connection(httpVersion: .two, streams: 2), seed: 1
            ) { try await $0.openConnections() }
        }
    }

    @Test("checks, captures, bodies and traces go over HTTP/2 as over HTTP/1.1")
    func flows() async throws {
        var post = Scenario.Step.get(
            "make", "/things", captures: [.init(variable: "id", source: .json(.keys("id")))])
        post.method = "POST"
        post.body = Scenario.Body(
            contentType: "application/json", content: Template(segments: [.literal("{\"n\":1}")], escaping: .json))
        var look = Scenario.Step.get(
            "look", "/things/", checks: [.header(name: "X-Kind", contains: Template(segments: [.literal("thing")]))])
        look.target = Template(segments: [.literal("/things/"), .variable(.captured("id"))], escaping: .url)
        let (summary, _) = try await run(Self.load, .of(post, look)) { request in
            guard request.fields.contains(where: { $0.hasPrefix("traceparent: 00-") }) else {
                return [.respond(400, [], "")]
            }
            if request.has(":method: POST"), request.body == "{\"n\":1}" {
                return [.respond(201, [], "{\"id\":\"a-7\"}")]
            }
            return request.has(":path: /things/a-7") ? [.respond(200, [("x-kind", "a thing")], "")] : [.ignore]
        }
        #expect(summary.total.completed == 40)
        #expect(summary.total.reasons == [])
    }

    @Test("a check that fails says what was found")
    func checks() async throws {
        let (summary, _) = try await run { _ in [.respond(503, [], "later")] }
        #expect(summary.total.reasons == ["status 503, expected 200 to 399"])
        #expect(summary.total.checksFailed == 40)
        #expect(summary.connectionsOpened == 0)
    }

    @Test("a stream that is reset fails alone; its connection goes on")
    func reset() async throws {
        let (summary, _) = try await run { $0.number % 4 == 3 ? [.reset(.internalError)] : [.ok] }
        #expect(summary.total.completed == 30)
        #expect(summary.total.failed == 10)
        #expect(summary.total.reasons == ["the service reset the stream (INTERNAL_ERROR)"])
        #expect(summary.connectionsOpened == 0)
    }

    @Test("what a closing connection has not looked at is sent again on a new one, and nothing fails")
    func goAway() async throws {
        let (summary, _) = try await run { request in
            // Every fifth request of a connection is the last that it looks at.
            request.stream == 9 ? [.goAway(last: 9, .noError), .ok] : request.stream > 9 ? [.ignore] : [.ok]
        }
        #expect(summary.total.reasons == [])
        #expect(summary.total.completed == 40)
        #expect(summary.connectionsOpened >= 6)
    }

    @Test("a service that refuses every stream is given up, not asked for ever")
    func refused() async throws {
        var load = Self.load
        load.work = .requests(4)
        let (summary, _) = try await run(load) { _ in [.reset(.refusedStream)] }
        #expect(summary.total.reasons == ["the service reset the stream (REFUSED_STREAM)"])
        #expect(summary.total.failed == 4)
    }

    @Test("a connection that ends fails what was under way on it, and is opened again")
    func closed() async throws {
        let (summary, _) = try await run { $0.stream == 7 ? [.close] : [.ok] }
        // What was being written when it ended may be answered with a reset.
        #expect(
            Set(summary.total.reasons).isSubset(of: [
                "connection closed before the end of a response", "connection reset",
            ]))
        #expect(summary.total.failed > 0)
        #expect(summary.total.completed + summary.total.failed == 40)
        #expect(summary.total.completed >= 20)
        #expect(summary.connectionsOpened > 0)
    }

    @Test("bytes that are not HTTP/2 end the connection with their reason")
    func garbage() async throws {
        let (broken, _) = try await run { _ in [.raw([0, 0, 1, 6, 0, 0, 0, 0, 0, 1])] }
        #expect(broken.total.completed == 0)
        #expect(broken.total.reasons.count == 1)
        #expect(broken.total.reasons[0].contains("PING"), "\(broken.total.reasons)")
        let summary = try await Bench.run(
            Self.load, opensFirst: false, connection: Service.Connection(httpVersion: .two, streams: 2)
        ) { _ in [.respond(400)] }
        #expect(summary.total.completed == 0)
        #expect(summary.total.reasons == ["the service answers in HTTP/1, not HTTP/2"])
    }

    @Test("a service that does not speak HTTP/2 is told as one also while connections are opened")
    func otherProtocol() async throws {
        var load = Self.load
        load.executor = .constantUsers(200)
        load.connections = 200
        let reason = "the service answers in HTTP/1, not HTTP/2"
        do {
            let summary = try await Bench.run(load, connection: Service.Connection(httpVersion: .two)) { _ in
                [.respond(400)]
            }
            #expect(summary.total.reasons == [reason])
        } catch LoadError.connect(_, let told, _, _) {
            #expect(told == reason)
        }
    }

    @Test("a request without an answer is recorded at its limit, and its connection goes on")
    func timeOut() async throws {
        var step = Scenario.Step.get("step", "/")
        // Long enough for the others on a busy machine.
        step.timeout = .seconds(10)
        let (summary, _) = try await run(Self.load, .of(step)) { $0.number == 10 ? [.ignore] : [.ok] }
        #expect(summary.total.completed == 39)
        #expect(summary.total.timedOut == 1)
        #expect(summary.total.reasons == ["timed out after 10 s"])
        #expect(summary.connectionsOpened == 0)
    }

    @Test("a service that allows one stream at a time makes the others wait, not fail")
    func oneAtATime() async throws {
        let (summary, opened) = try await run(streams: 4, settings: [(3, 1)]) { _ in [.ok] }
        #expect(opened == 1)
        #expect(summary.total.completed == 40)
        #expect(summary.total.failed == 0)
    }

    @Test("users that wait for a stream have their turn, first come, first served")
    func turns() async throws {
        var load = Self.load
        load.work = .duration(.milliseconds(600))
        var step = Scenario.Step.get("step", "/")
        step.target = Template(segments: [.literal("/"), .variable(.user)], escaping: .url)
        let seen = Mutex<[String: Int]>([:])
        let (summary, _) = try await run(load, .of(step), streams: 4, settings: [(3, 1)]) { request in
            let path = request.fields.first { $0.hasPrefix(":path: ") } ?? ""
            seen.withLock { $0[path, default: 0] += 1 }
            return [.ok]
        }
        #expect(summary.total.failed + summary.total.timedOut == 0)
        let counts = seen.withLock { $0 }
        #expect(counts.count == 4)
        let (least, most) = (counts.values.min() ?? 0, counts.values.max() ?? 0)
        #expect(least > 0 && most - least <= 2, "\(counts)")
    }

    @Test("a connection that does not open is given up with its requests, and the next one is tried")
    func stalledHandshake() async throws {
        var load = Self.load
        load.timeout = .milliseconds(200)
        load.work = .requests(9)
        // It accepts, and answers no handshake.
        let summary = try await ScriptedServer.with({ _ in [.ignore] }) { server in
            var connection = try ConnectionTests.trusting()
            connection.httpVersion = .two
            connection.streams = 2
            return try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")),
                target: try Endpoint("https://127.0.0.1:\(server.port)"), connection: connection, seed: 42
            ) { try await $0.run(.steady(load.work)) }
        }
        Bench.balance(summary)
        #expect(summary.total.timedOut == 9)
        #expect(summary.total.reasons == ["connecting timed out after 200 ms"])
    }

    @Test("a connection that says nothing any more is replaced after a time-out")
    func dead() async throws {
        var load = Self.load
        load.executor = .constantUsers(1)
        load.connections = 1
        load.work = .requests(5)
        var step = Scenario.Step.get("step", "/")
        step.timeout = .seconds(10)
        let (summary, _) = try await run(load, .of(step), streams: 1) { $0.connection == 0 ? [.ignore] : [.ok] }
        // The service's settings may come after the first request, so that only the second one tells.
        #expect((1...2).contains(summary.total.timedOut))
        #expect(summary.total.completed + summary.total.timedOut == 5)
        #expect(summary.connectionsOpened == 1)
    }

    @Test("a body that the service's window never lets through times out")
    func stalledBody() async throws {
        var post = Scenario.Step.get("post", "/")
        post.method = "POST"
        post.timeout = .milliseconds(300)
        post.body = Scenario.Body(
            contentType: "text/plain", content: Template(segments: [.literal(String(repeating: "x", count: 1000))]))
        var load = Self.load
        // The first requests may go out before the service has said how small its windows are.
        load.work = .requests(12)
        let (summary, _) = try await run(load, .of(post), settings: [(4, 10)]) { _ in [.ok] }
        #expect(summary.total.timedOut >= 4)
        #expect(summary.total.completed + summary.total.timedOut == 12)
        #expect(summary.total.reasons == ["timed out after 300 ms"])
    }

    @Test("an open loop keeps its schedule over shared connections")
    func openLoop() async throws {
        var load = Self.load
        load.executor = .constantArrivalRate(perSecond: 400)
        load.work = .requests(80)
        let (summary, _) = try await run(load) { _ in [.ok] }
        #expect(summary.total.completed == 80)
        #expect(summary.lateness.count == 80)
        #expect(summary.dropped == 0)
    }

    @Test("over TLS, HTTP/2 is agreed on by ALPN")
    func secure() async throws {
        let summary = try await FrameServer.with(tls: ConnectionTests.server(protocols: ["h2"])) { request in
            request.has(":scheme: https") ? [.ok] : [.respond(500, [], "")]
        } _: { server in
            var connection = try ConnectionTests.trusting()
            connection.httpVersion = .two
            connection.streams = 2
            return try await LoadGenerator.withGenerator(
                load: Self.load, scenario: .of(.get("step", "/")),
                target: try Endpoint("https://127.0.0.1:\(server.port)"), connection: connection, seed: 42
            ) { generator in
                try await generator.openConnections()
                return try await generator.run(.steady(Self.load.work))
            }
        }
        #expect(summary.total.completed == 40)
        #expect(summary.connectionsOpened == 0)
    }
}
