import Measures
import Plans
import Recordings
import Testing

@testable import Reports
@testable import Verdicts

/// What the report says of how far the run went and of what it could tell.
@Suite struct EvidenceTests {
    // MARK: the end of the run

    @Test(arguments: [
        (Scene.passed, "8 rounds of 2000 requests, 1 min 52 s"),
        (.decided, "decided after 8 of at most 20 rounds of 2000 requests, 1 min 52 s"),
        (.outOfTime, "out of time after 11 of at most 20 rounds of 2000 requests, 1 min 52 s"),
        (.failFast, "ended by a regression after 3 of at most 20 rounds of 2000 requests, 1 min 52 s"),
        (.disturbed, "8 rounds (1 more voided) of 2000 requests, 1 min 52 s"),
        (.loadFailed, "2 of at most 8 rounds of 2000 requests, 1 min 52 s"),
    ])
    func extent(scene: Scene, text: String) {
        let report = scene.report
        #expect(report.extentText == text)
        #expect(report.markdown.contains("\n**Candidate** working tree (dirty) (1f2e3d4c5b6a) **against** "))
        #expect(report.markdown.contains(": \(text), on AMD EPYC 7B13, 2 cores.\n"))
    }

    /// Other budgets may find open what the run took for decided.
    @Test func judgedAgainByOtherBudgets() {
        var scene = Scene.inconclusive
        scene.planned = 20
        scene.ending = .decided
        #expect(scene.report.extentText == "ended after 8 of at most 20 rounds of 2000 requests, 1 min 52 s")
    }

    @Test(arguments: [
        (Scene.passed, "8 rounds, all that were planned"),
        (.decided, "8 of at most 20 rounds, every limit that counts was decided"),
        (.outOfTime, "11 of at most 20 rounds, another would not have ended in time"),
        (.failFast, "3 of at most 20 rounds, the first regression was to end the run"),
        (.loadFailed, "2 of at most 8 rounds, the run failed"),
    ])
    func ending(scene: Scene, text: String) {
        #expect(scene.report.markdown.contains("\n- Rounds: \(text)\n"))
    }

    @Test(arguments: [
        (Scene.passed, "the only look", "90 % interval"),
        (.decided, "look 1 of 3 (after 8, 13 and 20 rounds)", "98.5 % interval"),
        (.outOfTime, "a look outside the plan (after 8, 13 and 20 rounds)", "91.5 % interval"),
        (.unresolvable, "look 3 of 3 (after 8, 13 and 20 rounds)", "94 % interval"),
    ])
    func looks(scene: Scene, look: String, interval: String) {
        #expect(scene.report.lookText == look)
        #expect(scene.report.intervalName == interval)
    }

    @Test func errorsOfALook() {
        let markdown = Scene.decided.report.markdown.replacing("\u{A0}", with: " ")
        #expect(
            markdown.contains(
                """
                - Look 1 of 3 (after 8, 13 and 20 rounds): it may spend 15 % of the errors. A clean change is called \
                regressed with at most 0.15 % chance over all limits of severity error, and at most 1.50 % of the \
                warnings may be false
                - Intervals: 98.5 % confidence, so that all looks together have 90 %
                - Order: baseline first in 4 of 8 rounds, drawn with seed 42

                """))
    }

    // MARK: each finding

    private func evidenceRow(_ scene: Scene, _ metric: String) -> String? {
        let markdown = scene.report.markdown.replacing("\u{A0}", with: " ")
        guard let fold = markdown.firstRange(of: "<summary>Evidence</summary>") else { return nil }
        return markdown[fold.upperBound...].split(separator: "\n").first { $0.hasPrefix("| \(metric) ") }.map(
            String.init)
    }

    @Test func classAndProof() {
        #expect(
            evidenceRow(.decided, "latency.p50")
                == "| latency.p50 | ≤ +8.00 % | noisy | +5.31 % | 0.50 | 0.50 | ≤ 0.0015 |")
        #expect(
            evidenceRow(.decided, "allocations.perRequest")
                == "| allocations.perRequest | ≤ +1.00 % | count | – | – | – | – |")
        var scene = Scene.decided
        let varied: [Double] = [50, 51, 50, 49.5, 50, 50.5, 50, 50]
        scene.baseline?[MetricKey(.allocationsPerRequest)] = varied
        scene.candidate[MetricKey(.allocationsPerRequest)] = varied.reversed()
        #expect(
            evidenceRow(scene, "allocations.perRequest")
                == "| allocations.perRequest | ≤ +1.00 % | near, a count that varied | +2.94 % | 0.50 | 1.00 | ≤ 0.0015 |"
        )
    }

    @Test(arguments: [(0.0, "< 0.0001"), (0.00012, "0.0001"), (0.0015, "0.0015"), (0.25, "0.25"), (1, "1.00")])
    func probabilities(value: Double, text: String) {
        #expect(probabilityText(value) == text)
    }

    /// A number beside "not compared" would be read as a comparison.
    @Test func whatIsNotComparedHasNoChange() throws {
        let finding = try #require(Scene.stored.report.verdict.findings.first { $0.kind == .unanchored })
        #expect(finding.baseline != nil && finding.change != nil)
        #expect(finding.changeText == "–")
        #expect(finding.intervalText == nil)
        let narrow = Scene.stored.report.terminal(color: false, width: 40)
        #expect(narrow.contains("\n  400 µs → 500 µs\n  limit ≤ +5.00 %, floor 20 µs\n"), "\(narrow)")
    }

    // MARK: what cannot be told here

    private func finding(
        _ metric: Metric, increase: Double, floor: Double = 0, relative: Bool = true, smallest: Double
    ) -> Finding {
        var finding = Finding(
            .limit(metric, maxIncrease: increase, floor: floor), limit: .maximumIncrease(increase))
        finding.kind = .inconclusive
        finding.reason = "the limit lies inside the interval; about 50 rounds would decide"
        finding.rounds = 20
        finding.roundsToDecide = 50
        finding.baseline = 2e6
        finding.change = .init(isRelative: relative, estimate: 0, low: 0, high: 0)
        finding.smallestDetectable = smallest
        return finding
    }

    @Test func unresolved() {
        #expect(
            finding(.latencyP50, increase: 0.08, smallest: 0.12).unresolvedText
                == "this machine resolves 12 % in 20 rounds, the budget is 8 %")
        #expect(finding(.latencyP50, increase: 0.08, smallest: 0.08).unresolvedText == nil)
        // A floor of 300 µs is 15 % of 2 ms.
        #expect(finding(.latencyP50, increase: 0.08, floor: 300_000, smallest: 0.12).unresolvedText == nil)
        #expect(
            finding(.latencyP50, increase: 0.08, floor: 300_000, smallest: 0.2).unresolvedText
                == "this machine resolves 400 µs in 20 rounds, the floor is 300 µs")
        #expect(
            finding(.collectionPausePerRequest, increase: 0.1, relative: false, smallest: 250_000).unresolvedText
                == "this machine resolves 250 µs in 20 rounds, the budget is 200 µs")
    }

    @Test func whatWouldDecide() {
        var open = finding(.latencyP50, increase: 0.08, smallest: 0.05)
        #expect(open.decisionText == "about 50 rounds would decide")
        #expect(open.undecidedText == "the limit lies inside the interval; about 50 rounds would decide")
        open.smallestDetectable = 0.12
        #expect(open.decisionText == "this machine resolves 12 % in 20 rounds, the budget is 8 %")
        #expect(
            open.undecidedText == "the limit lies inside the interval; about 50 rounds would decide; "
                + "this machine resolves 12 % in 20 rounds, the budget is 8 %")
        open.smallestDetectable = nil
        open.roundsToDecide = nil
        open.reason = "left behind in 3 of 8 rounds"
        #expect(open.decisionText == "left behind in 3 of 8 rounds")
    }

    // MARK: the machine

    @Test func environmentOfEitherSide() {
        let markdown = Scene.disturbed.report.markdown.replacing("\u{A0}", with: " ")
        #expect(
            markdown.contains(
                """
                | median (max) | steal | pressure | throttled | load average | frequency | suspended |
                | :-- | --: | --: | --: | --: | --: | --: |
                | baseline | 1.10 % (1.80 %) | 3 % (3 %) | 0 % (2 %) | 1.50 (1.50) | 2450 MHz (2450 MHz) | 0 s (0 s) |
                | candidate | 1.10 % (1.80 %) | 3 % (3 %) | 0 % (2 %) | 1.50 (1.50) | 2395 MHz (2440 MHz) | 0 s (0 s) |

                """))
        #expect(
            markdown.contains(
                """

                - Voided, whatever it showed: round 3, candidate: the hypervisor took 12 % of the processor time, more \
                than 10 %

                """))
        #expect(markdown.contains("\n| 3 (voided) | baseline | 2000 | 500/s of 500/s | 29.9 µs | 0.60 % | 3 % | 0 % |"))
    }

    @Test func nothingKnownOfTheMachine() {
        var scene = Scene.passed
        scene.environment = { _, _ in Environment(steal: nil, loadAverage: nil) }
        let markdown = scene.report.markdown
        #expect(!markdown.contains("median (max)"))
        #expect(markdown.contains("\n| round | side | requests | rate | lateness p99 |\n"))
    }

    // MARK: warnings and improvements

    @Test func warningsInTheFirstLine() {
        var scene = Scene.warned
        #expect(scene.report.headline == "6 of 7 limits hold; 1 warning: latency.p99")
        scene.budgets += [
            .limit(.latencyP99, max: 1, severity: .warn, line: 11),
            .limit(.cpuPerRequest, max: 1, severity: .warn, line: 12),
            .limit(.tasksPeak, max: 1, severity: .info, line: 13),
            .limit(.allocationsPerRequest, max: 1, severity: .warn, line: 14),
        ]
        scene.candidate[MetricKey(.tasksPeak)] = [9]
        scene.baseline?[MetricKey(.tasksPeak)] = [9]
        #expect(
            scene.report.headline
                == "6 of 11 limits hold, 1 regressed for information; 4 warnings: latency.p99, cpu.perRequest and 1 more"
        )
        scene.candidate[MetricKey(.tasksLeakedPer1000)] = [1000]
        #expect(
            scene.report.headline
                == "tasks.leakedPer1000 1000 (limit 0); 4 warnings: latency.p99, cpu.perRequest and 1 more")
    }

    @Test func aBetterBaseline() {
        #expect(
            Scene.improved.report.markdown.contains(
                """
                - 🎉 cpu.perRequest −100 µs (−25.0 %): proven better

                Better by more than the limit would allow the other way: once merged, this is the better baseline that \
                later changes are held against. The budgets stay as they are.

                """))
        #expect(!Scene.accepted.report.markdown.contains("better baseline"))
    }

    // MARK: the terminal

    /// However narrow, limits keep their floors and changes their intervals.
    @Test(arguments: [40, 60, 80, 100, 200])
    func nothingIsLeftOutForWantOfRoom(width: Int) {
        for scene in [Scene.inconclusive, .warned, .disturbed] {
            let report = scene.report
            let text = report.terminal(color: false, width: width)
            for finding in report.verdict.findings {
                #expect(text.contains(finding.boundText))
                #expect(text.contains(finding.floorText ?? ""))
                #expect(text.contains(finding.intervalText ?? ""))
                #expect(text.contains(finding.key.text))
            }
            #expect(text.contains(report.intervalName))
        }
    }

    @Test func oneBelowTheOther() {
        let lines = Scene.outOfTime.report.terminal(color: false, width: 60).split(separator: "\n")
        let first = lines.firstIndex { $0 == "inconclusive: cpu.perRequest" } ?? lines.endIndex
        #expect(
            lines[first...].prefix(4) == [
                "inconclusive: cpu.perRequest", "  400 µs → 416 µs  +14.4 µs (+3.60 %)",
                "  91.5 % interval +1.63 % to +5.62 %", "  limit ≤ +5.00 %, floor 20 µs",
            ])
    }
}
