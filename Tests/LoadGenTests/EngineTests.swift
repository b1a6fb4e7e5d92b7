import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Load against a well-behaved server")
struct EngineTests {
    @Test("a closed loop makes exactly the requests asked for, on one connection per user")
    func closedLoop() async throws {
        let summary = try await Bench.run { _ in [.respond()] }
        #expect(summary.arrivals == 20)
        #expect(summary.flowsCompleted == 20)
        #expect(summary.total.completed == 20)
        #expect(summary.connectionsOpened == 0)
        #expect(summary.requestedRate == nil)
        #expect(summary.lateness.count == 0)
        #expect(summary.generatorCPU > 0)
        #expect(summary.total.bytesReceived == 20 * 39)
    }

    @Test("an open loop starts flows at their due instants")
    func openLoop() async throws {
        let summary = try await Bench.run(Bench.open) { _ in [.respond()] }
        #expect(summary.arrivals == 50)
        #expect(summary.flowsCompleted == 50)
        #expect(summary.requestedRate == 500)
        #expect(summary.lateness.count == 50)
        #expect(summary.dispatchSpan > 90_000_000)
    }

    @Test("phases that last for a time end, closed and open, and warm-up numbers its iterations apart")
    func durations() async throws {
        for executor in [Load.Executor.constantUsers(2), .constantArrivalRate(perSecond: 1000)] {
            let load = Load(
                executor: executor, connections: 2, warmup: .milliseconds(100), work: .duration(.milliseconds(100)),
                timeout: .seconds(5)
            )
            var step = Scenario.Step.get("step", "/")
            step.target = Template(segments: [.literal("/"), .variable(.iteration)], escaping: .url)
            let scenario = Scenario.of(step)
            try await ScriptedServer.with({ [.respond($0.line.hasPrefix("GET /1000000") ? 299 : 200)] }) { server in
                let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
                try await LoadGenerator.withGenerator(load: load, scenario: scenario, target: endpoint, seed: 1) {
                    let warm = try await $0.run(.warmup)
                    let steady = try await $0.run(.steady(load.work))
                    Bench.balance(warm)
                    Bench.balance(steady)
                    #expect(warm.total.completed > 0 && warm.total.failed == 0)
                    #expect(steady.total.completed > 0 && steady.total.failed == 0)
                    if case .constantArrivalRate = executor { #expect(steady.arrivals == 100) }
                }
            }
        }
    }

    @Test("chunked bodies, empty answers and answers to HEAD are whole responses")
    func shapes() async throws {
        var head = Scenario.Step.get("head", "/head")
        head.method = "HEAD"
        let scenario = Scenario.of(
            .get("chunked", "/chunked", checks: [.bodyContains(Template(segments: [.literal("abcdef")]))]),
            .get("no content", "/204"), .get("not modified", "/304"), head
        )
        let summary = try await Bench.run(Bench.closed, scenario) { request in
            switch request.line {
            case "GET /chunked HTTP/1.1":
                [
                    .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                    .send("3\r\ndef\r\n0\r\n\r\n"),
                ]
            case "GET /204 HTTP/1.1": [.send("HTTP/1.1 204 No Content\r\n\r\n")]
            case "GET /304 HTTP/1.1": [.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")]
            default: [.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")]
            }
        }
        #expect(summary.flowsCompleted == 5)
        #expect(summary.steps.map(\.completed) == [5, 5, 5, 5])
        #expect(summary.connectionsOpened == 0)
    }

    @Test("a connection the server closes after each response is opened again")
    func connectionClose() async throws {
        let summary = try await Bench.run { _ in [.respond(fields: "Connection: close\r\n"), .close] }
        #expect(summary.total.completed == 20)
        #expect(summary.connectionsOpened == 18)
    }

    @Test("a body without length ends with its connection")
    func readToClose() async throws {
        let summary = try await Bench.run { _ in [.send("HTTP/1.0 200 OK\r\n\r\nuntil the end"), .close] }
        #expect(summary.total.completed == 20)
    }

    @Test("a flow carries captured values and data rows from step to step")
    func flow() async throws {
        var login = Scenario.Step.get(
            "log in", "/login",
            captures: [
                Scenario.Capture(variable: "token", source: .json(.keys("token"))),
                Scenario.Capture(variable: "node", source: .header("X-Node")),
            ]
        )
        login.method = "POST"
        login.body = Scenario.Body(
            contentType: "application/json",
            content: Template(
                segments: [.literal("{\"user\":\""), .variable(.data(set: 0, column: 0)), .literal("\"}")],
                escaping: .json
            )
        )
        var order = Scenario.Step.get(
            "order", "/order",
            checks: [.status([201]), .json(path: .keys("state"), equals: .string("accepted"))]
        )
        order.headers = [
            Scenario.Header(
                name: "Authorization", value: Template(segments: [.literal("Bearer "), .variable(.captured("token"))])
            ),
            Scenario.Header(name: "X-Node", value: Template(segments: [.variable(.captured("node"))])),
        ]
        let scenario = Scenario(
            data: [Scenario.DataSet(name: "users", columns: ["name"], rows: [["ann"], ["bob"]])],
            flows: [Scenario.Flow(name: "buy", weight: 1, steps: [login, order])]
        )
        let summary = try await Bench.run(Bench.closed, scenario) { request in
            if request.line.hasPrefix("POST /login") {
                let name = request.body == "{\"user\":\"ann\"}" ? "ann" : "bob"
                return [.respond(200, "{\"token\":\"t\\u002d\(name)\"}", fields: "X-Node: n1\r\n")]
            }
            let known =
                request.head.contains("Authorization: Bearer t-ann\r\n")
                || request.head.contains("Authorization: Bearer t-bob\r\n")
            let isNode = request.head.contains("X-Node: n1\r\n")
            return [.respond(known && isNode ? 201 : 403, "{\"state\":\"accepted\"}")]
        }
        #expect(summary.arrivals == 10)
        #expect(summary.flowsCompleted == 10)
        #expect(summary.steps.map(\.completed) == [10, 10])
        #expect(summary.steps.map(\.name) == ["log in", "order"])
    }

    @Test("patterns find values in bodies that are not JSON, and say what they did not find")
    func patterns() async throws {
        var form = Scenario.Step.get(
            "form", "/form", checks: [.bodyMatches(try Pattern("<form .*>"))],
            captures: [Scenario.Capture(variable: "id", source: .pattern(try Pattern("id=(\\d+)|none")))]
        )
        form.target = Template(segments: [.literal("/form"), .variable(.iteration)], escaping: .url)
        var item = Scenario.Step.get("item", "/")
        item.target = Template(segments: [.literal("/"), .variable(.captured("id"))], escaping: .url)
        let bodies = [
            "<form id=471>", "form", "<form id>", "<form none>", "<form " + String(repeating: "z", count: 1 << 20),
        ]
        let summary = try await Bench.run(Bench.closed, .of(form, item)) { request in
            guard request.line.hasPrefix("GET /form") else {
                return [.respond(request.line == "GET /471 HTTP/1.1" ? 200 : 404)]
            }
            let digit = request.line.utf8.dropFirst("GET /form".utf8.count).first ?? 0
            return [.respond(200, bodies[Int(digit - 0x30) % 5])]
        }
        #expect(summary.steps.map(\.completed) == [2, 2])
        #expect(summary.steps.map(\.failed) == [8, 0])
        #expect(
            Set(summary.steps[0].reasons) == [
                "the body does not match \"<form .*>\"", "capture id: the body does not match \"id=(\\d+)|none\"",
                "capture id: the group of \"id=(\\d+)|none\" took no part in the match",
                "the body is larger than 1048576 bytes",
            ])
    }

    @Test("redirects are followed on the same origin, and counted as one exchange")
    func redirects() async throws {
        let scenario = Scenario.of(.get("step", "/a/start", redirects: 2))
        let summary = try await Bench.run(Bench.closed, scenario) { request in
            switch request.line {
            case "GET /a/start HTTP/1.1": [.respond(302, fields: "Location: next?x=1\r\n")]
            case "GET /a/next?x=1 HTTP/1.1": [.respond(307, fields: "Location: /end\r\nConnection: close\r\n"), .close]
            case "GET /end HTTP/1.1": [.respond()]
            default: [.respond(404)]
            }
        }
        #expect(summary.total.completed == 20)
        #expect(summary.total.exchanges == 20)
    }

    @Test("a redirect is an answer where none are to be followed")
    func redirectAsAnswer() async throws {
        let scenario = Scenario.of(.get("step", "/", checks: [.status([302])]))
        let summary = try await Bench.run(Bench.closed, scenario) { _ in [.respond(302, fields: "Location: /x\r\n")] }
        #expect(summary.total.completed == 20)
    }

    @Test("both sides of a comparison run the same flows in the same shares")
    func weights() async throws {
        let scenario = Scenario(
            data: [],
            flows: [
                Scenario.Flow(name: "browse", weight: 4, steps: [.get("list", "/list")]),
                Scenario.Flow(name: "buy", weight: 1, steps: [.get("cart", "/cart"), .get("pay", "/pay")]),
            ]
        )
        var load = Bench.closed
        load.work = .requests(60)
        let summary = try await Bench.run(load, scenario) { _ in [.respond()] }
        #expect(summary.arrivals == 50)
        #expect(summary.steps.map(\.completed) == [40, 10, 10])
    }

    @Test("a service is reached by name")
    func name() async throws {
        try await ScriptedServer.with({ [.respond($0.head.contains("\r\nHost: localhost:") ? 200 : 400)] }) { server in
            let endpoint = try Endpoint("http://localhost:\(server.port)/base/")
            let summary = try await LoadGenerator.withGenerator(
                load: Bench.closed, scenario: .of(.get("step", "/")), target: endpoint, seed: 1
            ) { generator in
                #expect(try await generator.openConnections() == 2)
                return try await generator.run(.steady(.requests(6)))
            }
            #expect(summary.total.completed == 6)
        }
    }

    @Test("a cancelled phase ends at once")
    func cancellation() async throws {
        try await ScriptedServer.with({ _ in [.ignore] }) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            try await LoadGenerator.withGenerator(
                load: Bench.closed, scenario: .of(.get("step", "/")), target: endpoint, seed: 1
            ) { generator in
                let task = Task { try await generator.run(.steady(.requests(10))) }
                task.cancel()
                await #expect(throws: LoadError.cancelled) { try await task.value }
            }
        }
    }
}
