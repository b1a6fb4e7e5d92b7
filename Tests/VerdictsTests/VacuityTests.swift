import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// What must never pass for a measurement: no result, half a result, or the result of nothing.
@Suite struct VacuityTests {
    private let budgets = [
        Budget.limit(.latencyP50, maxIncrease: 0.08), .limit(.cpuPerRequest, maxIncrease: 0.05, line: 2),
    ]
    private static let same = (0..<8).map { 1e6 + 1e3 * Double($0) }

    private static func trial(_ baseline: [Double]?, _ candidate: [Double]) -> Trial {
        var trial = Trial(.latencyP50, baseline, candidate)
        trial.baseline?[MetricKey(.cpuPerRequest)] = baseline
        trial.candidate[MetricKey(.cpuPerRequest)] = candidate
        return trial
    }

    private static let clean = trial(same, same.reversed())

    /// The outcome with all that is said about it.
    private func judge(_ trial: Trial) -> [String] {
        let verdict = trial.judge(budgets[0], budgets[1])
        return ["\(verdict.outcome.rawValue), \(verdict.exitStatus(failOnInconclusive: false))"] + verdict.failures
            + verdict.warnings
    }

    /// The trial that all others here differ from in one thing does pass.
    @Test func clean() {
        #expect(judge(Self.clean) == ["passed, 0"])
    }

    @Test func noRounds() {
        #expect(
            judge(Self.trial([], [])) == [
                "failed, 1", "latency.p50 has no value: no round was completed",
                "cpu.perRequest has no value: no round was completed",
            ])
    }

    @Test func allRoundsVoided() {
        var trial = Self.clean
        for round in 1...8 { trial.voided[round] = "steal" }
        #expect(
            judge(trial) == [
                "failed, 1", "latency.p50 has no value: no round was completed",
                "cpu.perRequest has no value: no round was completed",
                "8 of 8 rounds were disturbed, which is too many",
                "rounds 1, 2, 3, 4, 5, 6, 7 and 8 were voided; the last: steal",
            ])
    }

    @Test func sideWithoutValues() {
        var trial = Self.clean
        trial.candidate = [:]
        #expect(
            judge(trial) == [
                "failed, 1", "latency.p50 has no value: candidate, round 1: the round has no latency.p50",
                "cpu.perRequest has no value: candidate, round 1: the round has no cpu.perRequest",
            ])
        trial = Self.clean
        trial.baseline = [:]
        #expect(
            judge(trial) == [
                "failed, 1", "latency.p50 has no value: baseline, round 1: the round has no latency.p50",
                "cpu.perRequest has no value: baseline, round 1: the round has no cpu.perRequest",
            ])
    }

    @Test func noBaseline() {
        #expect(
            judge(Self.trial(nil, Self.same)) == [
                "failed, 1", "nothing was judged: every budget needs a baseline, and there is none to compare with",
            ])
    }

    /// A step that has another name now takes its budget with it, beside others that pass.
    @Test func renamedStep() {
        let budget = Budget.limit(.latencyP90, step: "log in", maxIncrease: 0.1, line: 3)
        let verdict = Self.clean.judge(budgets[0], budgets[1], budget)
        #expect(verdict.findings.map(\.kind) == [.pass, .pass, .missing])
        #expect(verdict.outcome == .failed)
        #expect(
            verdict.failures == [
                "latency.p90{log in} has no value: candidate, round 1: there is no step \"log in\""
            ])
    }

    @Test func unknownMetric() {
        let text = #"{ "version": 1, "budgets": { "latency.p5": { "max": "2ms" } } }"#
        let error = #expect(throws: Diagnostics.self) {
            try BudgetReader.read(text, file: "thresholds.json", steps: nil, today: "2026-11-23")
        }
        #expect(
            error?.all.map(\.text) == [
                "thresholds.json:1:30: budgets[\"latency.p5\"]: unknown metric \"latency.p5\" "
                    + "(did you mean \"latency.p50\"?)"
            ])
    }

    /// Three hundredths of what it was: no version is that much better, the work was not done.
    @Test(arguments: [Metric.cpuPerRequest, .allocationsPerRequest])
    func collapsedMetric(metric: Metric) {
        let trial = Trial(metric, Self.same, Self.same.map { 0.03 * $0 })
        let verdict = trial.judge(.limit(metric, maxIncrease: 0.05))
        #expect(verdict.findings.map(\.kind) == [.improved])
        #expect(verdict.outcome == .passed)
        #expect(verdict.warnings == ["\(metric.rawValue) fell by 97 %: did the work still run?"])
    }

    /// From nothing to nothing is no change, and from nothing to something is one of no percentage.
    @Test(arguments: [Metric.collectionPausePerRequest, .cpuPerRequest, .latencyP50])
    func zeroBaseline(metric: Metric) throws {
        let zero = [0.0, 0, 0, 0, 0, 0, 0, 0]
        let budget = Budget.limit(metric, maxIncrease: 0.05)
        #expect(Trial(metric, zero, zero).finding(budget) == "pass: within the limit")
        let trial = Trial(metric, zero, Self.same)
        #expect(trial.finding(budget) == "regressed: proven, and certainly over the limit")
        let change = try #require(trial.judge(budget).findings.first?.change)
        #expect(!change.isRelative)
        #expect(relativeError(change.estimate, 1_003_500) < 1e-9)
    }
}
