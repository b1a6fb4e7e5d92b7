import Recordings
import Testing

/// From times to how evenly they passed.
@Suite struct SteadinessTests {
    @Test func spreads() throws {
        // Sums of ten: 10, 10 and 13.
        var seconds = [Double](repeating: 1, count: 30)
        seconds[29] = 4
        let even = [Double](repeating: 0.5, count: 30)
        let steadiness = try #require(Steadiness(seconds: seconds, processorSeconds: even))
        #expect(steadiness.pieces == 30)
        #expect(steadiness.piece == 1)
        #expect(steadiness.slowest == 4)
        // Of the pieces: mean 1.1, variance (29·0.01 + 8.41)/29 = 0.3.
        #expect(abs(steadiness.spread - 0.3.squareRoot() / 1.1) < 1e-12)
        // Of the sums: mean 11, variance (1 + 1 + 4)/2 = 3.
        #expect(abs(steadiness.spreadOfSums - 3.0.squareRoot() / 11) < 1e-12)
        #expect(steadiness.spreadOfProcessorTime == 0)
    }

    @Test func tooFewOrSenseless() {
        let short = [Double](repeating: 1, count: 29)
        #expect(Steadiness(seconds: [], processorSeconds: []) == nil)
        #expect(Steadiness(seconds: short, processorSeconds: short) == nil)
        #expect(Steadiness(seconds: short + [1], processorSeconds: short) == nil)
        #expect(Steadiness(seconds: short + [0], processorSeconds: short + [1]) == nil)
        let still = [Double](repeating: 0, count: 30)
        #expect(Steadiness(seconds: short + [1], processorSeconds: still) == nil)
    }

    @Test func timers() throws {
        let timers = try #require(MachineSurvey.Timers(latenesses: (1...200).map(Double.init).reversed()))
        #expect(timers.count == 200)
        #expect(timers.p50 == 100)
        #expect(timers.p99 == 198)
        #expect(timers.max == 200)
        #expect(MachineSurvey.Timers(latenesses: [7])?.p50 == 7)
        #expect(MachineSurvey.Timers(latenesses: []) == nil)
    }

    @Test func freePorts() {
        #expect(MachineSurvey.Ports(first: 1000, last: 1099, taken: 40).free == 60)
        #expect(MachineSurvey.Ports(first: 1000, last: 1099, taken: 400).free == 0)
    }
}
