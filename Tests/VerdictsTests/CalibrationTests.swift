import Measures
import Plans
import Recordings
import TestSupport
import Testing

@testable import Verdicts

#if canImport(Glibc)
    import Glibc
#endif

/// What is learnt from one version measured against itself.
@Suite struct CalibrationTests {
    /// Rounds in which the candidate is by these factors larger, coming second in every other round.
    private func recording(
        _ metric: Metric = .cpuPerRequest, baseline: [Double] = Array(repeating: 100e3, count: 8), factors: [Double],
        planned: Int = 8, slot: Double = 1
    ) -> Recording {
        var trial = Trial(metric, baseline, zip(baseline, factors).map { $0 * $1 })
        trial.planned = planned
        var recording = trial.recording
        recording.ending = .calibrated
        for index in recording.rounds.indices {
            if index.isMultiple(of: 2) { recording.rounds[index].halves.reverse() }
            let key = MetricKey(metric)
            recording.rounds[index].halves[1].values[key]? *= slot
        }
        return recording
    }

    private let none = Budgets(all: [], source: "")

    private func alternating(_ deviation: Double, _ count: Int = 8) -> [Double] {
        (0..<count).map { $0 % 4 < 2 ? exp(deviation) : exp(-deviation) }
    }

    @Test func theFiguresOfAQuietMetric() throws {
        let calibration = Calibration(recording(factors: alternating(0.02)), budgets: none, reshuffled: 0)
        #expect(calibration.rounds == 8)
        #expect(calibration.gateRounds == 8)
        let figure = try #require(calibration.figures.first)
        #expect(calibration.figures.count == 1)
        #expect(figure.key.text == "cpu.perRequest")
        #expect(figure.isDefault)
        #expect(figure.evidence == .near)
        #expect(figure.isRelative)
        // Four differences of +0.02 and four of −0.02.
        #expect(abs((figure.spread ?? 0) - 0.02 * (8.0 / 7).squareRoot()) < 1e-12)
        // t(0.99; 7) + t(0.8; 7) = 2.997952 + 0.896030 standard errors.
        let logarithm = 3.893982 * 0.02 * (8.0 / 7 / 8).squareRoot()
        #expect(abs((figure.smallestDetectable ?? 0) - (exp(logarithm) - 1)) < 1e-6)
        #expect(figure.resolution == .resolved)
        #expect(figure.proposed == figure.budget)
        #expect(figure.budget.maximumIncrease == 0.05)
    }

    @Test func aBudgetThatCannotBeHeldIsRaised() throws {
        let figure = try #require(
            Calibration(recording(factors: alternating(0.2)), budgets: none, reshuffled: 0).figures.first)
        // 3.893982 · 0.2 · √(1/7) = 0.294355; e^0.294355 − 1 = 34.2 %, one and a half times that 51.3 %.
        #expect(abs((figure.smallestDetectable ?? 0) - 0.342258) < 1e-4)
        #expect(figure.resolution == .unresolved)
        #expect(figure.proposed.maximumIncrease == 0.55)
        #expect(figure.proposed.floor == figure.budget.floor)
    }

    /// What is laxer than it need be is proposed as strict as the default, what is stricter is left alone.
    @Test(arguments: [(0.5, 0.05), (0.05, 0.05), (0.045, 0.045), (0.03, 0.045)])
    func aBudgetIsProposedAsStrictAsTheDefault(present: Double, proposed: Double) throws {
        let budgets = Budgets(all: [.limit(.cpuPerRequest, maxIncrease: present)], source: "")
        // The smallest detectable change is 2.99 %.
        let figure = try #require(
            Calibration(recording(factors: alternating(0.02)), budgets: budgets, reshuffled: 0).figures.first)
        #expect(figure.proposed.maximumIncrease == proposed)
        #expect(!figure.isDefault)
    }

    @Test func aFloorMayBeMoreThanEnough() throws {
        let recording = recording(
            .latencyP50, baseline: Array(repeating: 300e3, count: 8), factors: alternating(0.05))
        let figure = try #require(Calibration(recording, budgets: none, reshuffled: 0).figures.first)
        #expect(try #require(figure.smallestDetectable) > 0.08)
        #expect(figure.resolution == .resolved)
        #expect(figure.proposed == figure.budget)
    }

    @Test func moreRoundsOfAGateResolveMore() throws {
        let few = try #require(
            Calibration(recording(factors: alternating(0.05)), budgets: none, reshuffled: 0).figures.first)
        let many = try #require(
            Calibration(recording(factors: alternating(0.05), planned: 40), budgets: none, reshuffled: 0).figures.first)
        #expect(try #require(many.smallestDetectable) < #require(few.smallestDetectable) / 2)
        #expect(many.spread == few.spread)
    }

    @Test func theSecondSlotIsToldFromTheSides() throws {
        let figure = try #require(
            Calibration(recording(factors: alternating(0.02), slot: 1.1), budgets: none, reshuffled: 0).figures.first)
        let slot = try #require(figure.slot)
        #expect(abs(slot.estimate - 0.1) < 1e-12)
        #expect(slot.low > 0)
        #expect(slot.high < 0.2)
    }

    @Test func anExactCountHasNothingToDetect() throws {
        let recording = recording(
            .allocationsPerRequest, baseline: Array(repeating: 50, count: 8), factors: Array(repeating: 1, count: 8))
        let figure = try #require(Calibration(recording, budgets: none, reshuffled: 0).figures.first)
        #expect(figure.evidence == .count)
        #expect(figure.spread == 0)
        #expect(figure.smallestDetectable == nil)
        #expect(figure.resolution == .resolved)
        #expect(figure.proposed == figure.budget)
    }

    @Test func aCountThatScattersIsJudgedAsNear() throws {
        let recording = recording(
            .allocationsPerRequest, baseline: [50, 52, 50, 52, 50, 52, 50, 52], factors: alternating(0.02))
        let figure = try #require(Calibration(recording, budgets: none, reshuffled: 0).figures.first)
        #expect(figure.demoted)
        #expect(figure.evidence == .near)
        #expect(figure.proposed.maximumIncrease == 0.045)
    }

    @Test func aLimitThatIsBrokenWithoutAnyChangeIsSaid() throws {
        let recording = recording(.threadsPeak, baseline: Array(repeating: 10, count: 8), factors: alternating(0.01))
        let budgets = Budgets(all: [.limit(.threadsPeak, max: 5)], source: "")
        let figure = try #require(Calibration(recording, budgets: budgets, reshuffled: 0).figures.first)
        #expect(figure.resolution == .broken)
        #expect(!figure.isDefault)
    }

    @Test func aBudgetWithoutValuesSaysWhy() throws {
        let budgets = Budgets(all: [.limit(.memoryPeakRSS, maxIncrease: 0.1)], source: "")
        let figures = Calibration(recording(factors: alternating(0.02)), budgets: budgets, reshuffled: 0).figures
        #expect(figures.map(\.key.text) == ["memory.peakRSS", "cpu.perRequest"])
        #expect(figures[0].resolution == .missing)
        #expect(figures[0].reason == "candidate, round 1: the round has no memory.peakRSS")
        #expect(figures[0].proposed == figures[0].budget)
    }

    @Test(arguments: [
        (0.0, 0.0), (0.0111, 0.015), (0.045, 0.045), (0.0451, 0.05), (0.1, 0.1), (0.1001, 0.11), (0.294, 0.3),
        (0.301, 0.35), (9.99, 10), (50, 10),
    ])
    func sharesAreRoundedUp(share: Double, rounded: Double) {
        #expect(CalibratedFigure.roundedUp(share: share) == rounded)
    }

    @Test(arguments: [(0.0, 0.0), (1.0, 1.0), (1.01, 1.1), (99.5, 100), (123_456, 130_000), (0.01234, 0.013)])
    func amountsAreRoundedUp(amount: Double, rounded: Double) {
        #expect(abs(CalibratedFigure.roundedUp(amount: amount) - rounded) <= rounded * 1e-12)
    }

    // MARK: false alarms

    private func noisy(_ count: Int, planned: Int, deviation: Double = 0.05, seed: UInt64 = 3) -> Recording {
        var generator = Generator(seed: seed)
        return recording(
            .latencyP50, baseline: Array(repeating: 5e6, count: count),
            factors: (0..<count).map { _ in exp(deviation * generator.gaussian()) }, planned: planned)
    }

    @Test func gatesAreMeasuredOneAfterTheOther() {
        let budgets = Budgets(all: [.limit(.latencyP50, maxIncrease: 5)], source: "")
        // Decided at the first look of 8 rounds each, as long as 20 are left.
        let measured = Calibration(noisy(45, planned: 20), budgets: budgets, reshuffled: 0).measured
        #expect(measured.gates == 4)
        #expect(measured.rounds == 32)
        #expect(measured.failed == 0)
        #expect(Calibration(noisy(19, planned: 20), budgets: budgets, reshuffled: 0).measured.gates == 0)
    }

    @Test func reshuffledGatesFollowFromTheSeed() {
        let budgets = Budgets(all: [.limit(.latencyP50, maxIncrease: 0.01)], source: "")
        var recording = noisy(40, planned: 20)
        let first = Calibration(recording, budgets: budgets, reshuffled: 60).reshuffled
        #expect(first == Calibration(recording, budgets: budgets, reshuffled: 60).reshuffled)
        #expect(first.gates == 60)
        #expect(first.inconclusive + first.failed <= 60)
        #expect(first.unjudged == 0)
        recording.seed = 2
        #expect(first != Calibration(recording, budgets: budgets, reshuffled: 60).reshuffled)
    }

    /// A service of which one side is always worse would look worse in every measured gate, but not in a reshuffled one.
    @Test func theSidesChangeTheirNamesByChance() {
        let budgets = Budgets(all: [.limit(.latencyP50, maxIncrease: 0.05)], source: "")
        var recording = noisy(20, planned: 20, deviation: 0.01)
        for index in recording.rounds.indices {
            for half in recording.rounds[index].halves.indices
            where recording.rounds[index].halves[half].side == .candidate {
                recording.rounds[index].halves[half].values[MetricKey(.latencyP50)]? *= 1.3
            }
        }
        let calibration = Calibration(recording, budgets: budgets, reshuffled: 60)
        #expect(calibration.measured.failed == 1)
        #expect(calibration.measured.culprits == [MetricKey(.latencyP50): 1])
        #expect(calibration.reshuffled.failed <= 3)
    }

    @Test func theIntervalIsWilsons() throws {
        var alarms = FalseAlarms()
        #expect(alarms.rate == nil)
        alarms.gates = 30
        alarms.failed = 1
        let rate = try #require(alarms.rate)
        // Newcombe (1998), method 3, worked out for 1 of 30.
        #expect(abs(rate.low - 0.005908) < 1e-5)
        #expect(abs(rate.high - 0.166704) < 1e-5)
        alarms.failed = 0
        #expect(alarms.rate?.low == 0)
        #expect(abs((alarms.rate?.high ?? 0) - 0.113515) < 1e-5)
    }

    // MARK: what is a calibration

    @Test func aRunIsNoCalibration() {
        var recording = recording(factors: alternating(0.02))
        #expect(Calibration.obstacle(recording) == nil)
        recording.ending = .decided
        #expect(Calibration.obstacle(recording) == "it is a run and no calibration")
        recording.failure = "interrupted"
        #expect(Calibration.obstacle(recording) == "the calibration failed: interrupted")
        recording.failure = nil
        recording.ending = .calibrated
        recording.rounds.removeLast()
        #expect(Calibration.obstacle(recording) == "it has 7 rounds; a calibration has 8 or more")
    }

    /// A metric that one reading missed must not lose its budget without a word.
    @Test func aValueMissingInOneRoundIsTold() {
        var recording = recording(factors: alternating(0.1))
        recording.rounds[3].halves[1].values[MetricKey(.cpuPerRequest)] = nil
        recording.rounds[3].halves[1].absent[.cpuPerRequest] = "the process is gone"
        let side = recording.rounds[3].halves[1].side.rawValue
        #expect(
            Calibration.obstacle(recording)
                == "cpu.perRequest has no value in round 4, \(side): the process is gone")
    }

    @Test func theProposalIsReadBack() throws {
        let budgets = Budgets(
            all: [
                .limit(
                    .cpuPerRequest, maxIncrease: 0.03, floor: 1e3,
                    accepted: Budget.Acceptance(upTo: 0.04, until: "2030-01-01", reason: "a \"reason\"")),
                .limit(.errorsRate, step: "log in", max: 0.001),
                .limit(.memoryPeakRSS, maxIncrease: 0.1, floor: 2_097_152),
            ], source: "")
        let calibration = Calibration(recording(factors: alternating(0.1)), budgets: budgets, reshuffled: 0)
        let text = BudgetWriter.text(calibration.proposal)
        let read = try BudgetReader.read(text, file: "t", steps: ["log in"], today: "2026-11-23").all
        func plain(_ budgets: [Budget]) -> [Budget] {
            budgets.map { budget in
                var budget = budget
                budget.place = Place(file: "", line: 0, column: 0, path: "")
                return budget
            }
        }
        // The file has the budgets of steps last.
        let whole = calibration.proposal.filter { $0.step == nil }
        let steps = calibration.proposal.filter { $0.step != nil }
        #expect(plain(read) == plain(whole) + plain(steps))
        // What may grow by 24 % needs no acceptance of 4 %.
        #expect(read[0].maximumIncrease == 0.24)
        #expect(read[0].accepted == nil)
    }
}
