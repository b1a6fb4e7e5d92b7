import Captures
import HTTPWire
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

    private func service(_ instrument: Instrument, listening inode: Int) throws -> RunningService {
        let row = "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 \(inode) 1 x\n"
        Scratch.write("head\n" + row, to: files + "/self/net/tcp")
        let tree = ProcessTree(root: root, files: files)
        var service = RunningService(
            address: try Endpoint("http://127.0.0.1:8080"), url: "http://127.0.0.1:8080", process: nil,
            tree: .success(tree), instrument: instrument)
        service.look(at: tree)
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

    @Test func profilesOnAPortOfTheirOwnAreOfWhoListensThere() throws {
        let service = try service(.go(GoRuntime(base: "http://127.0.0.1:8081/debug/pprof")), listening: 4711)
        #expect(reason(service) == nil)
    }
}
