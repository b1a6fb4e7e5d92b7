import Measures
import Recordings
import Testing
import Verdicts

/// What voids a round: the machine, in ways fixed in advance, and never the result.
@Suite struct DisturbanceTests {
    private func reason(_ change: (inout HalfRound) -> Void) -> String? {
        var round = Trial(.cpuPerRequest, [1e6], [1e6]).recording.rounds[0]
        for index in round.halves.indices where round.halves[index].side == .baseline { change(&round.halves[index]) }
        return Disturbance.reason(toVoid: round)
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

    @Test func atMostAQuarterIsRepeated() {
        #expect([1, 3, 4, 8, 13, 20].map { Disturbance.allowance(rounds: $0) } == [1, 1, 1, 2, 3, 5])
    }
}
