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

            server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, to: folder + "/service.py")
    }

    var log: String { folder + "/log" }

    private static let python =
        getenv("PERFGATE_PYTHON").map { String(cString: $0) } ?? Repository.root + "/.build/tools/venv/bin/python"

    private func arguments(_ port: String, failing: String) -> [String] {
        [folder + "/service.py", port, log, failing]
    }

    /// What a plan starts it with; `failing` is the target that is answered with status 500.
    func command(failing: String = "none") -> String {
        ([Self.python] + arguments("{port}", failing: failing)).joined(separator: " ")
    }

    /// Runs the closure while the service does, on the address it gets.
    func running(failing: String = "none", _ body: (_ address: String) async throws -> Void) async throws {
        let command = try Command(Self.python, arguments("0", failing: failing), in: folder)
        defer {
            command.send(SIGKILL)
            _ = try? command.wait()
        }
        while !command.outputSoFar().contains("\n") { try await Task.sleep(for: .milliseconds(10)) }
        try await body("http://127.0.0.1:\(command.outputSoFar().prefix { $0 != "\n" })")
    }

    /// Three users; `service` and `load` are keys of the plan, and with `parts` everything has to be set up first.
    func plan(_ service: String, load: String, parts: Bool = true) throws -> Plan {
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
              flows: [ { name: a, steps: [ { name: use, get: "\(parts ? "/use/{{shop}}/{{token}}" : "/use")" } ] } ]

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
