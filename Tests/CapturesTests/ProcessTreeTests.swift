import Captures
import Recordings
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What a kernel may leave out of `/proc`, shown by a folder that looks like it.
@Suite struct ProcessTreeTests {
    private let folder: String
    private let root = getpid()
    private let child = getppid()

    init() throws {
        folder = try Scratch.folder("proc")
        try add(root, children: "\(child) ")
    }

    private func add(_ id: pid_t, children: String?) throws {
        let path = "\(folder)/\(id)"
        for name in ["", "/fd", "/task", "/task/\(id)"] { mkdir(path + name, 0o755) }
        Scratch.write("\(id) (a b) S" + String(repeating: " 1", count: 20) + "\n", to: path + "/stat")
        Scratch.write("VmHWM:\t9 kB\nVmRSS:\t8 kB\n", to: path + "/status")
        if let children { Scratch.write(children, to: path + "/task/\(id)/children") }
    }

    private var resident: Result<UInt64, CaptureError> {
        ProcessTree(root: root, files: folder).counters().map(\.resident)
    }

    @Test func allProcessesAreAddedUp() throws {
        try add(child, children: "")
        #expect(resident == .success(16 * 1024))
    }

    @Test func aChildThatHasEndedIsNotMissed() throws {
        try add(child, children: "")
        unlink("\(folder)/\(child)/status")
        #expect(resident == .success(8 * 1024))
    }

    /// Its processor time would be missing from a sum that looks like a measurement.
    @Test func aChildThatLivesButCannotBeReadIsAFailure() throws {
        try add(child, children: "")
        rmdir("\(folder)/\(child)/fd")
        #expect(resident == .failure(.file(path: "\(folder)/\(child)/fd", reason: "cannot be read")))
    }

    /// Kernels without the list would let a shell stand for the service it started.
    @Test func withoutAListOfChildrenNothingIsKnown() {
        let list = "\(folder)/\(root)/task/\(root)/children"
        unlink(list)
        #expect(
            resident == .failure(.file(path: list, reason: "cannot be read, so the service's processes are not known")))
        #expect(ProcessTree(root: root, files: folder).threads() == nil)
    }
}
