import Captures
import Testing

@Suite struct SettlingTests {
    /// Feeds readings until an end, and gives it with the time waited.
    private func settle(
        _ readings: [Int], bound: Duration = .seconds(5), expected: Int? = nil
    ) -> (Settling.Step?, Duration) {
        var settling = Settling(bound: bound, expected: expected)
        var waited = Duration.zero
        for reading in readings {
            let step = settling.read(reading)
            guard case .wait(let pause) = step else { return (step, waited) }
            waited += pause
        }
        return (nil, waited)
    }

    @Test func aCountThatStandsStillIsSettledAtOnce() {
        let (step, waited) = settle([7, 7, 7, 7])
        #expect(step == .settled(7))
        #expect(waited == .milliseconds(140))
    }

    @Test func aFallingCountIsWaitedFor() {
        #expect(settle([60, 40, 12, 9, 9, 9, 9]).0 == .settled(9))
    }

    @Test func aCountThatRisesAgainKeepsItsLowest() {
        #expect(settle([9, 10, 9, 11]).0 == .settled(9))
    }

    @Test func theBoundEndsTheWaiting() {
        let (step, waited) = settle(Array((0...100).reversed()), bound: .seconds(1))
        #expect(step == .falling(94))
        #expect(waited == .milliseconds(1120))
    }

    @Test func aCountAboveTheExpectedOneIsGivenMoreTime() {
        let (step, waited) = settle(Array(repeating: 9, count: 20), expected: 7)
        #expect(step == .settled(9))
        #expect(waited == .milliseconds(1620))
    }

    @Test func whatEndsLateIsNotLeftBehind() {
        #expect(settle([9, 9, 9, 9, 9, 8, 8, 7, 7, 7, 7], expected: 7).0 == .settled(7))
        #expect(settle([9, 9, 9, 9], expected: 9).1 == .milliseconds(140))
        #expect(settle([6, 6, 6, 6], expected: 9).1 == .milliseconds(140))
    }
}
