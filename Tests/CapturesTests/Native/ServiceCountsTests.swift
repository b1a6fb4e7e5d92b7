import ProbeReader
import Testing

@testable import Captures

/// Sums over the processes of a service.
@Suite struct ServiceCountsTests {
    private func process(_ pid: Int32) -> ProbeFile.Process {
        .init(pid: pid, startTime: 7, generation: 0, forkedFrom: nil, executable: "/bin/\(pid)")
    }

    private func counters(_ change: (inout ProbeCounters) -> Void) -> ProbeCounters {
        var result = ProbeCounters()
        change(&result)
        return result
    }

    private var counts: ServiceCounts {
        ServiceCounts(
            processes: [
                process(1): counters {
                    $0.allocations = 100
                    $0.dispatchAllocations = 10
                    $0.bytes = 4096
                    $0.dispatchBytes = 96
                    $0.liveBytes = 500
                    $0.tasksCreated = 8
                    $0.tasksCompleted = 3
                    $0.asyncLetsCreated = 4
                    $0.asyncLetsCompleted = 3
                    $0.tasksNumbered = 12
                    $0.asyncLetsAreCounted = true
                },
                process(2): counters {
                    $0.allocations = 50
                    $0.liveBytes = 1000
                    $0.tasksCreated = 1
                    $0.tasksNumbered = 1
                    $0.asyncLetsCreated = 0
                    $0.asyncLetsAreCounted = true
                },
            ], running: [process(1)])
    }

    /// What an ended process did stays done; what it had is gone.
    @Test func endedProcessesCountAndHoldNothing() {
        #expect(counts.allocations == 140)
        #expect(counts.bytes == 4000)
        #expect(counts.tasksCreated == 13)
        #expect(counts.liveBytes == 500)
        #expect(counts.unfinishedTasks == 6)
        #expect(counts.taskProblem(of: counts.processes.keys) == nil)
    }

    /// What a forked child freed of its parent's must not look like nothing at all.
    @Test func whatMakesNoSenseIsNotZero() {
        var counts = counts
        counts.processes[process(1)]?.liveBytes = -20
        #expect(counts.liveBytes == -20)
        counts.processes[process(1)]?.tasksCompleted = 50
        #expect(counts.unfinishedTasks == nil)
    }

    /// A process that was not there before counts from its own beginning.
    @Test func differences() {
        let earlier = ServiceCounts(
            processes: [process(1): counters { $0.allocations = 60 }], running: [process(1)])
        let since = counts.since(earlier)
        #expect(since.allocations == 80)
    }

    /// A child that ended shows by its faults, and where it counted by its file.
    @Test func aChildThatDidNotCountIsAGap() {
        let words = "a child of the service ended without having counted"
        var later = counts
        #expect(later.gap(since: counts) == nil)
        later.childrenFaults = [1: 60]
        #expect(later.gap(since: counts)?.hasPrefix(words) == true)
        later.processes[process(3)] = counters { $0.allocations = 5 }
        #expect(later.gap(since: counts) == nil)
        later.running.insert(process(3))
        #expect(later.gap(since: counts)?.hasPrefix(words) == true)
        // What one had seen before it ended says nothing of the others.
        var earlier = counts
        earlier.childrenFaults = [1: 60, 2: 900]
        #expect(later.gap(since: earlier) == nil)
    }

    @Test func countsThatTheRuntimeContradictsAreAProblem() {
        var counts = counts
        counts.processes[process(2)]?.tasksNumbered = 2
        #expect(counts.taskProblem(of: counts.running) == nil)
        #expect(
            counts.taskProblem(of: counts.processes.keys)
                == "/bin/2: the probe counted 1 new tasks, the Swift runtime 2")
        counts.processes[process(2)]?.asyncLetsCreated = nil
        #expect(counts.taskProblem(of: counts.processes.keys) == "/bin/2: async lets could not be told")
    }
}
