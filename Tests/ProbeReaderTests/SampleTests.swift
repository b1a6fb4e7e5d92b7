import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Samples of processor time.
@Suite(.serialized) struct SampleTests {
    @Test(arguments: [1, 3])
    func timeGoesToWhoSpendsIt(threads: Int) throws {
        let run = try ProbedProgram("burn", ["\(threads)", "1800"], mode: .cpu)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<20_000 where run.command.outputSoFar().isEmpty { usleep(5000) }
        try #require(!run.command.outputSoFar().isEmpty)
        let file = try run.file(of: "burn")
        #expect(try file.figures()[.cpu] == .exact)
        let profile = try file.cpu()
        #expect(profile.period?.value == 1_000_000)
        #expect(profile.comments == [])
        let named = NamedProfile(profile)
        let heavy = try #require(named.values(through: "work", "heavy", "thread").last)
        let light = try #require(named.values(through: "work", "light", "thread").last)
        // All of the time is there but for what the threads need to start and to ask their clocks; three quarters of it,
        // as well as the kernel's ticks tell, in the one function.
        let spent = Int64(threads) * 2_400_000_000
        #expect((spent * 85 / 100...spent * 105 / 100).contains(heavy + light))
        #expect((0.62...0.88).contains(Double(heavy) / Double(heavy + light)))
        let samples = profile.samples.map { $0.values[0] }.reduce(0, +)
        #expect(try file.counters().samples == UInt64(samples))
    }

    /// Time of an asynchronous function belongs to those who await it.
    @Test func asyncCallers() throws {
        let folder = try Scratch.folder("probe")
        let run = try ProbedProgram("boxes-release", ["30000000", folder], mode: .cpu, in: folder)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<6000 where !run.command.outputSoFar().contains("ready") { usleep(5000) }
        let profile = try run.file(of: "boxes-release").cpu()
        let all = profile.samples.map { $0.values[1] }.reduce(0, +)
        let named = NamedProfile(profile)
        let awaited = try #require(named.values(through: "inner(_:)", "middle(_:)", "outer(_:)").last)
        #expect(all > 100_000_000)
        // A third of it is spent in the allocator, which keeps no frames.
        #expect(Double(awaited) / Double(all) > 0.9)
    }

    /// The program has its signal when it wants it, nothing of ours reaches it, and the profile says that it ends there.
    @Test(arguments: [("own", "1\n"), ("default", "0\n"), ("ignore", "0\n")])
    func programThatUsesTheSignalItself(handler: String, printed: String) throws {
        let run = try ProbedProgram("burn", ["2", "300", handler], mode: .cpu)
        let result = try run.command.wait()
        #expect(result.status == 0)
        #expect(result.output == printed)
        let reason = "the program uses the signal SIGPROF itself"
        let file = try run.file(of: "burn")
        #expect(try file.figures()[.cpu] == .unavailable(reason))
        #expect(throws: ProbeError.unavailable(.cpu, reason: reason)) { try file.cpu(modules: []) }
    }

    /// Without having been asked to, the probe takes no signal.
    @Test func onlyWhenAskedFor() throws {
        let run = try ProbedProgram("burn", ["1", "30", "own"])
        #expect(try run.command.wait().output == "1\n")
        let file = try run.file(of: "burn")
        #expect(try file.figures()[.cpu] == .unavailable("it was not asked for when the program was started"))
        #expect(try file.counters().samples == 0)
    }
}
