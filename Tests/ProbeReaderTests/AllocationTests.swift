import ProbeReader
import TestSupport
import Testing

/// Every allocation is counted, and none twice.
@Suite struct AllocationTests {
    /// What each round of the program does; the program says so itself.
    private let allocations: UInt64 = 11
    private let bytes: UInt64 = 1104

    @Test(arguments: [(1, 1, 1), (1, 1, 100_000), (8, 1, 20_000), (8, 25, 100), (1, 400, 10)] as [(Int, Int, Int)])
    func everyKindUnderThreadChurn(threads: Int, generations: Int, rounds: Int) throws {
        let nothing = try ProbedProgram.counters("allocate", ["\(threads)", "\(generations)", "0"])
        let something = try ProbedProgram.counters("allocate", ["\(threads)", "\(generations)", "\(rounds)"])
        let difference = something.minus(nothing)
        let count = UInt64(threads * generations * rounds)
        #expect(difference.allocations == allocations * count)
        #expect(difference.frees == allocations * count)
        #expect(difference.bytes == bytes * count)
        #expect(difference.liveBytes == 0)
        #expect(difference.dispatchAllocations == 0)
    }

    /// libdispatch allocates for every job that one thread hands to others; how often depends on how they meet.
    @Test(arguments: ["release", "static"]) func dispatchIsToldApart(build: String) throws {
        let folder = try Scratch.folder("probe")
        for phase in 0..<64 { Scratch.write("", to: "\(folder)/go.\(phase)") }
        let few = try ProbedProgram.counters("tasks-" + build, ["100", folder])
        let many = try ProbedProgram.counters("tasks-" + build, ["2000", folder])
        #expect(few.dispatchAllocations > 0)
        #expect(many.dispatchAllocations > few.dispatchAllocations)
        #expect(many.dispatchAllocations < many.allocations / 2)
    }
}
