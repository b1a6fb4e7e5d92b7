import ProbeReader
import Testing

/// The counts of tasks against the runtime's own.
@Suite struct TaskCheckTests {
    private func counters(
        created: UInt64, asyncLets: UInt64?, completed: UInt64 = 0, numbered: UInt64?, counted: Bool = true
    ) -> ProbeCounters {
        var result = ProbeCounters()
        result.tasksCreated = created
        result.asyncLetsCreated = asyncLets
        result.asyncLetsCompleted = completed
        result.tasksNumbered = numbered
        result.asyncLetsAreCounted = counted
        return result
    }

    @Test func agreement() {
        #expect(counters(created: 5, asyncLets: 2, numbered: 7).taskCheck == .exact)
        #expect(counters(created: 0, asyncLets: 0, numbered: 0).taskCheck == .exact)
    }

    @Test func disagreement() {
        #expect(
            counters(created: 5, asyncLets: 2, numbered: 8).taskCheck
                == .unverified("the probe counted 7 new tasks, the Swift runtime 8"))
        #expect(counters(created: 5, asyncLets: 2, numbered: 6).taskCheck.isExact == false)
    }

    @Test func nothingToCompareWith() {
        #expect(
            counters(created: 5, asyncLets: 2, numbered: nil).taskCheck
                == .unverified(
                    "the Swift runtime's own count of tasks cannot be read, so nothing confirms the probe's"))
    }

    @Test func asyncLetsToldByTheDifference() {
        func derived(_ created: UInt64, _ completed: UInt64, _ numbered: UInt64) -> ProbeAvailability {
            counters(created: created, asyncLets: nil, completed: completed, numbered: numbered, counted: false)
                .taskCheck
        }
        #expect(derived(5, 3, 8) == .exact)
        #expect(
            derived(5, 3, 9)
                == .unverified(
                    "of 9 new tasks the probe saw 5 made and 3 complete as async lets, which leaves 1 unexplained"))
        #expect(derived(5, 0, 4) == .unverified("the probe counted 5 new tasks, the Swift runtime 4"))
    }

    @Test func differences() {
        var earlier = counters(created: 2, asyncLets: 1, numbered: 3)
        earlier.liveBytes = 100
        earlier.allocations = 10
        var later = counters(created: 12, asyncLets: 4, completed: 3, numbered: 16)
        later.tasksCompleted = 6
        later.tasksDestroyed = 4
        later.liveBytes = 40
        later.allocations = 25
        later.dispatchAllocations = 5
        let difference = later.minus(earlier)
        #expect(difference.liveBytes == -60)
        #expect(difference.ownAllocations == 10)
        #expect(difference.unfinished == 4)
        #expect(difference.tasksDestroyed == 4)
        #expect(difference.taskCheck == .exact)
    }
}
