import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Whatever is wrong, the program runs as if nothing were, and the reader can tell.
@Suite(.serialized) struct SafetyTests {
    private let sum = ProbePrograms.path("processes") + " sum 500"

    /// Runs a program to its end, which must be as it would be without the probe.
    private func run(
        _ program: String = "processes", _ arguments: [String] = ["sum", "500"], mode: ProbeMode = [],
        environment: [String: String] = [:]
    ) throws -> ProbedProgram {
        let run = try ProbedProgram(program, arguments, mode: mode, environment: environment)
        let result = try run.command.wait()
        #expect(result.status == 0)
        #expect(result.error == "")
        return run
    }

    private func run(place: String) throws { _ = try run(environment: ["PERFGATE_PROBE_DIR": place]) }

    // MARK: The folder

    @Test func folderThatIsNotThere() throws {
        let missing = try Scratch.folder("probe") + "/missing"
        try run(place: missing)
    }

    /// Where others may write, a file could be another's, or be exchanged for one.
    @Test(arguments: [0o755, 0o770, 0o701, 0o722] as [mode_t])
    func folderThatIsNotPrivate(mode: mode_t) throws {
        let folder = try Scratch.folder("probe")
        chmod(folder, mode)
        try run(place: folder)
        #expect(try ProbeFile.all(in: folder).isEmpty)
    }

    @Test func folderThatIsALink() throws {
        let folder = try Scratch.folder("probe")
        let link = folder + "-link"
        #expect(symlink(folder, link) == 0)
        try run(place: link)
        #expect(try ProbeFile.all(in: folder).isEmpty)
    }

    @Test(arguments: ["", "relative/folder", "/dev/null", "/" + String(repeating: "x", count: 5000)])
    func folderThatIsNone(place: String) throws {
        try run(place: place)
    }

    /// Another user's folder is not written to even by who could.
    @Test func folderOfAnotherUser() throws {
        let folder = try Scratch.folder("probe")
        // Only the superuser can give a folder away; anybody else cannot write into one that is not his.
        let place = chown(folder, 65_534, 65_534) == 0 ? folder : "/root"
        try run(place: place)
        if place == folder { #expect(try ProbeFile.all(in: folder).isEmpty) }
    }

    // MARK: What is in it already

    /// A file of the same name is of another process that had the number before; or a trap.
    @Test func fileThatIsThereAlready() throws {
        let folder = try Scratch.folder("probe")
        let victim = try Scratch.folder("victim") + "/file"
        Scratch.write("untouched", to: victim)
        let script = """
            printf old > \(folder)/$$.2
            ln -s \(victim) \(folder)/$$.3; mkfifo \(folder)/$$.4; mkdir \(folder)/$$.5
            exec \(sum)
            """
        let run = try ProbedProgram("/bin/sh", ["-c", script], in: folder)
        #expect(try run.command.wait().status == 0)
        let file = try run.file(of: "processes")
        #expect(file.process.generation == 6)
        #expect(try file.counters().frees == 500)
        #expect(Repository.contents(victim) == "untouched")
        #expect(Repository.contents("\(folder)/\(file.process.pid).2") == "old")
        // Each of the others is named for what it is.
        let failures = try ProbeFile.all(in: folder).compactMap { result -> String? in
            if case .failure(let error) = result { error.message } else { nil }
        }
        let place = "\(folder)/\(file.process.pid)"
        #expect(failures.count == 4)
        #expect(failures.contains("\(place).2: a probe's file does not have 3 bytes"))
        #expect(failures.contains("\(place).3: Too many levels of symbolic links"))
        #expect(failures.contains("\(place).4: not a regular file"))
        #expect(failures.contains("\(place).5: Is a directory"))
    }

    // MARK: No room

    /// There is no room for the file at all: no file, no figures, and the program does not notice.
    @Test func fullFileSystem() throws {
        let run = try run("processes", ["sum", "500"], environment: environmentWithRoom(0))
        #expect(try ProbeFile.all(in: run.folder).isEmpty)
    }

    private func environmentWithRoom(_ bytes: Int) throws -> [String: String] {
        [
            "LD_PRELOAD": ProbePrograms.path("no-room") + ":" + ProbePrograms.library,
            "NO_ROOM_AFTER": "\(bytes)",
        ]
    }

    /// Room for the first threads only: the others share what there is, and every allocation is counted.
    @Test func roomForTheFirstThreads() throws {
        let nothing = try run("processes", ["many", "300", "0"], environment: environmentWithRoom(8192))
        let something = try run("processes", ["many", "300", "100"], environment: environmentWithRoom(8192))
        let difference = try something.file(of: "processes").counters().minus(nothing.file(of: "processes").counters())
        #expect(difference.allocations == 30_000)
        #expect(difference.frees == 30_000)
    }

    /// No room for what was asked for beyond counting: that alone is missing, and says so.
    @Test func roomForCountingOnly() throws {
        let run = try run(
            mode: [.exactStacks, .liveBlocks, .liveTasks, .cpu], environment: environmentWithRoom(500_000))
        let file = try run.file(of: "processes")
        #expect(try file.counters().frees == 500)
        let reason = ProbeAvailability.unavailable("there was no room for it in the probe's folder")
        let figures = try file.figures()
        #expect(figures[.allocations] == .exact)
        #expect(figures[.exactStacks] == reason)
        #expect(figures[.cpu] == reason)
        #expect(try file.mode() == [])
    }

    /// Room for the table of stacks and for no frames: every stack is lost, and counted as lost.
    @Test func roomForNoFrames() throws {
        let run = try run(mode: .exactStacks, environment: environmentWithRoom(2_363_392))
        let file = try run.file(of: "processes")
        #expect(try file.figures()[.exactStacks] == .exact)
        let profile = try file.allocations(modules: [])
        #expect(profile.samples == [])
        #expect(profile.comments == ["500 allocations were made whose stacks had no place"])
    }

    /// A limit on files would be a fatal signal at the first write beyond it.
    @Test func limitOnTheSizeOfFiles() throws {
        let run = try run("/bin/sh", ["-c", "ulimit -f 100; exec \(sum)"])
        #expect(try run.files(of: "processes").isEmpty)
    }

    @Test func limitOnMemory() throws {
        let run = try run("/bin/sh", ["-c", "ulimit -v 20000; exec \(sum)"])
        #expect(try run.files(of: "processes").isEmpty)
    }

    @Test func limitOnOpenFiles() throws {
        let run = try run("/bin/sh", ["-c", "ulimit -n 4; exec \(sum)"])
        #expect(try run.files(of: "processes").isEmpty)
    }

    // MARK: Allocators

    /// An allocator linked into the program answers before anybody is asked.
    @Test func programWithItsOwnAllocator() throws {
        let run = try run("own-malloc", [])
        let file = try run.file(of: "own-malloc")
        let reason = ProbeAvailability.unavailable(
            "the program's malloc is its own, or that of a library preloaded before the probe, and does not pass by it")
        let figures = try file.figures()
        for figure in [.allocations, .liveBytes, .dispatchSplit, .exactStacks] as [ProbeFigure] {
            #expect(figures[figure] == reason)
        }
        #expect(throws: ProbeError.self) { try file.allocations(modules: []) }
    }

    /// One that only passes on what it is asked asks the probe in its turn, which must not ask it again.
    @Test func programThatWrapsItsAllocator() throws {
        let run = try run("wrapping", [])
        #expect(try run.file(of: "wrapping").figures()[.allocations]?.isExact == false)
    }

    /// Another allocator, preloaded behind: the program gets its blocks from that one, and all are counted.
    @Test func anotherAllocatorBehind() throws {
        let behind = ["LD_PRELOAD": ProbePrograms.library + ":libjemalloc.so.2"]
        let nothing = try ProbedProgram.counters("allocate", ["4", "5", "0"], environment: behind)
        let something = try ProbedProgram.counters("allocate", ["4", "5", "1000"], environment: behind)
        let difference = something.minus(nothing)
        #expect(difference.allocations == 11 * 20_000)
        #expect(difference.frees == 11 * 20_000)
        #expect(difference.bytes == 1104 * 20_000)
        let run = try run("allocate", ["1", "1", "1"], environment: behind)
        #expect(try run.file(of: "allocate").allocator == "libjemalloc.so.2")
        // What it takes from the system it hands out through malloc.
        #expect(try run.file(of: "allocate").figures()[.liveBytes] == .exact)
        let usual = try self.run("allocate", ["1", "1", "1"])
        #expect(try usual.file(of: "allocate").allocator == "libc.so.6")
    }

    /// What is live in memory of the program's own is not known, so that of malloc is no measure of its growth.
    @Test(arguments: [("4096", true), ("1048576", false)])
    func memoryOfTheProgramsOwn(bytes: String, isExact: Bool) throws {
        let run = try ProbedProgram("processes", ["maps", bytes])
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        let figures = try run.file(of: "processes").figures()
        #expect(figures[.liveBytes]?.isExact == isExact)
        #expect(isExact || figures[.liveBytes]?.reason?.contains("hands it out without malloc") == true)
        #expect(figures[.allocations] == .exact)
    }

    /// The interpreter the tests are prepared with keeps its small objects in memory of its own.
    @Test func anInterpreter() throws {
        let python = "/usr/bin/python3"
        let run = try ProbedProgram(python, ["-c", "print(sum(range(10)))"])
        let result = try run.command.wait()
        #expect(result.status == 0 && result.output == "45\n")
        let files = try ProbeFile.all(in: run.folder).compactMap { try? $0.get() }
            .filter { $0.process.executable.contains("/python3") }
        #expect(try files.count == 1 && files[0].figures()[.liveBytes]?.isExact == false)
    }

    @Test func anotherAllocatorInFront() throws {
        let front = ["LD_PRELOAD": "libjemalloc.so.2:" + ProbePrograms.library]
        let run = try run("allocate", ["1", "1", "1"], environment: front)
        #expect(try run.file(of: "allocate").figures()[.allocations]?.isExact == false)
    }

    // MARK: The process

    /// No file stays open, and no signal has a handler that the program did not set.
    @Test func nothingIsLeftInTheProcess() throws {
        let run = try ProbedProgram("processes", ["hold"], mode: [.exactStacks, .liveBlocks, .liveTasks])
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        let pid = run.command.processID
        // The standard streams are files of another folder; what else is open was passed on by this process.
        let open = try Command("/bin/ls", ["-l", "/proc/\(pid)/fd"], in: "/").wait().output
        #expect(open.contains("/command."))
        #expect(!open.contains("/probe."))
        let status = try #require(Repository.contents("/proc/\(pid)/status"))
        #expect(status.split(separator: "\n").contains("SigCgt:\t0000000000000000"))
    }

    /// A program that is started without a folder is left alone.
    @Test func withoutAFolder() throws {
        let command = try Command(
            ProbePrograms.path("processes"), ["many", "8", "1000"], in: "/",
            environment: ["LD_PRELOAD": ProbePrograms.library])
        #expect(try command.wait().status == 0)
    }

    @Test(arguments: ["x", "-1", "99999999999999999999", "", "3 "])
    func senselessMode(text: String) throws {
        let run = try run(environment: ["PERFGATE_PROBE_MODE": text])
        #expect(try run.file(of: "processes").counters().frees == 500)
        #expect(try run.file(of: "processes").mode() == [])
    }
}
