import Captures
import Dispatch
import HTTPWire
import Plans
import TestSupport
import Testing

@testable import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// Whoever answers must be who is measured.
@Suite struct RunningServiceTests {
    private let files: String
    private let root = getpid()

    /// A `/proc` of one process with a descriptor for the socket 4711, and of a parent that has forked it.
    init() throws {
        files = try Scratch.folder("proc")
        for path in ["/self", "/self/net"] { mkdir(files + path, 0o755) }
        try add(root, children: "\(getppid())")
        try add(getppid(), children: "")
    }

    private func add(_ id: pid_t, children: String) throws {
        let path = "\(files)/\(id)"
        for name in ["", "/fd", "/task", "/task/\(id)"] { mkdir(path + name, 0o755) }
        Scratch.write("\(id) (a) S" + (4...24).map { " \($0)" }.joined() + "\n", to: path + "/stat")
        Scratch.write("VmHWM:\t9 kB\nVmRSS:\t8 kB\n", to: path + "/status")
        Scratch.write(children, to: path + "/task/\(id)/children")
        symlink("socket:[4711]", path + "/fd/3")
    }

    private func service(_ instrument: Instrument, listening inode: Int, and more: String = "") throws -> RunningService
    {
        let row = "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 \(inode) 1 x\n"
        Scratch.write("head\n" + row + more, to: files + "/self/net/tcp")
        let tree = ProcessTree(root: root, files: files)
        var service = RunningService(
            address: try Endpoint("http://127.0.0.1:8080"), url: "http://127.0.0.1:8080",
            connection: Service.Connection(), process: nil, tree: .success(tree), instrument: instrument)
        service.look(at: tree, door: .port(8080))
        return service
    }

    private func reason(_ service: RunningService) -> String? {
        if case .none(let reason) = service.instrument { reason } else { nil }
    }

    @Test func aServiceWithoutTheSocketIsNotTheOneThatAnswers() throws {
        let service = try service(.none("nothing looks inside"), listening: 4712)
        guard case .failure(let unknown) = service.counters() else { return #expect(Bool(false)) }
        #expect(
            unknown.reason
                == "the command started nothing that listens on port 8080, so who answers there is not known")
    }

    @Test func profilesOfSeveralProcessesAreOfNone() throws {
        let service = try service(.go(GoRuntime(base: "http://127.0.0.1:8080/debug/pprof")), listening: 4711)
        #expect(
            reason(service)
                == "2 processes of the service listen on port 8080, and profiles come from one of them at a time")
        #expect(throws: Never.self) { try service.counters().get() }
    }

    /// They may be those of a service that was left running.
    @Test func profilesThatNobodyOfTheServiceServesAreOfNone() throws {
        let service = try service(.go(GoRuntime(base: "http://127.0.0.1:8081/debug/pprof")), listening: 4711)
        #expect(
            reason(service)
                == "the command started nothing that listens on port 8081, so whose profiles those are is not known")
    }

    @Test func profilesOnAPortOfTheirOwnAreOfWhoListensThere() throws {
        unlink("\(files)/\(getppid())/fd/3")
        let second = "  1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 x\n"
        let service = try service(
            .go(GoRuntime(base: "http://127.0.0.1:8081/debug/pprof")), listening: 4711, and: second)
        #expect(reason(service) == nil)
        #expect(throws: Never.self) { try service.counters().get() }
    }

    /// A check that cannot be made has not been passed.
    @Test func whoeverCannotBeFoundOutIsNotTrusted() throws {
        let tree = ProcessTree(root: root, files: files)
        var service = RunningService(
            address: try Endpoint("http://127.0.0.1:8080"), url: "http://127.0.0.1:8080",
            connection: Service.Connection(), process: nil, tree: .success(tree),
            instrument: .none("nothing looks inside"))
        service.look(at: tree, door: .port(8080))
        guard case .failure(let unknown) = service.counters() else { return #expect(Bool(false)) }
        #expect(unknown.reason == "who listens on port 8080 cannot be found out")
    }

    // MARK: readiness

    /// Why a service that runs already never becomes ready.
    private func refusal(port: Int) async throws -> String? {
        let url = "http://127.0.0.1:\(port)"
        let service = RunningService(
            address: try Endpoint(url), url: url, connection: Service.Connection(), process: nil,
            tree: .failure("not known"),
            instrument: .none("none"))
        do {
            try await service.waitUntilReady(Service.Readiness(path: "/healthz", timeout: .milliseconds(1)))
        } catch {
            return error.message
        }
        return nil
    }

    @Test func aServiceThatDoesNotAnswerIsNotSaidToPrintNothing() async throws {
        #expect(
            try await refusal(port: 1)
                == "the service was not ready after 0.001 s: http://127.0.0.1:1/healthz did not answer (connection refused)"
        )
    }

    @Test func whatIsNoHTTPIsNamedOnce() async throws {
        let listener = try #require(Greeter())
        defer { listener.close() }
        #expect(
            try await refusal(port: listener.port)
                == "the service was not ready after 0.001 s: http://127.0.0.1:\(listener.port)/healthz did not answer "
                + "(the response does not begin with an HTTP status line (at byte 0))")
    }
}

/// Greets the first who connects, as a server of mail does.
private struct Greeter {
    let port: Int
    private let socket: Int32

    init?() {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 1) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard isBound else { return nil }
        self.socket = socket
        port = Int(address.sin_port.bigEndian)
        DispatchQueue.global().async {
            let connection = accept(socket, nil, nil)
            _ = Array("220 ready\r\n".utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
            Glibc.close(connection)
        }
    }

    func close() { Glibc.close(socket) }
}
