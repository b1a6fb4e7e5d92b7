import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// What a search for the capacity is judged by.
@Suite struct CapacityTests {
    private static let budget = Budget.limit(.throughputAtBudget, min: 300, maxDecrease: 0.1)
    private static let missed = CapacityRecord.Window(rate: 500, requests: 700, outcome: .missed, reason: "it was slow")

    private func record(
        _ ending: CapacityRecord.Ending = .found, _ windows: CapacityRecord.Window...
    ) -> CapacityRecord {
        CapacityRecord(windows: windows, ending: ending, errorLimit: 0.01)
    }

    private func trial(_ candidate: [Double]) -> Trial {
        Trial(.throughputAtBudget, [490, 500, 505, 495, 500, 498, 502, 500], candidate)
    }

    @Test func aLowerCapacityIsARegressionAndAHigherOneIsNone() {
        let lower = trial([400, 410, 405, 395, 402, 398, 400, 404])
        #expect(lower.judge(Self.budget).outcome == .regressed)
        #expect(trial([490, 505, 500, 495, 500, 502, 498, 500]).judge(Self.budget).outcome == .passed)
        let higher = trial([600, 610, 605, 595, 602, 598, 600, 604])
        #expect(higher.judge(Self.budget).outcome == .passed)
    }

    @Test(arguments: [CapacityRecord.Ending.belowRange, .aboveRange])
    func aRateThatWasNotFoundIsNotJudged(ending: CapacityRecord.Ending) throws {
        var trial = trial([])
        trial.rounds = 8
        trial.capacity = record(ending, Self.missed)
        trial.absent = [.throughputAtBudget: try #require(trial.capacity?.problem)]
        for budget in [
            Self.budget, .limit(.throughputAtBudget, min: 300), .limit(.throughputAtBudget, maxDecrease: 0.1),
        ] {
            let verdict = trial.judge(budget)
            #expect(verdict.outcome == .failed)
            #expect(
                verdict.failures.first?.hasPrefix("throughput.atBudget has no value: candidate, round 1: even") == true)
        }
    }

    /// The rule that a run whose requests fail says nothing holds to the search's own limit, and as ever elsewhere.
    @Test func failedRequestsAreHeldToTheLimitOfTheSearch() {
        var trial = trial([490, 505, 500, 495, 500, 502, 498, 500])
        trial.failed = 9
        #expect(
            trial.judge(Self.budget).failures
                == [
                    "72 of 8000 requests to the candidate failed (most: status 500); a budget for errors.rate can allow it"
                ])
        trial.capacity = record(.found, Self.missed)
        #expect(trial.judge(Self.budget).failures == [])
        trial.failed = 11
        #expect(trial.judge(Self.budget).outcome == .failed)
    }

    @Test func aSearchThatTheGeneratorCouldNotMakeVoidsItsRound() throws {
        var trial = trial([500])
        let late = CapacityRecord.Window(
            rate: 500, requests: 7, outcome: .undelivered, reason: "the generator was late")
        trial.capacity = record(.undelivered, late, late)
        let round = trial.recording.rounds[0]
        #expect(
            Disturbance.reason(toVoid: round, timed: true)
                == "candidate: 500/s was tried twice, and the generator was late")
        trial.capacity = record(.found, Self.missed)
        #expect(Disturbance.reason(toVoid: trial.recording.rounds[0], timed: true) == nil)
    }

    /// At its capacity a service takes all that its control group may have; what others take is a disturbance as ever.
    @Test func throttlingIsNoDisturbanceOfASearch() throws {
        var trial = trial([500])
        func reason(_ change: (inout Environment) -> Void) throws -> String? {
            var round = trial.recording.rounds[0]
            let index = try #require(round.halves.firstIndex { $0.side == .candidate })
            change(&round.halves[index].environment)
            return Disturbance.reason(toVoid: round, timed: true)
        }
        #expect(try reason { $0.throttled = 0.5 } != nil)
        trial.capacity = record(.found, Self.missed)
        #expect(try reason { $0.throttled = 0.5 } == nil)
        #expect(try reason { $0.steal = 0.5 } != nil)
    }
}
