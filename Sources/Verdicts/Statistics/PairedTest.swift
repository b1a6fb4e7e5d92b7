/// The paired t tests of the rounds' differences, plain and on trimmed means.
package struct PairedTest: Sendable, Equatable {
    /// Estimated difference, and its standard error.
    package let mean: Double
    package let standardError: Double
    package let degrees: Double
    /// Standard deviation of one difference, as the test sees it: `standardError`·√R.
    package let spread: Double
    package let rounds: Int

    /// The plain paired t test; needs two differences, and nil where they are too large to compute with.
    package static func plain(_ differences: [Double]) -> PairedTest? {
        let count = differences.count
        guard count >= 2 else { return nil }
        let mean = differences.reduce(0, +) / Double(count)
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        return PairedTest(
            mean: mean, standardError: (variance / Double(count)).squareRoot(), degrees: Double(count - 1),
            rounds: count)
    }

    /// The test of 20 % trimmed means with winsorised variance (Yuen, Biometrika 1974); needs eight differences.
    ///
    /// Nil where they are too large to compute with.
    package static func trimmed(_ differences: [Double]) -> PairedTest? {
        let count = differences.count
        guard count >= 8 else { return nil }
        let cut = count / 5
        let kept = count - 2 * cut
        let sorted = differences.sorted()
        let mean = sorted[cut..<(count - cut)].reduce(0, +) / Double(kept)
        let winsorised = sorted.map { min(max($0, sorted[cut]), sorted[count - cut - 1]) }
        let center = winsorised.reduce(0, +) / Double(count)
        let squares = winsorised.reduce(0) { $0 + ($1 - center) * ($1 - center) }
        // (R − 1)·s_w² is the sum of squares itself.
        let error = (squares / Double(kept * (kept - 1))).squareRoot()
        return PairedTest(mean: mean, standardError: error, degrees: Double(kept - 1), rounds: count)
    }

    private init?(mean: Double, standardError: Double, degrees: Double, rounds: Int) {
        guard mean.isFinite, standardError.isFinite else { return nil }
        self.mean = mean
        self.standardError = standardError
        self.degrees = degrees
        self.rounds = rounds
        spread = standardError * Double(rounds).squareRoot()
    }

    /// One-sided p of "not above zero".
    package var pGreater: Double { p(mean) }

    /// One-sided p of "not below zero".
    package var pLess: Double { p(-mean) }

    private func p(_ estimate: Double) -> Double {
        // Without any spread the estimate is exact.
        if standardError == 0 { return estimate > 0 ? 0 : 1 }
        return StudentT(degrees: degrees).upperTail(estimate / standardError)
    }

    /// The two-sided interval with the given confidence.
    package func interval(confidence: Double) -> ClosedRange<Double> {
        let reach = StudentT(degrees: degrees).quantile((1 + confidence) / 2) * standardError
        return (mean - reach)...(mean + reach)
    }

    /// The smallest true change found with 80 % power at the one-sided level `alpha`.
    package func smallestDetectable(alpha: Double) -> Double {
        let t = StudentT(degrees: degrees)
        return (t.quantile(1 - alpha) + t.quantile(0.8)) * standardError
    }

    /// About how many rounds would tell a true change of `mean` from `line`, at the same spread.
    ///
    /// Normal approximation with three rounds added for the heavier tails of t; nil when the two coincide.
    package func roundsToDecide(from line: Double, alpha: Double) -> Int? {
        let distance = abs(mean - line)
        guard distance > 0, spread > 0 else { return nil }
        let z = SpecialFunctions.normalUpperQuantile(tail: alpha) + SpecialFunctions.normalUpperQuantile(tail: 0.2)
        let needed = (z * spread / distance) * (z * spread / distance) + 3
        return needed < 10_000 ? Int(needed.rounded(.up)) : nil
    }
}

/// Holm's step-down adjustment of p values (Scandinavian Journal of Statistics, 1979), in the order given.
package func holmAdjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var largest = 0.0
    for (rank, index) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated() {
        largest = max(largest, min(1, Double(p.count - rank) * p[index]))
        adjusted[index] = largest
    }
    return adjusted
}

/// The adjustment of p values that controls the share of false ones among those taken for proofs (Benjamini & Hochberg,
/// Journal of the Royal Statistical Society B, 1995), in the order given.
package func benjaminiHochbergAdjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var smallest = 1.0
    for (rank, index) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated().reversed() {
        smallest = min(smallest, p[index] * Double(p.count) / Double(rank + 1))
        adjusted[index] = smallest
    }
    return adjusted
}

/// The middle value, or the mean of the two middle ones; nil of nothing.
package func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
