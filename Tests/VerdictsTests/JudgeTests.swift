import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// From findings to a verdict, and what must never pass.
@Suite struct JudgeTests {
    private let allocations = Budget.limit(.allocationsPerRequest, maxIncrease: 0.01, floor: 0.5)
    private let clean = Trial(.allocationsPerRequest, [50, 50, 50], [50, 50, 50])
    private let worse = Trial(.allocationsPerRequest, [50, 50, 50], [60, 60, 60])

    // MARK: outcomes and exit statuses

    @Test func passed() {
        let verdict = clean.judge(allocations)
        #expect(verdict.outcome == .passed)
        #expect(verdict.failures == [])
        #expect(verdict.warnings == [])
        #expect(verdict.exitStatus(failOnInconclusive: false) == 0)
        #expect(verdict.exitStatus(failOnInconclusive: true) == 0)
    }

    @Test func regressed() {
        let verdict = worse.judge(allocations)
        #expect(verdict.outcome == .regressed)
        #expect(verdict.exitStatus(failOnInconclusive: false) == 2)
        #expect(verdict.exitStatus(failOnInconclusive: true) == 2)
    }

    @Test func inconclusive() {
        let scattering: [Double] = [50, 50, 100, 50, 100, 50, 100, 50]
        let verdict = Trial(.allocationsPerRequest, Array(repeating: 50, count: 8), scattering).judge(allocations)
        #expect(verdict.outcome == .inconclusive)
        #expect(verdict.exitStatus(failOnInconclusive: false) == 0)
        #expect(verdict.exitStatus(failOnInconclusive: true) == 3)
    }

    /// What so few rounds can never decide is no doubt that a user may choose to live with.
    @Test func tooFewRounds() {
        let verdict = Trial(.allocationsPerRequest, [50, 50], [60, 60]).judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["allocations.perRequest cannot be judged in 2 rounds: it takes at least 3"])
    }

    @Test func failed() {
        var trial = clean
        trial.failure = "round 3, candidate: the service ended with signal 11"
        let verdict = trial.judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["round 3, candidate: the service ended with signal 11"])
        #expect(verdict.exitStatus(failOnInconclusive: false) == 1)
        #expect(verdict.exitStatus(failOnInconclusive: true) == 1)
    }

    /// A run that was cut short is no judgement, whatever its first rounds look like.
    @Test func regressedAndFailed() {
        var trial = worse
        trial.failure = "interrupted"
        let verdict = trial.judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["interrupted"])
        #expect(verdict.findings.contains { $0.kind == .regressed })
    }

    @Test func onlyErrorsFail() {
        var warning = allocations
        warning.severity = .warn
        let verdict = worse.judge(warning, .limit(.allocationsPerRequest, max: 1000, line: 2))
        #expect(verdict.findings.map(\.kind) == [.regressed, .pass])
        #expect(verdict.outcome == .passed)
    }

    @Test func everyLimitIsAFinding() {
        let verdict = clean.judge(
            .limit(.allocationsPerRequest, max: 100, min: 1, maxIncrease: 0.1, maxDecrease: 0.1))
        #expect(
            verdict.findings.map(\.limit) == [
                .maximum(100), .minimum(1), .maximumIncrease(0.1), .maximumDecrease(0.1),
            ])
        #expect(verdict.findings.map(\.kind) == [.pass, .pass, .pass, .pass])
    }

    // MARK: what must never pass

    @Test func nothingGated() {
        let verdict = clean.judge()
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["no budget with severity error: nothing was gated"])
        var warning = allocations
        warning.severity = .warn
        #expect(clean.judge(warning).failures == ["no budget with severity error: nothing was gated"])
    }

    @Test func nothingToCompareWith() {
        let verdict = Trial(.allocationsPerRequest, nil, [50, 50, 50]).judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(
            verdict.failures == ["nothing was judged: every budget needs a baseline, and there is none to compare with"]
        )
    }

    /// Nothing differs from itself, so this would pass whatever was measured.
    @Test func comparedWithItself() {
        let run = worse.recording
        let verdict = Judge.judge(
            Comparison(candidate: .init(run, .candidate), baseline: .init(run, .candidate)),
            budgets: Budgets(all: [allocations], source: ""))
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["the candidate of one run was compared with itself"])
    }

    @Test func noRounds() {
        let verdict = Trial(.allocationsPerRequest, [], []).judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(verdict.failures == ["allocations.perRequest has no value: no round was completed"])
    }

    /// What no run would have passed on, a file may not either.
    @Test func moreVoidedRoundsThanAllowed() {
        var trial = Trial(.allocationsPerRequest, Array(repeating: 50, count: 8), Array(repeating: 50, count: 8))
        trial.voided = [1: "steal", 2: "steal", 3: "steal", 4: "steal"]
        #expect(trial.judge(allocations).failures == ["4 of 8 rounds were disturbed, which is too many"])
        #expect(trial.judge(allocations).outcome == .failed)
    }

    @Test func aBudgetForErrorsThatJudgesNothingAllowsNone() {
        var trial = Trial(.errorsRate, nil, [1, 1, 1])
        trial.failed = 1000
        let verdict = trial.judge(
            .limit(.errorsRate, maxIncrease: 0.1, floor: 0.001), .limit(.errorsRate, max: 1, severity: .warn, line: 2))
        #expect(
            verdict.failures.first
                == "3000 of 3000 requests to the candidate failed (most: status 500); a budget for errors.rate can "
                + "allow it")
        #expect(verdict.outcome == .failed)
    }

    @Test func allRoundsVoided() {
        var trial = clean
        trial.voided = [1: "steal", 2: "steal", 3: "steal"]
        let verdict = trial.judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(
            verdict.failures == ["allocations.perRequest has no value: no round was completed"])
        #expect(verdict.warnings == ["rounds 1, 2 and 3 were voided; the last: steal"])
    }

    @Test func metricMissingInTheCandidate() {
        var trial = clean
        trial.candidate = [:]
        trial.rounds = 3
        trial.absent = [.allocationsPerRequest: "no instrument counts allocations of this service"]
        #expect(
            trial.finding(allocations)
                == "missing: candidate, round 1: no instrument counts allocations of this service")
        #expect(trial.judge(allocations).outcome == .failed)
    }

    @Test func metricMissingInOneRoundOfTheBaseline() {
        let trial = Trial(.allocationsPerRequest, [50, 50], [50, 50, 50])
        #expect(trial.finding(allocations) == "missing: baseline, round 3: the round has no allocations.perRequest")
    }

    /// A value that is missing is no pass, even where it could only have warned.
    @Test func missingWarning() {
        let verdict = clean.judge(allocations, .limit(.cpuPerRequest, max: 1, severity: .warn, line: 2))
        #expect(verdict.findings.map(\.kind) == [.pass, .missing])
        #expect(verdict.outcome == .failed)
    }

    @Test func renamedStep() {
        #expect(
            clean.finding(.limit(.latencyP50, step: "lst", max: 1))
                == "missing: candidate, round 1: there is no step \"lst\"")
        #expect(
            clean.finding(.limit(.latencyP50, step: "list", max: 1))
                == "missing: candidate, round 1: no request of step \"list\" was made")
    }

    @Test func halfARoundIsNoRound() {
        var recording = clean.recording
        recording.rounds[1].halves.removeAll { $0.side == .baseline }
        let verdict = Judge.judge(Comparison(recording), budgets: Budgets(all: [allocations], source: ""))
        #expect(verdict.failures == ["allocations.perRequest has no value: round 2 has only one side"])
    }

    @Test func deadService() {
        var trial = clean
        trial.failed = 1000
        let verdict = trial.judge(allocations)
        #expect(verdict.outcome == .failed)
        #expect(
            verdict.failures == [
                "3000 of 3000 requests to the candidate failed (most: status 500); a budget for errors.rate can allow it"
            ])
    }

    /// Whoever fails before the work is done is no faster.
    @Test func nothingImprovesByFailing() {
        var trial = Trial(.allocationsPerRequest, [60, 60, 60], [50, 50, 50])
        let allowed = Budget.limit(.errorsRate, max: 0.35, line: 2)
        trial.baseline?[MetricKey(.errorsRate)] = [0, 0, 0]
        trial.candidate[MetricKey(.errorsRate)] = [0.3, 0.3, 0.3]
        #expect(trial.judge(allocations, allowed).findings.map(\.kind) == [.improved, .pass])
        trial.failed = 300
        let verdict = trial.judge(allocations, allowed)
        #expect(verdict.findings.map(\.kind) == [.pass, .pass])
        #expect(verdict.findings[0].reason == "better, while more requests failed")
        #expect(
            verdict.warnings == [
                "30 % of the requests to the candidate failed, 0 % of those to the baseline: failing can be faster and cost "
                    + "less than serving"
            ])
        // The other way round it is one.
        trial.failed = 0
        trial.baselineFailed = 1
        #expect(trial.judge(allocations, allowed).findings[0].kind == .improved)
    }

    @Test func requestsThatWereNeverMade() {
        var recording = clean.recording
        recording.rounds[0].halves[0].load.skipped = 100
        recording.rounds[1].halves[0].load.skipped = 20
        let verdict = Judge.judge(Comparison(recording), budgets: Budgets(all: [allocations], source: ""))
        #expect(
            verdict.warnings == [
                "120 requests to the candidate were never made, because one before in the flow had failed"
            ])
    }

    @Test func oneAddressAgainstItself() {
        var recording = clean.recording
        for side in recording.sides.indices { recording.sides[side].name = "http://127.0.0.1:8080" }
        let verdict = Judge.judge(Comparison(recording), budgets: Budgets(all: [allocations], source: ""))
        #expect(verdict.warnings == ["both sides are the same address: nothing but the machine was compared"])
    }

    @Test func deadBaseline() {
        var trial = clean
        trial.baselineFailed = 3
        #expect(
            trial.judge(allocations).failures == ["9 of 3000 requests to the baseline failed (most: status 500)"])
        trial.baselineFailed = 1
        #expect(trial.judge(allocations).outcome == .passed)
    }

    /// A stored run's candidate can be the baseline now, and is called so.
    @Test func baselineThatWasACandidate() {
        var trial = clean
        trial.failed = 500
        var stored = trial.recording
        stored.id = "stored"
        let comparison = Comparison(
            candidate: .init(clean.recording, .candidate), baseline: .init(stored, .candidate))
        let verdict = Judge.judge(comparison, budgets: Budgets(all: [allocations], source: ""))
        #expect(verdict.failures == ["1500 of 3000 requests to the baseline failed (most: status 500)"])
        stored.rounds[0].halves[0].values = [:]
        let missing = Judge.judge(
            Comparison(candidate: .init(clean.recording, .candidate), baseline: .init(stored, .candidate)),
            budgets: Budgets(all: [allocations], source: ""))
        #expect(missing.findings.first?.reason == "baseline, round 1: the round has no allocations.perRequest")
    }

    /// With a budget for errors the candidate's errors are its business, and the baseline is allowed as many.
    @Test func budgetForErrors() {
        var trial = clean
        trial.failed = 20
        trial.baselineFailed = 20
        trial.candidate[MetricKey(.errorsRate)] = [0.02, 0.02, 0.02]
        trial.baseline?[MetricKey(.errorsRate)] = [0.02, 0.02, 0.02]
        #expect(trial.judge(allocations, .limit(.errorsRate, max: 0.05, line: 2)).outcome == .passed)
        let strict = trial.judge(allocations, .limit(.errorsRate, max: 0.01, line: 2))
        #expect(strict.outcome == .regressed)
        #expect(strict.failures == ["60 of 3000 requests to the baseline failed (most: status 500)"])
    }

    @Test func failedBaselineRun() {
        var trial = clean
        trial.storedOn = Trial.machine
        trial.storedFailure = "interrupted"
        #expect(trial.judge(allocations).failures == ["the baseline's run failed: interrupted"])
    }

    // MARK: warnings

    /// What holds without a baseline passes; that the rest was not judged must be seen.
    @Test func relativeBudgetsWithoutABaseline() {
        let trial = Trial(.allocationsPerRequest, nil, [50, 50, 50])
        let maximum = Budget.limit(.allocationsPerRequest, max: 100, line: 2)
        let verdict = trial.judge(allocations, maximum)
        #expect(verdict.outcome == .passed)
        #expect(
            verdict.warnings == [
                "there is no baseline, so that nothing was compared for allocations.perRequest; give one with --base, "
                    + "--base-command, --base-url or --baseline"
            ])
        #expect(trial.judge(maximum).warnings == [])
        // The failure says it already.
        #expect(trial.judge(allocations).warnings == [])
    }

    @Test func manyRelativeBudgetsWithoutABaseline() {
        var trial = Trial(.allocationsPerRequest, nil, [50, 50, 50])
        let metrics: [Metric] = [
            .cpuPerRequest, .memoryPeakRSS, .tasksPeak, .throughput, .latencyP50, .latencyP90, .latencyP99,
        ]
        for metric in metrics { trial.candidate[MetricKey(metric)] = [1, 1, 1] }
        let budgets = metrics.map { Budget.limit($0, maxIncrease: 0.1) }
        let verdict = Judge.judge(
            trial.comparison,
            budgets: Budgets(all: budgets + [.limit(.allocationsPerRequest, max: 100, line: 2)], source: ""))
        #expect(
            verdict.warnings == [
                "there is no baseline, so that nothing was compared for cpu.perRequest, memory.peakRSS, tasks.peak, "
                    + "throughput, latency.p50 and 2 more; give one with --base, --base-command, --base-url or --baseline"
            ])
    }

    @Test func collapsedMetric() {
        let verdict = Trial(.allocationsPerRequest, [50, 50, 50], [1.5, 1.5, 1.5]).judge(allocations)
        #expect(verdict.outcome == .passed)
        #expect(verdict.warnings == ["allocations.perRequest fell by 97 %: did the work still run?"])
        #expect(Trial(.allocationsPerRequest, [50, 50, 50], [26, 26, 26]).judge(allocations).warnings == [])
    }

    @Test func otherCircumstances() {
        var trial = clean
        trial.storedOn = Trial.machine
        trial.storedOn?.kernel = "6.6"
        #expect(
            trial.judge(allocations).warnings == ["the baseline is of other circumstances (kernel: 6.6 then, 6.1 now)"])
    }

    @Test func otherToolchain() {
        var trial = clean
        trial.storedOn = Trial.machine
        func warnings(_ then: String?, _ now: String?) -> [String] {
            trial.storedToolchain = then
            trial.toolchain = now
            return trial.judge(allocations).warnings
        }
        #expect(warnings("go1.26.1", "go1.26.1") == [])
        #expect(warnings(nil, nil) == [])
        #expect(
            warnings("go1.26.1", "go1.27.3")
                == ["the baseline is of other circumstances (toolchain: go1.26.1 then, go1.27.3 now)"])
        #expect(
            warnings(nil, "go1.27.3")
                == ["the baseline is of other circumstances (toolchain: unknown then, go1.27.3 now)"])
        #expect(
            warnings("go1.26.1", nil)
                == ["the baseline is of other circumstances (toolchain: go1.26.1 then, unknown now)"])
    }

    // MARK: accepted costs

    @Test func accepted() {
        var budget = allocations
        budget.accepted = .init(upTo: 0.25, until: "2026-11-23", reason: "checksum")
        #expect(worse.finding(budget) == "accepted: accepted up to +25.0 % until 2026-11-23: checksum")
        #expect(worse.judge(budget).outcome == .passed)
    }

    @Test func acceptedLessThanThis() {
        var budget = allocations
        budget.accepted = .init(upTo: 0.15, until: "2027-01-31", reason: "checksum")
        #expect(worse.finding(budget) == "regressed: +10 in every round")
    }

    @Test func acceptedUntilYesterday() {
        var budget = allocations
        budget.accepted = .init(upTo: 0.25, until: "2026-11-22", reason: "checksum")
        #expect(worse.judge(budget).outcome == .regressed)
    }

    @Test func acceptedDecrease() {
        let trial = Trial(
            .throughput, [500, 502, 498, 501, 499, 500, 503, 497], [450, 451, 449, 452, 448, 450, 451, 449])
        var budget = Budget.limit(.throughput, maxDecrease: 0.05)
        #expect(trial.judge(budget).outcome == .regressed)
        budget.accepted = .init(upTo: 0.12, until: "2027-01-31", reason: "stronger checksum")
        #expect(trial.finding(budget) == "accepted: accepted up to −12.0 % until 2027-01-31: stronger checksum")
        budget.accepted?.upTo = 0.09
        #expect(trial.judge(budget).outcome == .regressed)
    }

    /// What can be zero is compared by difference; its percentages are of the baseline, as those of its budget are.
    @Test func acceptedDifference() {
        let increased = [1200.0, 1210, 1190]
        let trial = Trial(.memoryGrowthPer1000, [1000, 1005, 995], increased)
        var budget = Budget.limit(.memoryGrowthPer1000, maxIncrease: 0.1, floor: 50)
        #expect(trial.judge(budget).outcome == .regressed)
        budget.accepted = .init(upTo: 0.25, until: "2027-01-31", reason: "cache")
        #expect(trial.finding(budget) == "accepted: accepted up to +25.0 % until 2027-01-31: cache")
        budget.accepted?.upTo = 0.15
        #expect(trial.judge(budget).outcome == .regressed)
        budget.accepted?.upTo = 10
        #expect(Trial(.memoryGrowthPer1000, [0, 0, 0], increased).judge(budget).outcome == .regressed)
    }

    // MARK: many budgets

    /// p = 0.0071 alone is a regression; as the smallest of three it is 0.0214 and is none.
    @Test func holmOverErrorBudgets() throws {
        var trial = Trial(.cpuPerRequest, nil, [])
        let base = [100.0, 100, 100, 100, 100, 100, 100, 100]
        let worse = [120.0, 104, 98, 116, 101, 113, 109, 107]
        let same = [101.0, 99, 102, 98, 100, 101, 99, 100.5]
        trial.baseline = [
            MetricKey(.cpuPerRequest): base, MetricKey(.memoryPeakRSS): base, MetricKey(.tasksPeak): base,
        ]
        trial.candidate = [
            MetricKey(.cpuPerRequest): worse, MetricKey(.memoryPeakRSS): same, MetricKey(.tasksPeak): same,
        ]
        let cpu = Budget.limit(.cpuPerRequest, maxIncrease: 0.05)
        let alone = try #require(trial.judge(cpu).findings.first)
        #expect(alone.kind == .regressed)
        #expect(alone.adjustedP == alone.p)
        var others = [
            Budget.limit(.memoryPeakRSS, maxIncrease: 0.05, line: 2), .limit(.tasksPeak, maxIncrease: 0.05, line: 3),
        ]
        let together = try #require(trial.judge(cpu, others[0], others[1]).findings.first)
        #expect(together.adjustedP == alone.p.map { $0 * 3 })
        #expect(together.kind == .inconclusive)
        #expect(together.reason == "worse by more than the limit, but not proven; about 13 rounds would decide")
        others[0].severity = .warn
        others[1].severity = .warn
        let besideWarnings = try #require(trial.judge(cpu, others[0], others[1]).findings.first)
        #expect(besideWarnings.kind == .regressed)
    }
}
