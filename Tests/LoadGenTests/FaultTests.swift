import HTTPWire
import Measures
import NIOCore
import NIOPosix
import Plans
import Testing

@testable import LoadGen

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Load against a misbehaving server")
struct FaultTests {
    /// What every request of a closed loop fails with.
    private func reasons(
        _ scenario: Scenario = .of(.get("step", "/")), _ script: @escaping ScriptedServer.Script
    ) async throws -> [String] {
        let summary = try await Bench.run(Bench.closed, scenario, script)
        #expect(summary.total.completed == 0)
        return summary.total.reasons
    }

    @Test("a server frozen for a second shows at the 99th percentile of an open loop")
    func frozenOpenLoop() async throws {
        let load = Load(
            executor: .constantArrivalRate(perSecond: 500), connections: 4, warmup: .zero, work: .requests(1000),
            timeout: .seconds(5)
        )
        let summary = try await Bench.run(load) { request in
            request.number == 100 ? [.freeze(1000), .respond()] : [.respond()]
        }
        #expect(summary.total.completed == 1000)
        #expect(summary.dropped == 0)
        // Half of all arrivals were due while it was frozen; the first of them waited almost a second.
        #expect(try #require(summary.total.latency.value(at: 0.99)) > 900_000_000)
        #expect(try #require(summary.total.latency.value(at: 0.75)) > 300_000_000)
        #expect(summary.connectionWait.count > 400)
        #expect(summary.total.serviceTime.maximum > 990_000_000)
    }

    @Test(
        "a generator that is late says so, and no connection was waited for, also where requests open their own",
        arguments: Service.Connection.KeepAlive.allCases)
    func lateGenerator(keepAlive: Service.Connection.KeepAlive) async throws {
        let load = Load(
            executor: .constantArrivalRate(perSecond: 100), connections: 100, warmup: .zero,
            work: .duration(.milliseconds(1500)), timeout: .seconds(10))
        let summary = try await ScriptedServer.with({ _ in [.respond()] }) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")), target: try Endpoint("http://127.0.0.1:\(server.port)"),
                connection: Service.Connection(keepAlive: keepAlive), seed: 1
            ) { generator in
                try await generator.openConnections()
                // After a second, on the generator's thread.
                return try await generator.run(.steady(), onProgress: { _ in usleep(300_000) })
            }
        }
        Bench.balance(summary)
        #expect(summary.total.completed == 150)
        #expect(summary.lateness.count == 150)
        #expect(summary.lateness.maximum > 250_000_000)
        #expect(summary.connectionWait.count == 0)
        guard case .late = summary.deliveryProblem() else {
            Issue.record("\(String(describing: summary.deliveryProblem()))")
            return
        }
    }

    @Test("a server frozen for a second shows at the 99th percentile of a closed loop")
    func frozenClosedLoop() async throws {
        var load = Bench.closed
        load.executor = .constantUsers(10)
        load.work = .requests(200)
        let summary = try await Bench.run(load) { request in
            request.number == 100 ? [.freeze(1000), .respond()] : [.respond()]
        }
        #expect(summary.total.completed == 200)
        #expect(try #require(summary.total.latency.value(at: 0.99)) > 900_000_000)
    }

    @Test("statuses outside 200 to 399 fail where no status is asked for")
    func statuses() async throws {
        #expect(try await reasons { _ in [.respond(500)] } == ["status 500, expected 200 to 399"])
        let scenario = Scenario.of(.get("step", "/", checks: [.status([200, 201])]))
        let summary = try await Bench.run(Bench.closed, scenario) { _ in [.respond(404)] }
        #expect(summary.total.reasons == ["status 404, expected 200 or 201"])
        #expect(summary.total.checksFailed == 20)
        #expect(summary.connectionsOpened == 0)
    }

    @Test("connections that break are failures with their reason, and are opened again")
    func broken() async throws {
        let summary = try await Bench.run { request in
            request.number % 2 == 0 ? [.respond()] : [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .close]
        }
        #expect(summary.total.completed == 10)
        #expect(summary.total.reasons == ["connection closed in the response body (at byte 40)"])
        #expect(summary.total.checksFailed == 0)
        #expect(summary.connectionsOpened > 0)
        #expect(try await reasons { _ in [.close] } == ["connection closed before a response"])
        #expect(try await reasons { _ in [.reset] } == ["connection reset"])
        #expect(
            try await reasons { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .reset] }
                == ["connection reset"]
        )
        #expect(
            try await reasons { _ in [.send("HTTP/1.1 200 OK\r\nContent-Le"), .close] }
                == ["connection closed in the response head (at byte 27)"]
        )
    }

    @Test("garbage is a failure that says what was wrong")
    func garbage() async throws {
        #expect(
            try await reasons { _ in [.send("SSH-2.0-OpenSSH\r\n")] }
                == ["the response does not begin with an HTTP status line (at byte 0)"]
        )
        #expect(
            try await reasons { _ in
                [.send("HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000))]
            } == ["the response head is larger than 65536 bytes (at byte 65536)"]
        )
        #expect(
            try await reasons { _ in
                [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n")]
            } == ["the response has both Content-Length and Transfer-Encoding (at byte 64)"]
        )
        #expect(
            try await reasons { _ in [.send("HTTP/1.1 204 X\r\n\r\nsurplus")] }
                == ["7 bytes came after the end of the response"]
        )
    }

    @Test("a request without an answer is recorded at its limit")
    func timeOut() async throws {
        var step = Scenario.Step.get("step", "/")
        step.timeout = .milliseconds(300)
        var load = Bench.closed
        load.work = .requests(4)
        let summary = try await Bench.run(load, .of(step)) { _ in [.ignore] }
        #expect(summary.total.timedOut == 4)
        #expect(summary.total.failed == 0)
        #expect(summary.total.reasons == ["timed out after 300 ms"])
        #expect(summary.total.latency.minimum == 300_000_000)
        #expect(summary.total.latency.maximum == 300_000_000)
        #expect(summary.connectionsOpened == 2)
    }

    @Test("a phase ends with its drain, what is in flight counts as timed out and what waits as dropped")
    func drain() async throws {
        var load = Bench.open
        load.timeout = .seconds(60)
        load.work = .requests(10)
        let options = LoadGeneratorOptions(drainTimeout: .milliseconds(100))
        let summary = try await Bench.run(load, options: options) { _ in [.ignore] }
        #expect(summary.arrivals == 10)
        #expect(summary.total.timedOut == 4)
        #expect(summary.dropped == 6)
        #expect(summary.total.reasons == ["unanswered when the phase's drain ended"])
        #expect(summary.elapsed < 10_000_000_000)
    }

    @Test("arrivals beyond the backlog are dropped and counted")
    func backlog() async throws {
        var load = Bench.open
        load.connections = 1
        let options = LoadGeneratorOptions(backlogBound: 5)
        let summary = try await Bench.run(load, options: options) { request in
            request.number == 0 ? [.freeze(300), .respond()] : [.respond()]
        }
        #expect(summary.arrivals == 50)
        #expect(summary.dropped >= 40)
        #expect(summary.deliveryProblem() == .dropped(summary.dropped, of: 50))
    }

    @Test("a server that serves a few connections only fails the rest")
    func connectionLimit() async throws {
        var load = Bench.closed
        load.executor = .constantUsers(4)
        load.work = .requests(40)
        let summary = try await Bench.run(load, limit: 2) { _ in [.respond()] }
        #expect(summary.total.completed > 0)
        #expect(summary.total.exchanges == 40)
        #expect(Set(summary.total.reasons).isSubset(of: ["connection closed before a response", "connection reset"]))
    }

    @Test("a port nobody listens on refuses, ahead of the phase and within it")
    func refused() async throws {
        let unheard = try UnheardPort()
        defer { unheard.release() }
        let port = unheard.number
        let endpoint = try Endpoint("http://127.0.0.1:\(port)")
        for load in [Bench.closed, Bench.open] {
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("one", "/"), .get("two", "/")), target: endpoint, seed: 1
            ) { generator in
                let error = await #expect(throws: LoadError.self) { try await generator.openConnections() }
                let count = load == Bench.closed ? 2 : 4
                #expect(
                    error?.description
                        == "cannot connect to 127.0.0.1:\(port): connection refused (0 of \(count) connections opened)"
                )
                let summary = try await generator.run(.steady(.requests(8)))
                Bench.balance(summary)
                #expect(summary.flowsFailed == 4)
                #expect(summary.skipped == 4)
                #expect(summary.steps.map(\.failed) == [4, 0])
                #expect(summary.total.reasons == ["connection refused"])
            }
        }
    }

    @Test("the steps after a failed one are skipped")
    func skipped() async throws {
        let scenario = Scenario.of(
            .get("one", "/1"), .get("two", "/2"), .get("three", "/3"), .get("four", "/4")
        )
        let summary = try await Bench.run(Bench.closed, scenario) { request in
            [.respond(request.line.hasPrefix("GET /2") ? 500 : 200)]
        }
        #expect(summary.arrivals == 5)
        #expect(summary.flowsFailed == 5)
        #expect(summary.steps.map(\.exchanges) == [5, 5, 0, 0])
        #expect(summary.skipped == 10)
    }

    @Test(
        "checks and captures that fail say what was found",
        arguments: [
            (#"{"a":"x"}"#, "$.a is \"x\", expected 7"),
            (#"{"a":8}"#, "$.a is 8, expected 7"),
            (#"{"b":7}"#, "$.a is missing, expected 7"),
            (#"{"a":{}}"#, "$.a is an object, expected 7"),
            (#"{"a":7"#, "the body is not valid JSON (at byte 6)"),
            (#"{"a":7}"#, "capture token: $.token is missing"),
            (#"{"a":7.0,"token":[]}"#, "capture token: $.token is an array"),
            ("{\"a\":\"\\u001b\u{1B}\"}", "the body is not valid JSON (at byte 12)"),
            (
                #"{"a":""# + String(repeating: "z", count: 100) + #""}"#,
                "$.a is \"" + String(repeating: "z", count: 60) + "…\", expected 7"
            ),
        ]
    )
    func checks(body: String, reason: String) async throws {
        let step = Scenario.Step.get(
            "step", "/", checks: [.json(path: .keys("a"), equals: .number(7))],
            captures: [Scenario.Capture(variable: "token", source: .json(.keys("token")))]
        )
        #expect(try await reasons(.of(step)) { _ in [.respond(200, body)] } == [reason])
    }

    @Test("header and body checks that fail say what was expected")
    func texts() async throws {
        let text = Template(segments: [.literal("fast")])
        let header = Scenario.of(.get("step", "/", checks: [.header(name: "X-Mode", contains: text)]))
        #expect(try await reasons(header) { _ in [.respond()] } == ["header X-Mode is missing"])
        #expect(
            try await reasons(header) { _ in [.respond(fields: "X-Mode: slow\r\n")] }
                == ["header X-Mode does not contain \"fast\""]
        )
        let body = Scenario.of(.get("step", "/", checks: [.bodyContains(text)]))
        #expect(try await reasons(body) { _ in [.respond()] } == ["the body does not contain \"fast\""])
        let large = String(repeating: "x", count: 1 << 20) + "fast"
        #expect(try await reasons(body) { _ in [.respond(200, large)] } == ["the body is larger than 1048576 bytes"])
    }

    @Test("sizes and times that are not met are failures, whatever the framing")
    func sizesAndTimes() async throws {
        let size = Scenario.Check.size(minimum: 3, maximum: 4)
        #expect(
            try await reasons(.of(.get("step", "/", checks: [size]))) { _ in [.respond(200, "ok")] }
                == ["the body has 2 bytes, expected 3 or more"])
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        #expect(
            try await reasons(.of(.get("step", "/", checks: [size]))) { _ in [.send(chunked)] }
                == ["the body has 5 bytes, expected 4 or fewer"])
        let slow = Scenario.of(.get("step", "/", checks: [.time(maximum: .milliseconds(5))]))
        #expect(
            try await reasons(slow) { _ in [.freeze(10), .respond()] } == ["the response took longer than 5 ms"])
        let met = Scenario.of(.get("step", "/", checks: [.size(minimum: 2, maximum: 2), .time(maximum: .seconds(30))]))
        #expect(try await Bench.run(Bench.closed, met) { _ in [.respond()] }.total.completed == 20)
    }

    @Test("redirects that must not be followed are failures")
    func redirects() async throws {
        let scenario = Scenario.of(.get("step", "/", redirects: 1))
        #expect(
            try await reasons(scenario) { _ in [.respond(302, fields: "Location: http://other.test/x\r\n")] }
                == ["the redirect to \"http://other.test/x\" leads to another origin"]
        )
        #expect(
            try await reasons(scenario) { _ in [.respond(302, fields: "Location: /again\r\n")] }
                == ["more than 1 redirect"]
        )
    }

    @Test("a captured line break never reaches a header")
    func injection() async throws {
        var second = Scenario.Step.get("second", "/second")
        second.headers = [
            Scenario.Header(name: "X-Token", value: Template(segments: [.variable(.captured("token"))]))
        ]
        let first = Scenario.Step.get(
            "first", "/first", captures: [Scenario.Capture(variable: "token", source: .json(.keys("token")))]
        )
        let summary = try await Bench.run(Bench.closed, .of(first, second)) { request in
            [.respond(request.line.hasPrefix("GET /first") ? 200 : 500, #"{"token":"a\r\nEvil: 1"}"#)]
        }
        #expect(summary.steps[0].completed == 10)
        #expect(
            summary.steps[1].reasons
                == ["a variable puts a line break or another control character into the header X-Token"]
        )
    }

    @Test("failures name the trace that was sent")
    func traces() async throws {
        var load = Bench.closed
        load.work = .requests(2)
        let step = Scenario.Step.get("step", "/", checks: [.json(path: .keys("a"), equals: .bool(true))])
        let summary = try await Bench.run(load, .of(step)) { request in
            let line = request.head.split(separator: "\r\n").first { $0.hasPrefix("traceparent: ") } ?? ""
            return [.respond(200, "{\"a\":\"\(line.dropFirst(13))\"}")]
        }
        #expect(summary.total.failures.count == 2)
        for failure in summary.total.failures {
            #expect(failure.reason.hasPrefix("$.a is \"00-\(failure.traces[0])-"))
        }
    }

    @Test("mutated responses end in counted outcomes, and the phase ends")
    func mutations() async throws {
        var load = Bench.closed
        load.executor = .constantUsers(8)
        load.work = .requests(200)
        var step = Scenario.Step.get(
            "step", "/", checks: [.json(path: .keys("a"), equals: .number(7))], redirects: 1
        )
        step.timeout = .milliseconds(200)
        let originals = [
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":7}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":7}\r\n0\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        ].map { Array($0.utf8) }
        let bytes = Array("\r\n :;,0159aHT/{}\"".utf8)
        let summary = try await Bench.run(load, .of(step)) { request in
            var text = originals[request.number % originals.count]
            var state = mixed(UInt64(request.number))
            for _ in 0..<(state % 3) {
                state = mixed(state)
                text[Int(state % UInt64(text.count))] = bytes[Int(state >> 32) % bytes.count]
            }
            return [.send(String(decoding: text, as: UTF8.self))]
        }
        #expect(summary.total.exchanges == 200)
        #expect(summary.total.completed > 10)
        #expect(summary.total.failed > 10)
    }

    @Test("distinct reasons are bounded")
    func manyReasons() async throws {
        var load = Bench.closed
        load.work = .requests(60)
        let step = Scenario.Step.get("step", "/", checks: [.json(path: .keys("a"), equals: .bool(true))])
        let summary = try await Bench.run(load, .of(step)) { [.respond(200, "{\"a\":\($0.number)}")] }
        #expect(summary.total.failures.count == 20)
        #expect(summary.total.failures[0].reason == "other reasons")
        #expect(summary.total.failures[0].count == 41)
    }
}
