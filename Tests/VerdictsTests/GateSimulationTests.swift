import Measures
import Plans
import Recordings
import TestSupport
import Testing
import Verdicts

#if canImport(Glibc)
    import Glibc
#endif

/// What the whole rule promises on a machine with drift, bursts and launches that differ, and what each part of it is for.
///
/// Beside every guard a rule without it judges the same draws and fails more than one clean change in twenty: a model in
/// which it did not would not see the guard either.
@Suite struct GateSimulationTests {
    /// How many clean changes failed.
    private struct Tally: CustomStringConvertible {
        var failed = 0
        var gates = 0

        mutating func add(_ isFailed: Bool) {
            gates += 1
            if isFailed { failed += 1 }
        }

        var rate: Double { Double(failed) / Double(gates) }
        var description: String { "\(failed) of \(gates) clean changes failed" }
    }

    /// What the rule may fail and what a rule without a guard must, of a hundred to eight hundred gates: enough to tell the
    /// two apart, not to prove the first, for which there is `cleanChanges`.
    private static let most = 0.01
    private static let least = 0.05

    /// None of 300 fails, which a rate of 1 % or more would let happen once in twenty times at most: 0.99³⁰⁰ is 0.049.
    ///
    /// So each machine's rate is below 1 % with 95 % confidence, in this model. How far below, so few gates cannot say.
    @Test(arguments: [("quiet", Runner.quiet), ("typical", .typical), ("bad", .bad)])
    func cleanChanges(name: String, runner: Runner) {
        var generator = Generator(seed: 2026)
        let budgets = Runner.budgets()
        var tally = Tally()
        for _ in 0..<300 {
            tally.add(runner.trial(rounds: 20, &generator).gate(budgets).outcome == .regressed)
        }
        #expect(tally.failed == 0, "\(name): \(tally)")
    }

    /// A launch is one draw of what launches differ by, however many rounds it serves.
    @Test func oneLaunchPerSide() {
        let (guarded, broken) = Self.compare(
            Runner(launch: 0.05), Runner(launch: 0.05, relaunches: false), Runner.budgets())
        #expect(guarded.rate <= Self.most, "\(guarded)")
        #expect(broken.rate > Self.least, "\(broken)")
    }

    /// Whatever makes the second of two runs slower is blamed on the side that always comes second.
    @Test func fixedOrder() {
        let (guarded, broken) = Self.compare(
            Runner(secondSlot: 0.05), Runner(secondSlot: 0.05, drawsOrder: false), Runner.budgets())
        #expect(guarded.rate <= Self.most, "\(guarded)")
        #expect(broken.rate > Self.least, "\(broken)")
    }

    /// Every further look is a further chance to be wrong.
    @Test func lookAfterEveryRound() {
        let figures = ["list", "get", "put"].flatMap { step in
            [Metric.cpuPerRequest, .memoryPeakRSS, .tasksPeak, .threadsPeak].map {
                Runner.Figure(key: MetricKey($0, step: step), exposure: 0.05, noise: 0.02, limit: 0)
            }
        }
        // Budgets that share little of what disturbs them have the most chances.
        let runner = Runner(scale: 0.4, launch: 0)
        let budgets = Runner.budgets(figures)
        var generator = Generator(seed: 17)
        var (guarded, broken) = (Tally(), Tally())
        for _ in 0..<800 {
            let trial = runner.trial(rounds: 20, figures: figures, &generator)
            guarded.add(trial.gate(budgets).outcome == .regressed)
            let differences = figures.map { trial.differences($0.key) }
            broken.add(
                (3...20).contains { rounds in
                    let p = differences.compactMap { PairedTest.plain(Array($0.prefix(rounds)))?.pGreater }
                    return holmAdjusted(p).contains { $0 <= 0.01 }
                })
        }
        #expect(guarded.rate <= Self.most, "\(guarded)")
        #expect(broken.rate > Self.least, "\(broken)")
    }

    /// Twelve budgets, each with an error of its own, and a rule that takes estimates for facts.
    @Test func noAdjustmentAndNoProof() {
        let budgets = Runner.budgets(limit: 0.02)
        var generator = Generator(seed: 12)
        var (guarded, unadjusted, unproven) = (Tally(), Tally(), Tally())
        for _ in 0..<200 {
            let trial = Runner.bad.trial(rounds: 20, &generator)
            guarded.add(trial.gate(budgets).outcome == .regressed)
            let tests = Runner.figures.compactMap { figure in
                let differences = trial.differences(figure.key)
                return figure.key.metric.evidence == .noisy
                    ? PairedTest.trimmed(differences) : PairedTest.plain(differences)
            }
            unadjusted.add(tests.contains { $0.pGreater <= 0.01 && $0.mean >= log(1.02) })
            unproven.add(tests.contains { $0.mean >= log(1.02) })
        }
        #expect(guarded.rate <= Self.most, "\(guarded)")
        #expect(unadjusted.rate > Self.least, "\(unadjusted)")
        #expect(unproven.rate > Self.least, "\(unproven)")
    }

    /// Requests of one launch share its effect: two thousand of them are not two thousand pieces of evidence.
    ///
    /// The logarithms of latencies scatter by 0.5 within a launch, so that their mean over a launch is known to 0.5/√2000.
    @Test func pooledRequests() {
        let (rounds, requests, spread) = (8, 2000.0, 0.5)
        let budget = Budget.limit(.latencyMean, maxIncrease: 0.05)
        var generator = Generator(seed: 4)
        var (guarded, broken) = (Tally(), Tally())
        for _ in 0..<400 {
            var sides: [[Double]] = [[], []]
            for _ in 0..<rounds {
                for side in 0...1 {
                    let mean = 0.02 * generator.gaussian() + spread / requests.squareRoot() * generator.gaussian()
                    sides[side].append(mean)
                }
            }
            let trial = Trial(.latencyMean, sides[0].map { 1e6 * exp($0) }, sides[1].map { 1e6 * exp($0) })
            guarded.add(trial.judge(budget).outcome == .regressed)
            let difference = (sides[1].reduce(0, +) - sides[0].reduce(0, +)) / Double(rounds)
            let error = spread * (2 / (requests * Double(rounds))).squareRoot()
            broken.add(StudentT(degrees: 2 * (requests * Double(rounds) - 1)).upperTail(difference / error) <= 0.01)
        }
        #expect(guarded.rate <= Self.most, "\(guarded)")
        #expect(broken.rate > Self.least, "\(broken)")
    }

    /// An improvement fails nothing and is not adjusted for the number of budgets; nothing but noise is rarely called one.
    @Test func falseJoy() {
        var generator = Generator(seed: 5)
        let budgets = Runner.budgets(limit: 0.02)
        var tally = Tally()
        for _ in 0..<100 {
            let findings = Runner.bad.trial(rounds: 20, &generator).gate(budgets).findings
            tally.add(findings.contains { $0.kind == .improved })
        }
        #expect(tally.rate <= 0.1, "\(tally)")
    }

    /// What each machine resolves, by the page on the method and by what is said of a machine of that steadiness.
    @Test(arguments: [
        ("quiet", Runner.quiet, 0.01), ("typical shared runner", .typical, 0.05), ("bad shared runner", .bad, 0.1),
    ])
    func resolved(name: String, runner: Runner, spread: Double) throws {
        var generator = Generator(seed: 20)
        let budgets = Runner.budgets()
        var sums: [Metric: Double] = [:]
        for _ in 0..<100 {
            let verdict = Judge.judge(runner.trial(rounds: 20, &generator).comparison, budgets: budgets)
            for finding in verdict.findings where finding.key.step == nil {
                sums[finding.key.metric, default: 0] += abs(finding.smallestDetectable ?? .nan)
            }
        }
        let cells = [Metric.cpuPerRequest, .latencyP50, .throughput, .latencyP90, .latencyP99].map { metric in
            let percent = sums[metric] ?? .nan
            return " \(Unit.fixed(percent, percent < 10 ? 1 : 0)) % |"
        }
        let page = try #require(Repository.contents(Repository.root + "/docs/method.md"))
        #expect(page.contains("| \(name) |\(cells.joined())\n"))
        var survey = SurveyedMachine.quiet
        survey.steadiness = SurveyedMachine.steadiness(spread: spread)
        let said = try #require(MachineResolution(survey)?.smallestChanges)
        let ofMachine = [said.cpuPerRequest, said.latencyP50, said.latencyP90, said.latencyP99].map { share in
            " \(Unit.fixed(share * 100, share < 0.0995 ? 1 : 0)) % |"
        }
        #expect(ofMachine == [cells[0], cells[1], cells[3], cells[4]])
    }

    private static func compare(_ guarded: Runner, _ broken: Runner, _ budgets: Budgets) -> (Tally, Tally) {
        var result = (Tally(), Tally())
        // The designs draw the same numbers, so the machine, the launches and the noise are the same.
        var (one, other) = (Generator(seed: 7), Generator(seed: 7))
        for _ in 0..<120 {
            result.0.add(guarded.trial(rounds: 20, &one).gate(budgets).outcome == .regressed)
            result.1.add(broken.trial(rounds: 20, &other).gate(budgets).outcome == .regressed)
        }
        return result
    }
}
