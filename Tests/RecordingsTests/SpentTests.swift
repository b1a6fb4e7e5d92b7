import Measures
import Testing

@testable import Recordings

/// What a service spent during the load, from two readings.
@Suite struct SpentTests {
    private func half(_ change: (inout HalfRound) -> Void = { _ in }) -> HalfRound {
        var half = Example.half()
        change(&half)
        return half
    }

    @Test func differences() {
        #expect(
            half().window.spent
                == Spent(
                    cpu: 80_000_000, queueWait: 20_000_000, voluntarySwitches: 300, involuntarySwitches: 50,
                    minorFaults: 100, majorFaults: 2))
    }

    /// Of 200 requests.
    @Test func perRequest() {
        let half = half()
        #expect(half.perRequest(\.queueWait) == 100_000)
        #expect(half.perRequest(\.voluntarySwitches) == 1.5)
        #expect(half.perRequest(\.involuntarySwitches) == 0.25)
        #expect(half.perRequest(\.minorFaults) == 0.5)
        #expect(half.perRequest(\.majorFaults) == 0.01)
        #expect(half.contention == 0.25)
    }

    @Test func nothingAsked() {
        let half = half { $0.load.total = .init(name: "") }
        #expect(half.perRequest(\.queueWait) == nil)
        #expect(half.contention == 0.25)
    }

    @Test func unread() {
        #expect(half { $0.window.start = nil }.window.spent == nil)
        #expect(half { $0.window.end = nil }.window.spent == nil)
        for change in [{ $0.window.start?.scheduling = nil }, { $0.window.end?.scheduling = nil }]
            as [(inout HalfRound) -> Void]
        {
            let half = half(change)
            #expect(half.perRequest(\.queueWait) == nil)
            #expect(half.perRequest(\.involuntarySwitches) == nil)
            #expect(half.perRequest(\.minorFaults) == 0.5)
            #expect(half.contention == nil)
        }
        let uncounted = half { $0.window.end?.scheduling?.queueWait = nil }
        #expect(uncounted.perRequest(\.queueWait) == nil)
        #expect(uncounted.perRequest(\.voluntarySwitches) == 1.5)
    }

    /// Where many threads ended, what was left of the counters may be less than it was.
    @Test func backwards() {
        let half = half { half in
            half.window.end?.scheduling = Scheduling(queueWait: 1, voluntarySwitches: 1, involuntarySwitches: 60)
            half.window.end?.minorFaults = 3999
        }
        #expect(
            half.window.spent
                == Spent(
                    cpu: 80_000_000, queueWait: nil, voluntarySwitches: nil, involuntarySwitches: 50, minorFaults: nil,
                    majorFaults: 2))
    }

    @Test func anEndedProcessTookItsCountersAway() {
        #expect(half { $0.window.end?.processes = [4712, 4713] }.window.spent == nil)
        #expect(half { $0.window.end?.processes = [4711, 4712, 4713] }.window.spent != nil)
        #expect(half { $0.window.end?.cpu = 0 }.window.spent == nil)
    }

    @Test func withoutProcessorTimeThereIsNoShare() {
        #expect(half { $0.window.end?.cpu = 1_000_000_000 }.contention == nil)
    }

    @Test func largestCounters() {
        let half = half { half in
            half.window.end?.scheduling?.queueWait = .max
            half.window.start?.scheduling?.queueWait = 0
            half.window.end?.cpu = 1_000_000_001
        }
        #expect(half.contention == Double(UInt64.max))
        #expect(half.perRequest(\.queueWait) == Double(UInt64.max) / 200)
    }
}
