import Measures
import Testing
import Verdicts

/// The paired tests against scipy 1.17 and examples worked by hand.
@Suite struct PairedTestTests {
    static let differences = [
        0.031, -0.012, 0.054, 0.023, 0.4, 0.017, -0.2, 0.041, 0.029, 0.036, 0.008, 0.05, 0.027,
    ]

    /// `scipy.stats.ttest_1samp(x, 0, alternative="greater")` and its two-sided interval.
    @Test(arguments: [
        (8, 0.04425, 0.058379225145349684, 0.2366032741751761, -0.09379493156788914, 0.18229493156788912),
        (13, 0.03876923076923077, 0.035119786563759525, 0.1456375273034727, -0.03775021077106321, 0.11528867230952475),
    ])
    func plain(count: Int, mean: Double, error: Double, p: Double, low: Double, high: Double) throws {
        let test = try #require(PairedTest.plain(Array(Self.differences.prefix(count))))
        #expect(relativeError(test.mean, mean) < 1e-9)
        #expect(relativeError(test.standardError, error) < 1e-9)
        #expect(test.degrees == Double(count - 1))
        #expect(relativeError(test.pGreater, p) < 1e-9)
        #expect(abs(test.pLess - (1 - p)) < 1e-9)
        let interval = test.interval(confidence: 0.95)
        #expect(relativeError(interval.lowerBound, low) < 1e-9)
        #expect(relativeError(interval.upperBound, high) < 1e-9)
    }

    /// Mean and error of `scipy.stats.ttest_ind(x, zeros, trim=0.2, equal_var=False)`, in which zeros add nothing to the
    /// variance; p of `scipy.stats.t.sf` at h − 1 − g/2 degrees of freedom, with the interval of its `isf`.
    @Test(arguments: [
        (
            8, 4.5, 0.025666666666666667, 0.01262008980422353, 0.05195734448640124,
            -0.007889045936611685, 0.059222379269945016
        ),
        (
            13, 7, 0.029111111111111112, 0.0064838721679717215, 0.0014164267583199844,
            0.0137791897384977, 0.044443032483724526
        ),
    ])
    func trimmed(
        count: Int, degrees: Double, mean: Double, error: Double, p: Double, low: Double, high: Double
    ) throws {
        let test = try #require(PairedTest.trimmed(Array(Self.differences.prefix(count))))
        #expect(relativeError(test.mean, mean) < 1e-9)
        #expect(relativeError(test.standardError, error) < 1e-9)
        #expect(test.degrees == degrees)
        #expect(relativeError(test.pGreater, p) < 1e-9)
        let interval = test.interval(confidence: 0.95)
        #expect(relativeError(interval.lowerBound, low) < 1e-9)
        #expect(relativeError(interval.upperBound, high) < 1e-9)
    }

    /// The additional hours of sleep of Student (Biometrika, 1908), with the same calls; his own t is 4.06.
    @Test func sleep() throws {
        let hours = [1.2, 2.4, 1.3, 1.3, 0, 1.0, 1.8, 0.8, 4.6, 1.4]
        let plain = try #require(PairedTest.plain(hours))
        #expect(relativeError(plain.mean / plain.standardError, 4.062127683382037) < 1e-9)
        #expect(relativeError(plain.pGreater, 0.0014164450986921364) < 1e-9)
        let trimmed = try #require(PairedTest.trimmed(hours))
        #expect(relativeError(trimmed.mean, 4.0 / 3) < 1e-9)
        #expect(relativeError(trimmed.mean / trimmed.standardError, 7.2884051707900355) < 1e-9)
        #expect(trimmed.degrees == 4)
        #expect(relativeError(trimmed.pGreater, 0.0009418073669786724) < 1e-9)
    }

    /// Ten values: two are cut at each end, the winsorised are 3 3 3 4 5 6 7 8 8 8, the sum of squares about 5.5 is 42.5.
    @Test func trimmedByHand() throws {
        let test = try #require(PairedTest.trimmed([10, 2, 3, 4, 5, 6, 7, 8, -90, 1000]))
        #expect(test.mean == 5.5)
        #expect(test.degrees == 4)
        #expect(abs(test.standardError - (42.5 / 30.0).squareRoot()) < 1e-15)
    }

    @Test func tooFew() {
        #expect(PairedTest.plain([]) == nil)
        #expect(PairedTest.plain([1]) == nil)
        #expect(PairedTest.plain([1, 2]) != nil)
        #expect(PairedTest.trimmed([1, 2, 3, 4, 5, 6, 7]) == nil)
    }

    @Test func noSpreadIsExact() throws {
        let test = try #require(PairedTest.plain([0.5, 0.5, 0.5]))
        #expect(test.pGreater == 0)
        #expect(test.pLess == 1)
        #expect(test.interval(confidence: 0.95) == 0.5...0.5)
        #expect(test.roundsToDecide(from: 0.1, alpha: 0.01) == nil)
        let zero = try #require(PairedTest.plain([0, 0, 0]))
        #expect(zero.pGreater == 1)
        #expect(zero.pLess == 1)
    }

    /// What cannot be computed is no test; it must neither trap nor decide.
    @Test(arguments: [
        [1e308, 1e308, 1e308], [1e200, -1e200, 0], [.infinity, 1, 2], [.nan, 1, 2], [-.infinity, .infinity],
    ])
    func notFinite(differences: [Double]) {
        #expect(PairedTest.plain(differences) == nil)
        #expect(PairedTest.trimmed(differences + differences + differences + differences) == nil)
    }

    /// [t(0.99; 7) + t(0.8; 7)]·SE = (2.99795156686853 + 0.896029644313764)·SE.
    @Test func smallestDetectable() throws {
        let test = try #require(PairedTest.plain([1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(relativeError(test.standardError, (0.75).squareRoot()) < 1e-12)
        #expect(relativeError(test.smallestDetectable(alpha: 0.01), 3.893981211182293 * (0.75).squareRoot()) < 1e-9)
        let asMany = test.smallestDetectable(alpha: 1e-12, rounds: 8)
        #expect(relativeError(asMany, test.smallestDetectable(alpha: 1e-12)) < 1e-12)
        #expect(test.smallestDetectable(alpha: 0.01, rounds: 32) < test.smallestDetectable(alpha: 0.01) / 2)
        #expect(test.smallestDetectable(alpha: 0.01, rounds: 1) == .infinity)
    }

    /// (z(0.99) + z(0.8))² = 10.0360, the spread is √6 and the distance 1.5: 26.8 and three more.
    @Test func roundsToDecide() throws {
        let test = try #require(PairedTest.plain([1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(test.roundsToDecide(from: 3, alpha: 0.01) == 30)
        #expect(test.roundsToDecide(from: 4.5, alpha: 0.01) == nil)
        #expect(test.roundsToDecide(from: 4.499, alpha: 0.01) == nil)
    }

    @Test func medians() {
        #expect(median([]) == nil)
        #expect(median([3]) == 3)
        #expect(median([4, 1, 3]) == 3)
        #expect(median([4, 1, 3, 2]) == 2.5)
    }

    // MARK: properties

    private static let tests: [@Sendable ([Double]) -> PairedTest?] = [PairedTest.plain, PairedTest.trimmed]
    private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

    private static func noise(_ seed: UInt64) -> [Double] {
        var generator = Generator(seed: seed)
        return (0..<(8 + Int(seed) * 3)).map { _ in 0.3 + generator.gaussian() }
    }

    /// What is measured in other units is no other evidence.
    @Test(arguments: seeds)
    func scale(seed: UInt64) throws {
        let values = Self.noise(seed)
        for test in Self.tests {
            let one = try #require(test(values))
            for factor in [1e-9, 1.0 / 3, 1e6] {
                let other = try #require(test(values.map { $0 * factor }))
                #expect(relativeError(other.mean, one.mean * factor) < 1e-12)
                #expect(relativeError(other.spread, one.spread * factor) < 1e-12)
                #expect(relativeError(other.pGreater, one.pGreater) < 1e-9)
            }
        }
    }

    /// Better and worse are mirror images.
    @Test(arguments: seeds)
    func sign(seed: UInt64) throws {
        let values = Self.noise(seed)
        for test in Self.tests {
            let (one, other) = (try #require(test(values)), try #require(test(values.map { -$0 })))
            #expect(relativeError(other.mean, -one.mean) < 1e-12)
            #expect(relativeError(other.pLess, one.pGreater) < 1e-9)
            #expect(abs(one.pLess + one.pGreater - 1) < 1e-12)
            let (interval, mirrored) = (one.interval(confidence: 0.95), other.interval(confidence: 0.95))
            #expect(abs(interval.lowerBound + mirrored.upperBound) < 1e-12)
            #expect(abs(interval.upperBound + mirrored.lowerBound) < 1e-12)
        }
    }

    /// When a round was run is no evidence, to the last bit.
    @Test(arguments: seeds)
    func order(seed: UInt64) {
        let values = Self.noise(seed)
        var generator = SeededGenerator(seed: seed)
        for test in Self.tests { #expect(test(values.shuffled(using: &generator)) == test(values)) }
    }

    /// Worse in every round alike can only be more of a proof.
    @Test(arguments: seeds)
    func monotony(seed: UInt64) throws {
        let values = Self.noise(seed)
        for test in Self.tests {
            var last = 1.0
            for step in -6...20 {
                let p = try #require(test(values.map { $0 + Double(step) / 4 })).pGreater
                #expect(p < last)
                last = p
            }
        }
    }

    /// An interval of the confidence that p gives, one-sided, ends at zero.
    @Test(arguments: seeds)
    func duality(seed: UInt64) throws {
        for test in Self.tests {
            let one = try #require(test(Self.noise(seed)))
            let interval = one.interval(confidence: 1 - 2 * min(one.pGreater, one.pLess))
            #expect(min(abs(interval.lowerBound), abs(interval.upperBound)) < 1e-9)
        }
    }
}
