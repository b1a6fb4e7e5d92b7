import Plans
import TestSupport
import Testing

@testable import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// A service that writes down what it is asked for, and on which connection.
struct NotingService {
    let folder: String

    init() throws {
        folder = try Scratch.folder("noting")
        Scratch.write(
            """
            import http.server, os, sys, time

            log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                disable_nagle_algorithm = True
                def do_GET(self):
                    if self.path != "/ready":
                        os.write(log, f"{self.path} {self.client_address[1]}\\n".encode())
                    if self.path == sys.argv[4]:
                        time.sleep(int(sys.argv[5]))
                    self.send_response(500 if self.path == sys.argv[3] else 200)
                    self.send_header("X-Value", "v1")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def log_message(self, *arguments):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, to: folder + "/service.py")
    }

    var log: String { folder + "/log" }

    private func arguments(_ port: String, _ failing: String, _ silent: String, seconds: Int = 60) -> [String] {
        [folder + "/service.py", port, log, failing, silent, "\(seconds)"]
    }

    /// What a plan starts it with; `failing` is the target that is answered with status 500, `silent` the one that is
    /// not answered.
    func command(failing: String = "none", silent: String = "none") -> String {
        ([Repository.python] + arguments("{port}", failing, silent)).joined(separator: " ")
    }

    /// Runs the closure while the service does, on the address it gets; it is silent for so many seconds.
    func running(
        failing: String = "none", silent: String = "none", seconds: Int = 60,
        _ body: (_ address: String) async throws -> Void
    ) async throws {
        let command = try Command(Repository.python, arguments("0", failing, silent, seconds: seconds), in: folder)
        defer {
            command.send(SIGKILL)
            _ = try? command.wait()
        }
        for _ in 0..<6000 where !command.outputSoFar().contains("\n") { try await Task.sleep(for: .milliseconds(10)) }
        try #require(command.outputSoFar().contains("\n"), "\(command.errorSoFar())")
        try await body("http://127.0.0.1:\(command.outputSoFar().prefix { $0 != "\n" })")
    }

    /// Three users; `service` and `load` are keys of the plan, and with `parts` everything has to be set up first.
    func plan(_ service: String, load: String, timeout: String = "30s", parts: Bool = true) throws -> Plan {
        let around = """
            setup: { steps: [ { name: create, get: /create, capture: { shop: { header: X-Value } } } ] }
              user-setup: { steps: [ { name: log in, get: "/login/{{shop}}", capture: { token: { header: X-Value } } } ] }
              teardown: { steps: [ { name: remove, get: "/remove/{{shop}}" } ] }
            """
        return try PlanReader.read(
            """
            version: 1
            service:
              ready: { get: /ready }
              \(service)
            load: { executor: constant-vus, users: 3, \(load) }
            scenario:
              \(parts ? around : "data: {}")
              flows: [ { name: a, steps: [ { name: use, get: "\(parts ? "/use/{{shop}}/{{token}}" : "/use")", timeout: \(timeout) } ] } ]

            """, file: "perfgate.yml", environment: [:], readFile: { _ in .failure(FileProblem(reason: "none")) })
    }

    /// What happened, without repetitions, and the connections by what they were used for.
    func events() -> (order: [String], connections: [String: Set<String>]) {
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

    /// How often the shop was removed, and what was asked for after that but for what had been on its way.
    func removals() -> (count: Int, later: Set<String>) {
        let lines = (Repository.contents(log) ?? "").split(separator: "\n").map { $0.prefix { $0 != " " } }
        let later = lines.drop { $0 != "/remove/v1" }.map(String.init)
        return (later.count { $0 == "/remove/v1" }, Set(later).subtracting(["/remove/v1", "/use/v1/v1"]))
    }

    /// Waits until the events have happened in this order, others in between or not.
    func sees(_ wanted: String...) async -> Bool {
        for _ in 0..<3000 {
            var rest = wanted[...]
            for event in events().order where event == rest.first { rest.removeFirst() }
            if rest.isEmpty { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
