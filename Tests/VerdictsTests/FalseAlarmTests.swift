import Testing
import Verdicts

/// How often noise alone is taken for a change by the tests themselves, without a budget that it must exceed besides.
@Suite struct FalseAlarmTests {
    /// The modes of two launches hide what little is Gaussian, so it takes more samples.
    private static func draws(_ noise: Noise) -> Int { noise == .bimodal ? 24_000 : 9_000 }
    private static let level = 0.01

    /// One of the two tests, and how often it is significant alone and as one of twelve.
    private struct Observed {
        let test: ([Double]) -> PairedTest?
        var alone = Average()
        var ofTwelve = 0.0
        var count = 0
        private let quantiles: (alone: Double, ofTwelve: Double)

        init(degrees: Double, test: @escaping ([Double]) -> PairedTest?) {
            self.test = test
            let t = StudentT(degrees: degrees)
            quantiles = (t.upperQuantile(tail: level), t.upperQuantile(tail: level / 12))
        }

        mutating func add(_ sample: NoiseSample) {
            guard let test = test(sample.differences) else { return }
            let (mean, error) = (test.mean, test.standardError)
            alone.add(sample.chance(mean: mean, standardError: error, quantile: quantiles.alone))
            ofTwelve = sample.chance(mean: mean, standardError: error, quantile: quantiles.ofTwelve)
            if test.pGreater <= level { count += 1 }
            if test.pLess <= level { count += 1 }
        }
    }

    /// The 99 % interval of every rate lies below 1.25 times the level, for one budget and for twelve.
    ///
    /// Of the twelve, eight are noisy and four near. Holm's adjustment finds something among twelve clean budgets exactly
    /// when one of them has p ≤ level/12, which is at most as likely as the sum of the twelve chances.
    @Test(arguments: Noise.allCases, [8, 13, 20])
    func falseAlarms(noise: Noise, rounds: Int) {
        var generator = Generator(seed: UInt64(rounds))
        let cut = rounds / 5
        var trimmed = Observed(
            degrees: Double(rounds - 2 * cut - 1) - Double(cut) / 2, test: PairedTest.trimmed)
        var plain = Observed(degrees: Double(rounds - 1), test: PairedTest.plain)
        var family = Average()
        let draws = Self.draws(noise)
        for _ in 0..<draws {
            let sample = NoiseSample(noise, rounds: rounds, &generator)
            trimmed.add(sample)
            plain.add(sample)
            family.add(8 * trimmed.ofTwelve + 4 * plain.ofTwelve)
        }
        for (name, observed) in [("trimmed", trimmed), ("plain", plain)] {
            #expect(observed.alone.upper < 1.25 * Self.level, "\(name): \(observed.alone)")
            // What was counted agrees with the chances, so these are what they are taken for.
            let counted = Double(observed.count) / Double(2 * draws)
            let error = (Self.level / Double(2 * draws)).squareRoot()
            #expect(abs(counted - observed.alone.mean) < 4 * error, "\(name): \(counted), \(observed.alone)")
        }
        #expect(family.upper < 1.25 * Self.level, "twelve: \(family)")
    }

    /// Yuen's own degrees of freedom would not pass: the guard of the guard.
    @Test func theDegreesOfYuenAreTooMany() {
        var generator = Generator(seed: 8)
        var rate = Average()
        let quantile = StudentT(degrees: 5).upperQuantile(tail: Self.level / 12)
        for _ in 0..<6_000 {
            let sample = NoiseSample(.gaussian, rounds: 8, &generator)
            guard let test = PairedTest.trimmed(sample.differences) else { continue }
            rate.add(sample.chance(mean: test.mean, standardError: test.standardError, quantile: quantile))
        }
        #expect(rate.mean > 1.25 * Self.level / 12, "\(rate)")
    }

    /// Three looks at twenty rounds share the error; a look after every round multiplies it.
    @Test(arguments: Noise.allCases)
    func looks(noise: Noise) {
        var generator = Generator(seed: 20)
        let schedule = LookSchedule(rounds: 20)
        let sequences = 3000
        var (trimmed, plain, always) = (0, 0, 0)
        for _ in 0..<sequences {
            let sample = NoiseSample(noise, rounds: 20, &generator)
            func p(_ rounds: Int, _ test: ([Double]) -> PairedTest?) -> Double {
                test(Array(sample.differences.prefix(rounds)))?.pGreater ?? 1
            }
            if schedule.looks.contains(where: { p($0, PairedTest.trimmed) <= schedule.look(after: $0).familyError }) {
                trimmed += 1
            }
            if schedule.looks.contains(where: { p($0, PairedTest.plain) <= schedule.look(after: $0).familyError }) {
                plain += 1
            }
            if (3...20).contains(where: { p($0, PairedTest.plain) <= Self.level }) { always += 1 }
        }
        let message: Comment =
            "of \(sequences): trimmed \(trimmed) and plain \(plain) at looks, plain \(always) after every round"
        #expect(Double(trimmed) <= Self.level * Double(sequences), message)
        // The plain test is itself up to a tenth too ready where launches have two modes.
        #expect(Double(plain) <= 1.25 * Self.level * Double(sequences), message)
        #expect(Double(always) > 2 * Self.level * Double(sequences), message)
    }
}
