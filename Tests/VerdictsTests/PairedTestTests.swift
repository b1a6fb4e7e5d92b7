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

    /// `scipy.stats.ttest_ind(x, zeros, trim=0.2, equal_var=False)`, in which zeros add nothing to the variance.
    @Test(arguments: [
        (8, 0.025666666666666667, 0.01262008980422353, 5.0, 0.048818908673934805),
        (13, 0.029111111111111112, 0.0064838721679717215, 8.0, 0.0010146810476775222),
    ])
    func trimmed(count: Int, mean: Double, error: Double, degrees: Double, p: Double) throws {
        let test = try #require(PairedTest.trimmed(Array(Self.differences.prefix(count))))
        #expect(relativeError(test.mean, mean) < 1e-9)
        #expect(relativeError(test.standardError, error) < 1e-9)
        #expect(test.degrees == degrees)
        #expect(relativeError(test.pGreater, p) < 1e-9)
    }

    /// Ten values: two are cut at each end, the winsorised are 3 3 3 4 5 6 7 8 8 8, the sum of squares about 5.5 is 42.5.
    @Test func trimmedByHand() throws {
        let test = try #require(PairedTest.trimmed([10, 2, 3, 4, 5, 6, 7, 8, -90, 1000]))
        #expect(test.mean == 5.5)
        #expect(test.degrees == 5)
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
    }

    /// (z(0.99) + z(0.8))² = 10.0360, the spread is √6 and the distance 1.5: 26.8 and three more.
    @Test func roundsToDecide() throws {
        let test = try #require(PairedTest.plain([1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(test.roundsToDecide(from: 3, alpha: 0.01) == 30)
        #expect(test.roundsToDecide(from: 4.5, alpha: 0.01) == nil)
        #expect(test.roundsToDecide(from: 4.499, alpha: 0.01) == nil)
    }

    /// The example of statsmodels' `multipletests(method="holm")`.
    @Test func holm() {
        let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
        for (actual, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(abs(actual - expected) < 1e-15) }
        #expect(holmAdjusted([]) == [])
        #expect(holmAdjusted([0.2]) == [0.2])
        #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
    }

    @Test func medians() {
        #expect(median([]) == nil)
        #expect(median([3]) == 3)
        #expect(median([4, 1, 3]) == 3)
        #expect(median([4, 1, 3, 2]) == 2.5)
    }
}
