import Testing
import Verdicts

/// When rounds are looked at, and what each look may spend.
@Suite struct LookScheduleTests {
    @Test(arguments: [
        (1, [1]), (3, [3]), (8, [8]), (10, [10]), (11, [8, 11]), (13, [8, 13]), (16, [10, 16]), (18, [8, 12, 18]),
        (20, [8, 13, 20]), (40, [16, 26, 40]), (100, [40, 65, 100]),
    ])
    func looks(rounds: Int, looks: [Int]) {
        #expect(LookSchedule(rounds: rounds).looks == looks)
    }

    @Test func theSharesOfTheRule() {
        let schedule = LookSchedule(rounds: 20)
        #expect([8, 13, 20].map { schedule.look(after: $0).share } == [0.15, 0.25, 0.6])
        #expect(schedule.look(after: 8) == Look(rounds: 8, planned: 20, share: 0.15))
    }

    @Test func aLookLeftOutLeavesItsShareToTheNext() {
        #expect(LookSchedule(rounds: 13).look(after: 8).share == 0.4)
        #expect(LookSchedule(rounds: 13).look(after: 13).share == 0.6)
        #expect(LookSchedule(rounds: 8).look(after: 8).share == 1)
    }

    /// Whatever the number of rounds, no run can spend more than all: its looks, and where it was cut off.
    @Test func nothingIsSpentTwice() {
        for rounds in 1...100 {
            let schedule = LookSchedule(rounds: rounds)
            for end in 1...rounds {
                let taken = schedule.looks.filter { $0 < end }.map { schedule.look(after: $0).share }
                let spent = taken.reduce(0, +) + schedule.look(after: end).share
                #expect(spent <= 1 + 1e-12, "\(end) of \(rounds)")
            }
        }
    }

    @Test func aRunCutOffBetweenLooksSpendsWhatIsLeft() {
        let schedule = LookSchedule(rounds: 20)
        #expect(schedule.look(after: 5).share == 1)
        #expect(schedule.look(after: 10).share == 0.85)
        #expect(schedule.look(after: 19).share == 0.6)
    }

    @Test func theErrorsOfALook() {
        let look = LookSchedule(rounds: 20).look(after: 20)
        #expect(look.familyError == 0.006)
        #expect(look.falseDiscoveryRate == 0.06)
        #expect(look.confidence == 0.94)
    }
}
