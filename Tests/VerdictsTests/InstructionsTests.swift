import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// A count of the hardware: exact where it is steady, tested where it is not, and only on one machine.
@Suite struct InstructionsTests {
    private let budget = Budget.limit(.instructionsPerRequest, maxIncrease: 0.01)
    private let worse = Trial(
        .instructionsPerRequest, [150_000, 150_200, 150_100], [153_000, 153_300, 153_100])

    @Test func steadyCountsAreComparedExactly() {
        #expect(worse.finding(budget) == "regressed: +3000 in every round")
        #expect(
            Trial(.instructionsPerRequest, [150_000, 150_200, 150_100], [150_900, 151_100, 150_700]).finding(budget)
                == "pass: within the limit")
    }

    /// More than half of the limit of 1 % lies between two rounds of one side.
    @Test func countsThatScatterAreTested() throws {
        let varied = Trial(
            .instructionsPerRequest, [150_000, 151_000, 150_100], [150_100, 150_900, 150_000])
        let finding = try #require(varied.judge(budget).findings.first)
        #expect(finding.demoted)
        #expect(finding.evidence == .near)
        #expect(finding.kind != .regressed)
    }

    @Test func aMissingCountIsAFailure() {
        var trial = Trial(.allocationsPerRequest, [50, 50, 50], [50, 50, 50])
        trial.absent = [.instructionsPerRequest: "this kernel is built without perf events"]
        trial.baseline?[MetricKey(.instructionsPerRequest)] = [1, 1, 1]
        let verdict = trial.judge(budget)
        #expect(verdict.outcome == .failed)
        #expect(verdict.exitStatus(failOnInconclusive: false) == 1)
        #expect(
            verdict.failures.first
                == "instructions.perRequest has no value: candidate, round 1: this kernel is built without perf events")
        // Nobody asked for it.
        #expect(trial.judge(.limit(.allocationsPerRequest, maxIncrease: 0.01)).outcome == .passed)
    }

    /// Another processor does the same work with other instructions.
    @Test func anotherMachineIsNoBaseline() {
        var trial = worse
        trial.storedOn = Trial.machine
        #expect(trial.finding(budget) == "regressed: +3000 in every round")
        trial.storedOn?.cpu = "another"
        #expect(
            trial.finding(budget)
                == "unanchored: not gated against a stored baseline (processor: another then, cpu now)")
        trial.storedOn = Trial.machine
        trial.toolchain = "go1.27.3"
        #expect(
            trial.finding(budget)
                == "unanchored: not gated against a stored baseline (toolchain: unknown then, go1.27.3 now)")
    }

    @Test func noFunctionIsNamed() {
        let attributions = Attributor(comparison: worse.comparison) { _, name in
            .failure(UnreadableProfile(reason: "\(name) was asked for"))
        }.attribute(worse.judge(budget))
        #expect(attributions.map(\.metric) == [.instructionsPerRequest])
        #expect(
            attributions.flatMap(\.notes) == [
                "Instructions are counted of the service as a whole; a budget for cpu.perRequest names functions."
            ])
        #expect(worse.judge(budget).regressedMetrics.compactMap(\.instrument) == [])
    }
}
