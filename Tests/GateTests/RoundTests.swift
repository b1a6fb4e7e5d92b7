import Captures
import Measures
import Plans
import Recordings
import TestSupport
import Testing

@testable import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// What a round does around its load, and in which order.
@Suite struct RoundTests {
    private let folder: String

    /// A service that writes down what it is asked for, and on which connection.
    init() throws {
        folder = try Scratch.folder("round")
        Scratch.write(
            """
            import http.server, os, sys

            log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                disable_nagle_algorithm = True
                def do_GET(self):
                    if self.path != "/ready":
                        os.write(log, f"{self.path} {self.client_address[1]}\\n".encode())
                    self.send_response(500 if self.path == sys.argv[3] else 200)
                    self.send_header("X-Value", "v1")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *arguments):
                    pass

            http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
            """, to: folder + "/service.py")
    }

    private var log: String { folder + "/log" }

    private func run(failing: String = "none", parts: Bool = true, warmup: String = "200ms") async throws {
        let python =
            getenv("PERFGATE_PYTHON").map { String(cString: $0) } ?? Repository.root + "/.build/tools/venv/bin/python"
        let around = """
            setup: { steps: [ { name: create, get: /create, capture: { shop: { header: X-Value } } } ] }
              user-setup: { steps: [ { name: log in, get: "/login/{{shop}}", capture: { token: { header: X-Value } } } ] }
              teardown: { steps: [ { name: remove, get: "/remove/{{shop}}" } ] }
            """
        let path = parts ? "/use/{{shop}}/{{token}}" : "/use"
        let command = "\(python) \(folder)/service.py {port} \(log) \(failing)"
        let plan = try PlanReader.read(
            """
            version: 1
            service:
              command: \(command)
              ready: { get: /ready }
              url: http://127.0.0.1:{port}
              capture: { native: off }
            load: { executor: constant-vus, users: 3, warmup: \(warmup), requests: 30 }
            scenario:
              \(parts ? around : "data: {}")
              flows: [ { name: a, steps: [ { name: use, get: "\(path)" } ] } ]

            """, file: "perfgate.yml", environment: [:], readFile: { _ in .failure(FileProblem(reason: "none")) })
        let log = self.log
        let runner = HalfRoundRunner(
            plan: plan, watchesLeaks: false, folder: try RunFolder(creating: folder + "/run"), seed: 1,
            listener: { event in
                guard case .phase(let phase, _, _, _) = event else { return }
                let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
                defer { close(file) }
                _ = Array("\(phase.rawValue)\n".utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            })
        let target = Target(
            description: SideDescription(role: .candidate, name: "work tree", commit: nil, command: command),
            command: command, directory: folder, url: plan.service.url, service: plan.service, symbols: NativeSymbols())
        var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
        let half = try await runner.run(
            target, port: try LoopbackPort.free(using: &ports), name: "round-1", round: 1, of: 1)
        #expect(half.load.total.completed == 30)
        #expect(half.load.steps.map(\.name) == ["use"])
        #expect(half.load.connectionsOpened == 0)
    }

    /// What happened, without repetitions, and the connections by what they were used for.
    private func events() -> (order: [String], connections: [String: Set<String>]) {
        var order: [String] = []
        var connections: [String: Set<String>] = [:]
        for line in (Repository.contents(log) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            let isRequest = line.hasPrefix("/")
            let event = String(isRequest ? words[0] : line)
            if isRequest { connections[event, default: []].insert(String(words[1])) }
            if order.last != event { order.append(event) }
        }
        return (order, connections)
    }

    @Test(arguments: ["200ms", "0s"])
    func everythingIsDoneInItsOrder(warmup: String) async throws {
        try await run(warmup: warmup)
        let (order, connections) = events()
        let warming = warmup == "0s" ? [] : ["warming up", "/use/v1/v1"]
        #expect(
            order == ["starting", "setting up", "/create", "/login/v1"] + warming
                + ["settling", "load", "/use/v1/v1", "settling", "tearing down", "/remove/v1", "stopping"])
        // Users keep the connections they were set up on.
        #expect(connections["/login/v1"]?.count == 3)
        #expect(connections["/use/v1/v1"] == connections["/login/v1"])
    }

    @Test func withoutPartsConnectionsAreNew() async throws {
        try await run(parts: false)
        let (order, connections) = events()
        #expect(order == ["starting", "warming up", "/use", "settling", "load", "/use", "settling", "stopping"])
        #expect(connections["/use"]?.count == 6)
    }

    @Test(arguments: [
        ("/create", "setup failed in the step \"create\""), ("/login/v1", "user-setup failed in the step \"log in\""),
        ("/remove/v1", "teardown failed in the step \"remove\""),
    ])
    func aPartThatFailsEndsTheRound(failing: String, reason: String) async throws {
        let error = await #expect(throws: GateError.self) { try await run(failing: failing) }
        #expect(
            error?.message
                == "candidate: the load was not delivered: \(reason): status 500, expected 200 to 399")
        #expect(error?.exitStatus == 1)
        #expect(events().order.last == failing)
    }
}
