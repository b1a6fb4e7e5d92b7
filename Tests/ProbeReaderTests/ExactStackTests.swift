import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The stack of every allocation.
@Suite(.serialized) struct ExactStackTests {
    private func ready(
        _ program: String, _ arguments: [String], mode: ProbeMode, then look: (ProbeFile) throws -> Void
    ) throws {
        let folder = try Scratch.folder("probe")
        let arguments = arguments.map { $0 == "FOLDER" ? folder : $0 }
        let run = try ProbedProgram(program, arguments, mode: mode, in: folder)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<4000 where !run.command.outputSoFar().contains("ready") { usleep(5000) }
        try #require(run.command.outputSoFar() == "ready\n", "\(run.command.errorSoFar())")
        let file = try run.file(of: program)
        _ = try PhasedProgram.still(file)
        try look(file)
    }

    @Test func everyAllocationByItsStack() throws {
        try ready("stacks", ["1000", "5"], mode: .exactStacks) { file in
            let profile = try file.allocations()
            #expect(profile.sampleTypes.map(\.type) == ["alloc_objects", "alloc_space"])
            #expect(profile.comments == [])
            let named = NamedProfile(profile)
            #expect(named.values(through: "at_depth", "left", "work") == [5000, 500_000])
            #expect(named.values(through: "at_depth", "right", "work") == [10_000, 1_000_000])
            let depth = named.samples.filter { $0.functions.first == "at_depth" }
                .map { sample in sample.functions.filter { $0 == "right" }.count }
            #expect(depth.max() == 21)
        }
    }

    /// Nothing of the probe's own stands between an allocation and who asked for it.
    @Test func whoeverAsksIsTheFirst() throws {
        try ready("stacks", ["1", "1"], mode: .exactStacks) { file in
            let kinds = NamedProfile(try file.allocations()).samples.filter { $0.functions.contains("every_kind") }
            #expect(kinds.count == 8)
            for kind in kinds { #expect(kind.functions.first == "every_kind", "\(kind.functions)") }
        }
    }

    /// What is not freed stays with the stack that made it.
    @Test func blocksThatAreStillThere() throws {
        try ready("stacks", ["1000", "5"], mode: [.exactStacks, .liveBlocks]) { file in
            let profile = try file.allocations()
            #expect(
                profile.sampleTypes.map(\.type) == ["alloc_objects", "alloc_space", "inuse_objects", "inuse_space"])
            #expect(profile.comments == [])
            let named = NamedProfile(profile)
            #expect(named.values(through: "at_depth", "left") == [5000, 500_000, 0, 0])
            #expect(named.values(through: "at_depth", "right") == [10_000, 1_000_000, 5000, 500_000])
        }
    }

    /// Only what is allocated while it is on has a stack.
    @Test func switchedOnLater() throws {
        // Tasks are asked for from the start, of a program that has none.
        try ready("stacks", ["100", "5"], mode: .liveTasks) { file in
            func repeated() throws {
                let before = try file.counters().allocations
                kill(file.process.pid, SIGUSR1)
                _ = try PhasedProgram.still(file) { $0.allocations >= before + 5 * 308 }
            }
            #expect(try file.mode() == .liveTasks)
            try file.set([.liveTasks, .exactStacks])
            #expect(try file.mode() == [.liveTasks, .exactStacks])
            #expect(try file.allocations().samples == [])
            try repeated()
            try file.set([])
            #expect(try file.mode() == [])
            try repeated()
            let named = NamedProfile(try file.allocations())
            #expect(named.values(through: "at_depth", "left", "work") == [500, 50_000])
            #expect(named.values(through: "at_depth", "right", "work") == [1000, 100_000])
        }
    }

    /// Every allocation has a stack: the profile and the counters are two counts of the same.
    @Test func profileAddsUpToTheCounters() throws {
        for program in ["boxes-release", "boxes-debug", "boxes-static"] {
            try ready(program, ["500", "FOLDER"], mode: [.exactStacks, .liveBlocks]) { file in
                let counters = try file.counters()
                let profile = try file.allocations()
                let sums = profile.samples.map(\.values).reduce([0, 0, 0, 0]) { sum, values in
                    zip(sum, values).map { $0 + $1 }
                }
                // What was allocated before the probe had a file is counted only.
                let early = Int64(counters.allocations) - sums[0]
                #expect((0..<200).contains(early))
                #expect(profile.comments == [])
            }
        }
    }

    /// An asynchronous function's callers are not on the machine's stack once it was suspended.
    @Test(arguments: ["boxes-release", "boxes-debug", "boxes-static"])
    func asyncCallers(program: String) throws {
        try ready(program, ["700", "FOLDER"], mode: [.exactStacks, .liveBlocks]) { file in
            let named = NamedProfile(try file.allocations())
            #expect(
                named.values(through: "makeBox(_:)", "inner(_:)", "middle(_:)", "outer(_:)") == [700, 700 * 24, 0, 0])
            #expect(named.values(through: "makeBox(_:)") == [700, 700 * 24, 0, 0])
        }
    }

    /// Stacks the program made itself, and a thread whose first allocation is made by the C library under a lock.
    @Test func stacksOfTheProgramsOwn() throws {
        try ready("fibers", ["100"], mode: [.exactStacks, .liveBlocks]) { file in
            let named = NamedProfile(try file.allocations())
            #expect(named.values(through: "on_fiber") == [8000, 800_000, 0, 0])
        }
    }

    /// Code that keeps no frame pointers cannot be walked through: what is missing is said, in the profile and of the figure.
    @Test func codeWithoutFramePointers() throws {
        try ready("boxes-frameless", ["700", "FOLDER"], mode: .exactStacks) { file in
            let profile = try file.allocations()
            let named = NamedProfile(profile)
            #expect(named.values(through: "makeBox(_:)") == [700, 700 * 24])
            #expect(named.values(through: "makeBox(_:)", "outer(_:)") == [])
            let comment = try #require(profile.comments.first)
            #expect(profile.comments.count == 1)
            let count = try #require(comment.split(separator: " ").first.flatMap { Int($0) })
            #expect(count >= 700)
            #expect(comment == "\(count) stacks lack functions that were built without frame pointers")
            #expect(
                try file.figures()[.asyncStacks]
                    == .unverified(
                        "\(count) stacks lack functions, because code of the program was built without frame pointers; "
                            + "the Swift package manager keeps them"))
        }
    }

    @Test func samplesOnlyFromTheStart() throws {
        try ready("stacks", ["10", "1"], mode: []) { file in
            #expect(throws: ProbeError.unavailable(.cpu, reason: "it was not asked for when the program was started")) {
                try file.set(.cpu)
            }
        }
    }
}
