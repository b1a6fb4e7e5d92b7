import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("What is done around the load")
struct PartTests {
    private static func capture(_ variable: String, _ header: String) -> Scenario.Capture {
        Scenario.Capture(variable: variable, source: .header(header))
    }

    private static func step(
        _ name: String, _ target: [Template.Segment], captures: [Scenario.Capture] = []
    ) -> Scenario.Step {
        Scenario.Step(
            name: name, method: "GET", target: Template(segments: target, escaping: .url), headers: [], body: nil,
            checks: [], captures: captures, redirects: 0, timeout: nil)
    }

    private static let shop = Template.Segment.variable(.captured("shop"))
    private static let token = Template.Segment.variable(.captured("token"))

    private static let scenario = Scenario(
        data: [],
        flows: [
            Scenario.Flow(
                name: "flow", weight: 1,
                steps: [
                    step("use", [.literal("/use/"), shop, .literal("/"), token], captures: [capture("own", "X-Own")]),
                    step("own", [.literal("/own/"), .variable(.captured("own"))]),
                ])
        ],
        setup: [
            .request(
                step("create", [.literal("/create/"), .variable(.iteration)], captures: [capture("shop", "X-Shop")]))
        ],
        userSetup: [
            .think(.init(from: .milliseconds(1), to: .milliseconds(5))),
            .request(
                step(
                    "log in",
                    [.literal("/login/"), shop, .literal("/"), .variable(.user), .literal("/"), .variable(.iteration)],
                    captures: [capture("token", "X-Token")])),
        ],
        teardown: [
            .request(step("look", [.literal("/look/"), shop], captures: [capture("last", "X-Last")])),
            .request(step("remove", [.literal("/remove/"), .variable(.captured("last"))])),
        ])

    /// Answers as a service with shops and logins does, each user with a token of its own.
    private static func answer(_ request: ScriptedServer.Request) -> [ScriptedServer.Action] {
        let path = request.line.split(separator: " ")[1]
        let parts = path.split(separator: "/").map(String.init)
        return switch parts[0] {
        case "create": [.respond(parts[1] == "0" ? 200 : 400, fields: "X-Shop: s1\r\n")]
        case "login":
            [
                .respond(
                    parts[1] == "s1" && parts[2] == parts[3] ? 200 : 403, fields: "X-Token: t\(parts[2])\r\n")
            ]
        case "use":
            [.respond(parts[1] == "s1" && parts[2].hasPrefix("t") ? 200 : 403, fields: "X-Own: \(parts[2])\r\n")]
        case "own": [.respond(parts[1].hasPrefix("t") ? 200 : 403)]
        case "look": [.respond(parts[1] == "s1" ? 200 : 404, fields: "X-Last: \(parts[1])\r\n")]
        default: [.respond(parts[1] == "s1" ? 200 : 404)]
        }
    }

    private static func load(_ executor: Load.Executor) -> Load {
        Load(executor: executor, connections: 5, warmup: .milliseconds(50), work: .requests(100), timeout: .seconds(30))
    }

    private func run<R: Sendable>(
        _ executor: Load.Executor = .constantUsers(5), _ scenario: Scenario = Self.scenario,
        options: LoadGeneratorOptions = LoadGeneratorOptions(), log: Log = Log(),
        _ script: @escaping ScriptedServer.Script = Self.answer, _ body: (LoadGenerator) async throws -> R
    ) async throws -> R {
        try await ScriptedServer.with({ request in
            log.add(request)
            return script(request)
        }) { server in
            try await LoadGenerator.withGenerator(
                load: Self.load(executor), scenario: scenario,
                target: try Endpoint("http://127.0.0.1:\(server.port)"), seed: 1, options: options, body)
        }
    }

    @Test(
        "what setups capture is known in every flow, and is neither counted nor timed",
        arguments: [Load.Executor.constantUsers(5), .constantArrivalRate(perSecond: 1000)])
    func state(executor: Load.Executor) async throws {
        let log = Log()
        try await run(executor, log: log) { generator in
            let parts = [try await generator.run(.setup), try await generator.run(.userSetup)]
            #expect(parts.map(\.total.completed) == [1, 5])
            #expect(parts.map { $0.steps.map(\.name) } == [["create"], ["log in"]])
            for phase in [LoadGenerator.Phase.warmup, .steady(.requests(100))] {
                let summary = try await generator.run(phase)
                Bench.balance(summary)
                #expect(summary.steps.map(\.name) == ["use", "own"])
                #expect(summary.total.completed == summary.total.exchanges)
                #expect(summary.total.failed == 0)
            }
            // Connections come and go; what a user knows stays.
            await generator.closeConnections()
            #expect(try await generator.run(.steady(.requests(100))).total.completed == 100)
            #expect(try await generator.run(.teardown).total.completed == 2)
            #expect(try await generator.run(.steady(.requests(100))).total.completed == 100)
        }
        #expect(log.paths.filter { $0.hasPrefix("/create") } == ["/create/0"])
        #expect(log.paths.filter { $0.hasPrefix("/login") }.sorted() == (0..<5).map { "/login/s1/\($0)/\($0)" })
        #expect(log.paths.filter { $0.hasPrefix("/look") || $0.hasPrefix("/remove") } == ["/look/s1", "/remove/s1"])
        #expect(Set(log.paths.filter { $0.hasPrefix("/use") }) == Set((0..<5).map { "/use/s1/t\($0)" }))
    }

    @Test("users keep the connection they were set up on")
    func connections() async throws {
        let log = Log()
        try await run(log: log) { generator in
            try await generator.openConnections()
            _ = try await generator.run(.setup)
            _ = try await generator.run(.userSetup)
            let summary = try await generator.run(.steady(.requests(100)))
            #expect(summary.connectionsOpened == 0)
        }
        var byUser: [Substring: Set<Int>] = [:]
        for (path, connection) in zip(log.paths, log.connections) {
            let parts = path.split(separator: "/")
            switch parts[0] {
            case "login": byUser[parts[2], default: []].insert(connection)
            case "use": byUser[parts[2].dropFirst(), default: []].insert(connection)
            default: break
            }
        }
        #expect(byUser.count == 5)
        #expect(byUser.values.allSatisfy { $0.count == 1 })
    }

    @Test("without parts nothing is done")
    func absent() async throws {
        let log = Log()
        try await run(.constantUsers(5), .of(.get("a", "/")), log: log) { generator in
            for phase in [LoadGenerator.Phase.setup, .userSetup, .teardown] {
                let summary = try await generator.run(phase)
                #expect(summary.arrivals == 0)
            }
        }
        #expect(log.paths.isEmpty)
    }

    @Test(
        "a failure says in which step it was and why",
        arguments: [
            (
                "/create", LoadGenerator.Phase.setup,
                "setup failed in the step \"create\": status 503, expected 200 to 399"
            ),
            ("/login", .userSetup, "user-setup failed in the step \"log in\": status 503, expected 200 to 399"),
            ("/remove", .teardown, "teardown failed in the step \"remove\": status 503, expected 200 to 399"),
        ])
    func failure(path: String, failing: LoadGenerator.Phase, text: String) async throws {
        try await run(
            .constantUsers(5), Self.scenario,
            { $0.line.hasPrefix("GET \(path)") ? [.respond(503)] : Self.answer($0) }
        ) { generator in
            for phase in [LoadGenerator.Phase.setup, .userSetup, .teardown] {
                if phase == failing {
                    let error = await #expect(throws: LoadError.self) { try await generator.run(phase) }
                    #expect(error?.description == text)
                    #expect(error?.isOfPart == true)
                    return
                }
                _ = try await generator.run(phase)
            }
        }
    }

    @Test("one user that fails keeps those from being set up that have not begun")
    func stops() async throws {
        let log = Log()
        try await run(.constantUsers(500), log: log, { $0.number == 3 ? [.respond(500)] : Self.answer($0) }) {
            generator in
            _ = try await generator.run(.setup)
            await #expect(throws: LoadError.self) { try await generator.run(.userSetup) }
        }
        #expect(log.paths.count < 200)
    }

    @Test("a part that is not done in time is a failure")
    func drain() async throws {
        var scenario = Self.scenario
        scenario.setup.append(.think(.init(from: .seconds(30), to: .seconds(30))))
        try await run(
            .constantUsers(5), scenario, options: LoadGeneratorOptions(drainTimeout: .seconds(2))
        ) { generator in
            let error = await #expect(throws: LoadError.self) { try await generator.run(.setup) }
            #expect(error?.description == "setup failed: it was not done before its time was up")
        }
    }

    /// What the server was asked; used on its one thread, and after it has ended.
    final class Log: @unchecked Sendable {
        private(set) var paths: [String] = []
        private(set) var connections: [Int] = []

        func add(_ request: ScriptedServer.Request) {
            paths.append(String(request.line.split(separator: " ")[1]))
            connections.append(request.connection)
        }
    }
}
