import Testing
import Verdicts

/// Many p values at once, against published examples.
@Suite struct AdjustmentTests {
    /// The fifteen p values of Benjamini and Hochberg (1995), section 3.1, on treatment after a heart attack.
    static let heart = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.0,
    ]

    /// The example of statsmodels' `multipletests(method="holm")`.
    @Test func holm() {
        expect(holmAdjusted([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
        #expect(holmAdjusted([]) == [])
        #expect(holmAdjusted([0.2]) == [0.2])
        #expect(holmAdjusted([0.9, 0.8]) == [1, 1])
    }

    /// `statsmodels.stats.multitest.multipletests(heart, method="holm")` of version 0.15.
    @Test func holmOfManyTests() {
        let expected = [
            0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1,
        ]
        expect(holmAdjusted(Self.heart), expected)
        #expect(holmAdjusted(Self.heart).filter { $0 <= 0.05 }.count == 3)
    }

    /// `scipy.stats.false_discovery_control(heart)` of version 1.17; the paper finds four discoveries at 5 %.
    @Test func benjaminiHochberg() {
        let expected = [
            0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714286, 0.06385714285714286, 0.0645, 0.0765, 0.486,
            0.5811818181818181, 0.714875, 0.7532307692307693, 0.8132142857142857, 1,
        ]
        expect(benjaminiHochbergAdjusted(Self.heart), expected)
        #expect(benjaminiHochbergAdjusted(Self.heart).filter { $0 <= 0.05 }.count == 4)
        #expect(benjaminiHochbergAdjusted([]) == [])
        #expect(benjaminiHochbergAdjusted([0.2]) == [0.2])
        #expect(benjaminiHochbergAdjusted([0.9, 0.8]) == [0.9, 0.9])
    }

    @Test(arguments: [holmAdjusted, benjaminiHochbergAdjusted])
    func orderIsKept(adjusted: @Sendable ([Double]) -> [Double]) {
        #expect(adjusted(Self.heart.reversed()) == adjusted(Self.heart).reversed())
    }

    /// Holm bounds the chance of any error, Benjamini and Hochberg only the share of errors, so theirs is never larger.
    @Test func bounds() {
        var generator = Generator(seed: 9)
        for count in 1...40 {
            let p = (0..<count).map { _ in generator.uniform() * generator.uniform() }
            for (index, (holm, share)) in zip(holmAdjusted(p), benjaminiHochbergAdjusted(p)).enumerated() {
                // Each is a product of its own, so equal ones may differ in their last bit.
                #expect(p[index] <= share + 1e-15 && share <= holm + 1e-15 && holm <= 1)
            }
        }
    }

    private func expect(_ actual: [Double], _ expected: [Double]) {
        #expect(actual.count == expected.count)
        for (actual, expected) in zip(actual, expected) { #expect(relativeError(actual, expected) < 1e-9) }
    }
}
