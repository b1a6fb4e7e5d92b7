import Measures
import Recordings
import Testing
import Verdicts

/// What voids a round: the machine, in ways fixed in advance, and never the result.
@Suite struct DisturbanceTests {
    private func reason(timed: Bool = true, _ change: (inout HalfRound) -> Void) -> String? {
        var round = Trial(.cpuPerRequest, [1e6], [1e6]).recording.rounds[0]
        for index in round.halves.indices where round.halves[index].side == .baseline { change(&round.halves[index]) }
        return Disturbance.reason(toVoid: round, timed: timed)
    }

    @Test func aQuietMachineVoidsNothing() {
        #expect(reason { _ in } == nil)
        #expect(
            reason {
                $0.environment.steal = 0.1
                $0.environment.throttled = 0.1
                $0.environment.suspended = 0.1
            } == nil)
    }

    @Test func stolenTime() {
        #expect(
            reason { $0.environment.steal = 0.25 }
                == "baseline: the hypervisor took 25 % of the processor time, more than 10 %")
    }

    @Test func throttling() {
        #expect(
            reason { $0.environment.throttled = 0.5 }
                == "baseline: the control group was throttled for 50 % of the time, more than 10 %; "
                + "lower load.rate or raise the group's processor limit")
    }

    /// Counts are the same however often the machine was interrupted, but not when connections slept through a limit.
    @Test func countsHeedOnlySleep() {
        #expect(
            reason(timed: false) {
                $0.environment.steal = 0.9
                $0.environment.throttled = 0.9
            } == nil)
        #expect(reason(timed: false) { $0.environment.suspended = 42 } == "baseline: the machine slept for 42 s")
    }

    @Test func sleep() {
        #expect(reason { $0.environment.suspended = 42 } == "baseline: the machine slept for 42 s")
    }

    /// A service that answers nothing but errors, or slowly, or not at all, has done so itself.
    @Test func theServiceVoidsNothing() {
        #expect(
            reason {
                $0.load.total.failed = $0.load.total.completed
                $0.load.total.completed = 0
                $0.values[MetricKey(.cpuPerRequest)] = 1e12
            } == nil)
    }

    @Test func atMostAQuarterOrThreeAreRepeated() {
        #expect([1, 3, 8, 13, 16, 20].map { Disturbance.allowance(rounds: $0) } == [3, 3, 3, 3, 4, 5])
    }
}
