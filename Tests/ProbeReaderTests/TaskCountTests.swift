import ProbeReader
import TestSupport
import Testing

/// Tasks made in every way there is, compared with the truth for equality, in every kind of build.
@Suite(.serialized) struct TaskCountTests {
    private func expectTruth(_ phases: [PhasedProgram.Phase]) {
        #expect(phases.count == 31)
        for phase in phases {
            let counted = phase.counted
            #expect(counted.tasksCreated == phase.created, "\(phase.name)")
            #expect(counted.asyncLetsCreated == phase.asyncLets, "\(phase.name)")
            #expect(counted.tasksCompleted + counted.asyncLetsCompleted == phase.completed, "\(phase.name)")
            #expect(counted.asyncLetsCompleted == phase.asyncLets, "\(phase.name)")
            #expect(counted.tasksDestroyed == phase.destroyed, "\(phase.name)")
        }
    }

    private func expectConfirmed(_ phases: [PhasedProgram.Phase]) {
        for phase in phases {
            #expect(phase.counted.asyncLetsAreCounted)
            #expect(phase.counted.taskCheck == .exact, "\(phase.name)")
        }
    }

    private let figures: [ProbeFigure] = [.tasksCreated, .tasksCompleted, .tasksDestroyed, .asyncLets, .taskLayout]

    @Test(arguments: [
        ("tasks-release", 100), ("tasks-release", 20_000), ("tasks-debug", 1000), ("tasks-static", 1000),
        ("tasks-static", 20_000), ("tasks-stripped", 1000),
    ])
    func everyWayToMakeTasks(program: String, count: Int) throws {
        let phases = try PhasedProgram.phases(program, count: count) { file in
            let available = try file.figures()
            for figure in figures { #expect(available[figure] == .exact, "\(figure)") }
        }
        expectTruth(phases)
        expectConfirmed(phases)
    }

    /// Listing live tasks with their stacks changes none of the numbers.
    @Test(arguments: ["tasks-release", "tasks-static"])
    func whileLiveTasksAreListed(program: String) throws {
        let phases = try PhasedProgram.phases(program, count: 1000, mode: [.liveTasks, .exactStacks])
        expectTruth(phases)
        expectConfirmed(phases)
    }

    /// The runtime's own number is gone with the process; what it was at the end is in the file.
    @Test(arguments: ["tasks-release", "tasks-static"])
    func programThatHasEnded(program: String) throws {
        let folder = try Scratch.folder("probe")
        for number in 0..<32 { Scratch.write("", to: "\(folder)/go.\(number)") }
        let run = try ProbedProgram(program, ["50", folder], in: folder)
        #expect(try run.command.wait().status == 0)
        let counters = try run.file(of: program).counters()
        #expect(counters.tasksNumbered != nil)
        #expect(counters.taskCheck == .exact)
        // The phases make 20 tasks and 6 async lets for each operation; all but two of them were also run with two
        // operations before, to have everything warm. One is the program itself.
        #expect(counters.tasksCreated == 20 * 50 + 18 * 2 + 1)
        #expect(counters.asyncLetsCreated == 6 * (50 + 2))
    }

    /// The runtime's own number has no name any more; all that is seen from inside is still there.
    @Test func runtimeWithoutSymbols() throws {
        let folder = ProbePrograms.path("stripped-runtime")
        let libraries = try #require(Repository.contents("/proc/self/maps")).split(separator: "\n")
            .first { $0.hasSuffix("/libswift_Concurrency.so") }?.split(separator: " ").last?.split(separator: "/")
            .dropLast().joined(separator: "/")
        let runtime = "/" + (try #require(libraries))
        let phases = try PhasedProgram.phases(
            "tasks-release", count: 1000, environment: ["LD_LIBRARY_PATH": folder + ":" + runtime])
        expectTruth(phases)
        for phase in phases {
            #expect(
                phase.counted.taskCheck
                    == .unverified(
                        "the Swift runtime's own count of tasks cannot be read, so nothing confirms the probe's"))
        }
    }

    /// Nothing is left by which a task could be told from another object: the figures say so, and nothing is guessed.
    @Test func programWithoutSymbols() throws {
        let reason = ProbeAvailability.unavailable(
            "the Swift runtime of the program has no symbols; keep those of the executable (do not strip it)")
        _ = try PhasedProgram.phases("tasks-static-stripped", count: 10) { file in
            let available = try file.figures()
            for figure in figures + [.asyncStacks, .liveTasks, .dispatchSplit] { #expect(available[figure] == reason) }
            #expect(available[.allocations] == .exact)
        }
    }

    @Test func programWithoutSwift() throws {
        let run = try ProbedProgram("allocate", ["1", "1", "1"])
        #expect(try run.command.wait().status == 0)
        let available = try run.file(of: "allocate").figures()
        let reason = ProbeAvailability.unavailable("the program had no Swift concurrency runtime when it started")
        for figure in figures + [.asyncStacks, .liveTasks] { #expect(available[figure] == reason) }
        #expect(available[.dispatchSplit] == .unavailable("the program does not use libdispatch"))
        #expect(available[.allocations] == .exact)
        #expect(available[.liveBytes] == .exact)
    }
}
