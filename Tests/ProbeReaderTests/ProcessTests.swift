import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Processes that start processes: each has its own numbers, and nobody's are lost or mixed with another's.
@Suite(.serialized) struct ProcessTests {
    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> [ProbeFile] {
        let run = try ProbedProgram("processes", arguments, environment: environment)
        let result = try run.command.wait()
        try #require(result.status == 0, "\(result.status) \(result.error)")
        return try run.files(of: "processes")
    }

    private func frees(_ files: [ProbeFile]) throws -> [UInt64] { try files.map { try $0.counters().frees } }

    /// The parent's threads allocate while it forks: its total is exact, and the children's are not in it.
    @Test func forkedChildren() throws {
        let files = try run(["fork", "20"])
        let parent = try #require(files.first { $0.process.forkedFrom == nil })
        let children = files.filter { $0.process.forkedFrom != nil }
        #expect(try parent.counters().frees == 1000 + 3 * 10_000)
        #expect(children.count == 20)
        #expect(try frees(children) == Array(repeating: 100, count: 20))
        #expect(Set(children.map(\.process.forkedFrom)) == [parent.process.pid])
    }

    @Test func childrenThatExecuteAtOnce() throws {
        let run = try ProbedProgram("processes", ["vfork", "5"])
        #expect(try run.command.wait().status == 0)
        #expect(try run.file(of: "processes").counters().frees == 1000)
        #expect(try run.files(of: "true").count == 5)
    }

    /// One process, one file for each program it was.
    @Test func programsOfOneProcess() throws {
        let files = try run(["exec", "4"])
        #expect(try frees(files) == [1000, 1000, 1000, 1000, 1000])
        #expect(Set(files.map(\.process.pid)).count == 1)
        #expect(Set(files.map(\.process.startTime)).count == 1)
        let generations = files.map(\.process.generation)
        #expect(generations == generations.sorted() && Set(generations).count == 5)
    }

    @Test func shellAround() throws {
        let program = ProbePrograms.path("processes")
        let run = try ProbedProgram(
            "/bin/sh", ["-c", "\(program) sum 500; \(program) sum 700; exec \(program) sum 900"])
        #expect(try run.command.wait().status == 0)
        #expect(try Set(frees(run.files(of: "processes"))) == [500, 700, 900])
        // The shell itself is there too, under whatever name it has here.
        let others = try ProbeFile.all(in: run.folder).compactMap { try? $0.get() }
            .filter { !$0.process.executable.hasSuffix("/processes") }
        #expect(!others.isEmpty)
    }

    /// Workers that are forked before there is work, one of which is killed.
    @Test func workers() throws {
        let files = try run(["prefork", "6"])
        let workers = files.filter { $0.process.forkedFrom != nil }
        #expect(try frees(workers) == Array(repeating: 500, count: 6))
    }

    /// More threads than there are slots: some share one, and no number is lost.
    @Test func moreThreadsThanSlots() throws {
        let nothing = try #require(run(["many", "1500", "0"]).first).counters()
        let something = try #require(run(["many", "1500", "200"]).first).counters()
        let difference = something.minus(nothing)
        #expect(difference.allocations == 300_000)
        #expect(difference.frees == 300_000)
        #expect(difference.bytes == 2_400_000)
        #expect(difference.liveBytes == 0)
    }

    /// A child the C library does not know of counts with its parent.
    @Test func childOfABareSystemCall() throws {
        let files = try run(["clone"])
        #expect(try frees(files) == [100])
    }

    @Test func killedInTheMiddle() throws {
        let run = try ProbedProgram("processes", ["hold"], mode: [.exactStacks, .liveBlocks])
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        let file = try run.file(of: "processes")
        let before = try file.counters()
        run.command.send(SIGKILL)
        #expect(try run.command.wait().status == 128 + SIGKILL)
        #expect(try file.counters() == before)
        #expect(try ProbeFile(path: file.path).counters() == before)
        #expect(before.frees == 1000)
        #expect(try file.allocations(modules: []).samples.map { $0.values[0] }.reduce(0, +) >= 1000)
        #expect(throws: ProbeError.ended(pid: file.process.pid)) { try file.modules() }
    }

    /// A process lives on without its first thread; the kernel then shows its memory by way of the others.
    @Test func firstThreadThatEnded() throws {
        let run = try ProbedProgram("processes", ["leave"], mode: .exactStacks)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        usleep(50_000)
        let file = try run.file(of: "processes")
        #expect(try file.counters().frees >= 1000)
        #expect(try file.modules().contains { $0.path == ProbePrograms.path("processes") })
        #expect(try file.allocations().samples.map { $0.values[0] }.reduce(0, +) >= 1000)
    }

    /// A program executed by the same process is not taken for the one before.
    @Test func processThatRunsAnotherProgramNow() throws {
        let program = ProbePrograms.path("processes")
        let run = try ProbedProgram("/bin/sh", ["-c", "sleep 0; exec \(program) hold"])
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        let files = try ProbeFile.all(in: run.folder).compactMap { try? $0.get() }
            .filter { $0.process.pid == run.command.processID }
        #expect(files.count == 3)
        #expect(files.map { (try? $0.modules()) != nil } == [false, false, true])
    }
}
