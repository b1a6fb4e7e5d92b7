import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// Changes against a baseline: every sentence of the rule, through the door everybody uses.
@Suite struct RelativeRuleTests {
    private static let noise = [0.004, -0.006, 0.002, 0.001, -0.003, 0.005, -0.002, 0.0]

    /// Baseline values around `center`, and the candidate's changed by `factor` with other noise.
    private static func trial(_ metric: Metric, center: Double, factor: Double, noise scale: Double = 1) -> Trial {
        Trial(
            metric, noise.map { center * (1 + $0 * scale) },
            noise.reversed().map { center * factor * (1 + $0 * scale) })
    }

    // MARK: counts

    private let allocations = Budget.limit(.allocationsPerRequest, maxIncrease: 0.01, floor: 0.5)

    @Test func countRegressed() throws {
        let trial = Trial(.allocationsPerRequest, [50, 50.1, 50], [101, 101.2, 101])
        #expect(trial.finding(allocations) == "regressed: +51 in every round")
        let change = try #require(trial.judge(allocations).findings.first?.change)
        #expect(change.isRelative)
        #expect(abs(change.estimate - 1.02) < 1e-12)
        #expect(change.low == change.estimate && change.high == change.estimate)
    }

    /// The slack is the larger of floor and share: 0.5 of 40, 1 of 100.
    @Test func countSlack() {
        #expect(
            Trial(.allocationsPerRequest, [40, 40, 40], [40.5, 40.5, 40.5]).finding(allocations)
                == "pass: within the limit")
        #expect(
            Trial(.allocationsPerRequest, [40, 40, 40], [40.6, 40.6, 40.6]).finding(allocations)
                == "regressed: +0.60 in every round")
        #expect(
            Trial(.allocationsPerRequest, [100, 100, 100], [101, 101, 101]).finding(allocations)
                == "pass: within the limit")
        #expect(
            Trial(.allocationsPerRequest, [100, 100, 100], [101.1, 101.1, 101.1]).finding(allocations)
                == "regressed: +1.10 in every round")
    }

    @Test func countsOverlap() {
        #expect(
            Trial(.allocationsPerRequest, [50, 50.2, 50], [51, 51, 50.1]).finding(allocations)
                == "inconclusive: worse by more than the limit, but not proven; about 9 rounds would decide")
    }

    @Test func tooFewCounts() {
        #expect(
            Trial(.allocationsPerRequest, [50, 50], [60, 60]).finding(allocations) == "inconclusive: it takes 3 rounds")
        #expect(
            Trial(.allocationsPerRequest, [50, 50], [50, 50]).finding(allocations) == "inconclusive: it takes 3 rounds")
    }

    @Test func countImproved() {
        #expect(
            Trial(.allocationsPerRequest, [50, 50, 50], [20, 20, 20]).finding(allocations)
                == "improved: −30 in every round")
    }

    /// From nothing to something is no infinite percentage.
    @Test func zeroBaseline() throws {
        let trial = Trial(.errorsRate, [0, 0, 0], [0.02, 0.02, 0.02])
        let budget = Budget.limit(.errorsRate, maxIncrease: 0.1, floor: 0.01)
        #expect(trial.finding(budget) == "regressed: +2 % in every round")
        let change = try #require(trial.judge(budget).findings.first?.change)
        #expect(!change.isRelative)
        #expect(change.estimate == 0.02)
    }

    @Test func countDecrease() {
        let budget = Budget.limit(.allocationsPerRequest, maxDecrease: 0.1)
        #expect(
            Trial(.allocationsPerRequest, [50, 50, 50], [40, 40, 40]).finding(budget) == "regressed: −10 in every round"
        )
        #expect(
            Trial(.allocationsPerRequest, [50, 50, 50], [60, 60, 60]).finding(budget) == "improved: +10 in every round")
    }

    /// A count that varies between baseline rounds by more than half its slack is tested, not compared.
    @Test func demoted() throws {
        let trial = Trial(.allocationsPerRequest, [50, 50.4, 50], [80, 80.4, 80])
        let finding = try #require(trial.judge(allocations).findings.first)
        #expect(finding.demoted)
        #expect(finding.evidence == .near)
        #expect(finding.kind == .regressed)
        #expect(finding.reason == "proven, and certainly over the limit")
    }

    // MARK: tests

    private let cpu = Budget.limit(.cpuPerRequest, maxIncrease: 0.05, floor: 20_000)

    @Test func provenAndCertain() throws {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.1)
        let finding = try #require(trial.judge(cpu).findings.first)
        #expect(finding.kind == .regressed)
        #expect(finding.reason == "proven, and certainly over the limit")
        #expect(finding.certain)
        let change = try #require(finding.change)
        #expect(abs(change.estimate - 0.1) < 1e-4)
        #expect(change.low < 0.1 && change.high > 0.1)
    }

    @Test func provenOverTheLimit() {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.055, noise: 4)
        #expect(trial.finding(cpu) == "regressed: proven worse, over the limit")
    }

    @Test func certaintyDemanded() {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.055, noise: 4)
        var budget = cpu
        budget.decide = .certain
        #expect(
            trial.finding(budget) == "inconclusive: the limit lies inside the interval; about 75 rounds would decide")
        #expect(
            Self.trial(.cpuPerRequest, center: 400_000, factor: 1.1).finding(budget)
                == "regressed: proven, and certainly over the limit")
    }

    @Test func worseButNotProven() {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.06, noise: 14)
        #expect(
            trial.finding(cpu)
                == "inconclusive: worse by more than the limit, but not proven; about 13 rounds would decide")
    }

    @Test func limitInsideTheInterval() {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.04, noise: 8)
        #expect(
            trial.finding(cpu) == "inconclusive: the limit lies inside the interval; about 74 rounds would decide")
    }

    @Test func within() {
        #expect(Self.trial(.cpuPerRequest, center: 400_000, factor: 1).finding(cpu) == "pass: within the limit")
    }

    @Test func smallButReal() {
        #expect(
            Self.trial(.cpuPerRequest, center: 400_000, factor: 1.02).finding(cpu)
                == "pass: small but real, within the limit")
    }

    /// Far over the share, but nobody cares about ten microseconds.
    @Test func belowTheFloor() {
        #expect(
            Self.trial(.cpuPerRequest, center: 40_000, factor: 1.25).finding(cpu)
                == "pass: small but real, less than the floor of 20 µs")
    }

    @Test func improved() {
        #expect(Self.trial(.cpuPerRequest, center: 400_000, factor: 0.8).finding(cpu) == "improved: proven better")
    }

    /// Better by more than the budget, but any other eight rounds might say otherwise.
    @Test func betterButNotProven() {
        let trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 0.945, noise: 24)
        #expect(!trial.finding(cpu).hasPrefix("improved"))
    }

    @Test func improvementBelowTheFloor() {
        #expect(
            Self.trial(.cpuPerRequest, center: 40_000, factor: 0.75).finding(cpu) == "pass: within the limit")
    }

    /// The estimate is over the floor of 20 µs, but not the whole interval.
    @Test func certainOfTheFloorToo() {
        #expect(
            Self.trial(.cpuPerRequest, center: 205_000, factor: 1.1).finding(cpu)
                == "regressed: proven worse, over the limit")
    }

    /// From 500/s down by 11.5 % are 57.5/s, below a floor of 60/s; up by as much on the scale of logarithms are 65/s.
    @Test func floorOfADecrease() {
        #expect(
            Self.trial(.throughput, center: 500, factor: 0.885, noise: 0.1)
                .finding(.limit(.throughput, maxDecrease: 0.08, floor: 60))
                == "pass: small but real, less than the floor of 60/s")
    }

    @Test func noisyMetricsAreTrimmed() {
        var trial = Self.trial(.latencyP50, center: 2e6, factor: 1)
        trial.candidate[MetricKey(.latencyP50)]?[3] = 90e6
        #expect(trial.finding(.limit(.latencyP50, maxIncrease: 0.08)) == "pass: within the limit")
    }

    @Test func tooFewRounds() {
        #expect(
            Trial(.latencyP50, [1e6, 1e6, 1e6], [2e6, 2e6, 2e6]).finding(.limit(.latencyP50, maxIncrease: 0.08))
                == "inconclusive: 3 rounds are too few")
        #expect(
            Trial(.cpuPerRequest, [1e6], [2e6]).finding(.limit(.cpuPerRequest, maxIncrease: 0.08))
                == "inconclusive: one round is too few")
    }

    @Test func absurdValues() {
        #expect(
            Trial(.memoryGrowthPer1000, [1e308, -1e308, 0], [-1e308, 1e308, 0])
                .finding(.limit(.memoryGrowthPer1000, maxIncrease: 0.1))
                == "inconclusive: the values are too far apart to compute with")
    }

    /// A decrease of 8 % leaves 92 %: its line is ln(1/0.92), not ln(1.08), which a decrease of 7.4 % would cross.
    @Test func decreaseIsMeasuredFromTheBaseline() throws {
        let budget = Budget.limit(.throughput, maxDecrease: 0.08)
        let within = try #require(
            Self.trial(.throughput, center: 500, factor: 0.923, noise: 0.1).judge(budget).findings.first)
        #expect(within.kind == .pass)
        #expect(within.reason == "small but real, within the limit")
        #expect(abs((within.change?.estimate ?? 0) + 0.077) < 1e-3)
        let over = try #require(
            Self.trial(.throughput, center: 500, factor: 0.9, noise: 0.1).judge(budget).findings.first)
        #expect(over.kind == .regressed)
        #expect((over.smallestDetectable ?? 0) < 0)
        let better = Self.trial(.throughput, center: 500, factor: 1.2).finding(budget)
        #expect(better == "improved: proven better")
    }

    /// Nothing can fall by more than all of itself.
    @Test func decreaseByAll() {
        for share in [1.0, 1.5] {
            let trial = Self.trial(.throughput, center: 500, factor: 0.01, noise: 0.1)
            #expect(
                trial.finding(.limit(.throughput, maxDecrease: share)) == "pass: small but real, within the limit")
        }
    }

    /// Metrics that can be zero are compared by difference.
    @Test func differences() throws {
        let trial = Trial(.memoryGrowthPer1000, [0, 10, -10, 5], [5000, 5010, 4990, 5020])
        let budget = Budget.limit(.memoryGrowthPer1000, maxIncrease: 0.1, floor: 1024)
        let finding = try #require(trial.judge(budget).findings.first)
        #expect(finding.kind == .regressed)
        #expect(finding.reason == "proven, and certainly over the limit")
        let change = try #require(finding.change)
        #expect(!change.isRelative)
        #expect(abs(change.estimate - 5003.75) < 1e-9)
    }

    // MARK: baselines

    @Test func noBaseline() {
        #expect(Trial(.cpuPerRequest, nil, [1, 2, 3]).finding(cpu) == "unanchored: there is no baseline")
    }

    @Test func storedBaselineOfThisMachine() {
        var trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.5)
        trial.storedOn = Trial.machine
        #expect(
            trial.finding(cpu)
                == "unanchored: not gated against a stored baseline (runs drift apart more than rounds do)")
    }

    @Test func storedBaselineOfAnotherMachine() {
        var trial = Self.trial(.cpuPerRequest, center: 400_000, factor: 1.5)
        trial.storedOn = Trial.machine
        trial.storedOn?.cores = 4
        trial.storedTool = "0.9.0"
        #expect(
            trial.finding(cpu)
                == "unanchored: not gated against a stored baseline (cores: 4 then, 2 now; "
                + "perfgate: 0.9.0 then, 1.0.0 now)")
    }

    /// Other requests cost something else; not even counts can be compared.
    @Test func storedBaselineOfAnotherPlan() {
        var trial = Trial(.allocationsPerRequest, [50, 50, 50], [60, 60, 60])
        trial.storedOn = Trial.machine
        trial.storedPlan = "another"
        #expect(
            trial.finding(allocations)
                == "unanchored: not gated against a run of another plan: its requests were other requests")
        #expect(
            trial.judge(allocations).failures
                == [
                    "the baseline (stored) was loaded by another plan, so nothing can be compared with it",
                    "nothing was judged: no budget can be held against this stored run",
                ])
        // An absolute limit that holds does not open the gate for those that could not be asked.
        #expect(trial.judge(allocations, .limit(.allocationsPerRequest, max: 100, line: 2)).outcome == .failed)
        trial.storedPlan = "# A comment is no other load.\n\nplan\n"
        #expect(trial.finding(allocations) == "regressed: +10 in every round")
        // Nor is it the same load where the data it is made of are others.
        trial.storedFiles = ["users.csv": "12-0"]
        #expect(
            trial.finding(allocations)
                == "unanchored: not gated against a run of another plan: its requests were other requests")
        trial.storedFiles = [:]
        #expect(trial.finding(allocations) == "regressed: +10 in every round")
    }

    /// What libdispatch allocates for itself is left out where it can be told apart, which takes the program's symbols.
    @Test func allocationsOfTwoKindsAreNotCompared() {
        var trial = Trial(.allocationsPerRequest, [52, 52, 52], [51, 51, 51])
        var told = NativeWindow(seconds: 1)
        told.dispatchAllocations = .init(total: 5, idlePerSecond: 0)
        trial.native = [.baseline: told, .candidate: told]
        #expect(trial.finding(allocations).hasPrefix("improved"))
        trial.native[.baseline] = NativeWindow(seconds: 1)
        #expect(trial.finding(allocations).hasPrefix("missing: libdispatch's own allocations were told apart"))
        #expect(trial.judge(allocations).outcome == .failed)
        trial.native[.candidate] = NativeWindow(seconds: 1)
        #expect(trial.finding(allocations).hasPrefix("improved"))
    }

    /// A candidate that doubles in some rounds is within the limit by its median only.
    @Test func candidateThatScatters() {
        #expect(
            Trial(.allocationsPerRequest, Array(repeating: 50, count: 8), [50, 50, 100, 50, 100, 50, 100, 50])
                .finding(allocations)
                == "inconclusive: the limit lies inside the interval; about 16 rounds would decide")
    }

    @Test func countsAgainstAStoredBaseline() {
        var trial = Trial(.allocationsPerRequest, [50, 50, 50], [60, 60, 60])
        trial.storedOn = Trial.machine
        #expect(trial.finding(allocations) == "regressed: +10 in every round")
    }
}
