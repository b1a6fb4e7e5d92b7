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
        // From the third field on, each is its number: 10 to 13 are the faults, 14 to 17 the times, 22 the start.
        Scratch.write("\(id) (a b) S" + (4...24).map { " \($0)" }.joined() + "\n", to: path + "/stat")
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

    /// A service that daemonises leaves its first process's descendants, and those of whoever is listed twice count once.
    @Test func whoeverWasGivenUpByItsParentIsFound() throws {
        try add(root, children: "")
        try add(child, children: "")
        try add(1, children: "\(root) \(child) ")
        let tree = ProcessTree(root: root, guardian: 1, files: folder)
        #expect(tree.counters().map(\.resident) == .success(16 * 1024))
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

    @Test func faultsAreThoseOfEndedChildrenToo() throws {
        try add(child, children: "")
        let counters = try ProcessTree(root: root, files: folder).counters().get()
        #expect(counters.minorFaults == 2 * (10 + 11))
        #expect(counters.majorFaults == 2 * (12 + 13))
    }

    // MARK: sockets

    @Test func whoListensIsKnown() throws {
        try add(child, children: "")
        for path in ["/self", "/self/net"] { mkdir(folder + path, 0o755) }
        Scratch.write(
            """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 x
               1: 0100007F:1F91 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 x

            """, to: folder + "/self/net/tcp")
        let tree = ProcessTree(root: root, files: folder)
        #expect(tree.listeners(at: .port(8080)) == [])
        symlink("socket:[4711]", "\(folder)/\(child)/fd/3")
        symlink("socket:[4712]", "\(folder)/\(child)/fd/4")
        #expect(tree.listeners(at: .port(8080)) == [child])
        // Connected, and not listening.
        #expect(tree.listeners(at: .port(8081)) == [])
        symlink("socket:[4711]", "\(folder)/\(root)/fd/9")
        #expect(tree.listeners(at: .port(8080)) == [root, child].sorted())
        unlink(folder + "/self/net/tcp")
        #expect(tree.listeners(at: .port(8080)) == nil)
    }

    @Test func whoListensOnAUnixSocketIsKnown() throws {
        try add(child, children: "")
        for path in ["/self", "/self/net"] { mkdir(folder + path, 0o755) }
        let tree = ProcessTree(root: root, files: folder)
        let door = ProcessTree.Door.socket(paths: ["s.sock", "/srv/a b/s.sock"])
        #expect(tree.listeners(at: door) == nil)
        Scratch.write(
            """
            Num       RefCount Protocol Flags    Type St Inode Path
            0000000000000000: 00000002 00000000 00010000 0001 01 4711 /srv/a b/s.sock
            0000000000000000: 00000003 00000000 00000000 0001 03 4712 /srv/a b/s.sock
            0000000000000000: 00000003 00000000 00000000 0001 03 4713
            0000000000000000: 00000002 00000000 00010000 0001 01 4714 /srv/other.sock

            """, to: folder + "/self/net/unix")
        for (place, inode) in [4712, 4713, 4714].enumerated() {
            symlink("socket:[\(inode)]", "\(folder)/\(child)/fd/\(place + 3)")
        }
        #expect(tree.listeners(at: door) == [])
        symlink("socket:[4711]", "\(folder)/\(child)/fd/9")
        #expect(tree.listeners(at: door) == [child])
    }

    // MARK: descriptors

    private func open(_ targets: String..., in id: pid_t, from first: Int = 1000) {
        for (index, target) in targets.enumerated() { symlink(target, "\(folder)/\(id)/fd/\(first + index)") }
    }

    private var kinds: [String: Int]? { ProcessTree(root: root, files: folder).descriptorKinds() }

    @Test func descriptorsAreToldByKind() throws {
        try add(child, children: "")
        open("/etc/hostname", "socket:[1]", "socket:[2]", "anon_inode:[eventpoll]", "anon_inode:inotify", in: root)
        open("/etc/hostname", "pipe:[3]", "/tmp/a (deleted)", "net:[4]", in: child)
        #expect(
            kinds == [
                "/etc/hostname": 2, "socket": 2, "pipe": 1, "eventpoll": 1, "inotify": 1, "/tmp/a (deleted)": 1,
                "net": 1,
            ])
    }

    @Test func filesUnderANameEachAreToldByTheirFolder() {
        for number in 0..<60 { open("/tmp/upload-\(number)", in: root, from: number) }
        open("/etc/hostname", in: root)
        #expect(kinds == ["/tmp/…": 60, "/etc/…": 1])
    }

    @Test func kindsAreBounded() throws {
        for number in 0..<120 { open("/tmp/\(number)/x", in: root, from: number) }
        let kinds = try #require(kinds)
        #expect(kinds.count == DescriptorKind.most)
        #expect(kinds[DescriptorKind.others] == 71)
        #expect(kinds.values.reduce(0, +) == 120)
    }

    @Test func namesOfFilesAreCleaned() {
        open("/tmp/\u{1B}[2J\n\u{202E}", "/" + String(repeating: "x", count: 1000), in: root)
        #expect(kinds == ["/tmp/\u{FFFD}[2J\u{FFFD}\u{FFFD}": 1, "/" + String(repeating: "x", count: 239) + "…": 1])
    }

    @Test func descriptorsOfNoProcessAreNotKnown() {
        unlink("\(folder)/\(root)/task/\(root)/children")
        #expect(kinds == nil)
    }

    // MARK: threads

    private func addThread(
        _ number: Int32, of id: Int32, times: String?, switches: String? = "7\nnonvoluntary_ctxt_switches:\t3"
    ) {
        let path = "\(folder)/\(id)/task/\(number)"
        mkdir(path, 0o755)
        if let times { Scratch.write(times, to: path + "/schedstat") }
        if let switches { Scratch.write("Name:\tx\nvoluntary_ctxt_switches:\t\(switches)\n", to: path + "/status") }
    }

    private var scheduling: Result<Scheduling, CaptureError> {
        ProcessTree(root: root, files: folder).scheduling()
    }

    @Test func allThreadsOfAllProcessesAreAddedUp() throws {
        try add(child, children: "")
        addThread(root, of: root, times: "900 20 5\n")
        addThread(1, of: root, times: "800 300 6\n", switches: "50\nnonvoluntary_ctxt_switches:\t0")
        addThread(child, of: child, times: "700 4000 7\n")
        #expect(
            scheduling == .success(Scheduling(queueWait: 4320, voluntarySwitches: 64, involuntarySwitches: 6)))
    }

    /// The folder is left when a thread ends between the listing and the reading.
    @Test func aThreadThatHasEndedIsNotMissed() {
        addThread(root, of: root, times: "900 20 5\n")
        addThread(1, of: root, times: "800 300 6\n", switches: nil)
        addThread(2, of: root, times: nil, switches: nil)
        #expect(scheduling == .success(Scheduling(queueWait: 20, voluntarySwitches: 7, involuntarySwitches: 3)))
    }

    /// A kernel without the file, and one with the file that does not count.
    @Test func waitingThatIsNotCountedIsNotZero() {
        let uncounted = Scheduling(queueWait: nil, voluntarySwitches: 14, involuntarySwitches: 6)
        addThread(root, of: root, times: "900 20 5\n")
        addThread(1, of: root, times: nil)
        #expect(scheduling == .success(uncounted))
        addThread(root, of: root, times: "0 0 0\n")
        addThread(1, of: root, times: "0 0 0\n")
        #expect(scheduling == .success(uncounted))
    }

    /// Waiting that was counted and is none.
    @Test func noWaitingIsZero() {
        addThread(root, of: root, times: "900 0 5\n")
        #expect(scheduling == .success(Scheduling(queueWait: 0, voluntarySwitches: 7, involuntarySwitches: 3)))
    }

    @Test(arguments: ["", "1 2\n", "1 2 3 4\n", "1 -2 3\n", "1 x 3\n", "1 99999999999999999999 3\n", "\u{0}"])
    func timesThatAreNone(times: String) {
        addThread(root, of: root, times: times)
        #expect(
            scheduling
                == .failure(
                    .file(path: "\(folder)/\(root)/task/\(root)/schedstat", reason: "is not three numbers")))
    }

    @Test(arguments: ["", "7", "7\nnonvoluntary_ctxt_switches:", "x\nnonvoluntary_ctxt_switches:\t3"])
    func switchesThatAreNone(switches: String) {
        addThread(root, of: root, times: "900 20 5\n", switches: switches)
        #expect(
            scheduling
                == .failure(
                    .file(path: "\(folder)/\(root)/task/\(root)/status", reason: "has no context switches")))
    }

    /// The largest counters are added without an end of the process.
    @Test func largestCounters() {
        addThread(root, of: root, times: "1 18446744073709551615 1\n")
        addThread(1, of: root, times: "1 2 18446744073709551615\n")
        #expect(throws: Never.self) { try scheduling.get() }
    }

    @Test func moreThreadsThanCanBeReadInTime() {
        for number in 1...4100 as ClosedRange<Int32> { addThread(100_000 + number, of: root, times: "1 1 1\n") }
        guard case .failure(.file(_, let reason)) = scheduling else {
            Issue.record("more than 4096 threads were read")
            return
        }
        #expect(reason == "not read, the service has more than 4096 threads")
    }
}
