/// The paired t tests of the rounds' differences, plain and on trimmed means.
///
/// Both add up in the order of size, so that not even a last bit depends on the order of the rounds.
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
        let sorted = differences.sorted()
        let mean = sorted.reduce(0, +) / Double(count)
        let variance = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        return PairedTest(
            mean: mean, standardError: (variance / Double(count)).squareRoot(), degrees: Double(count - 1),
            rounds: count)
    }

    /// The test of 20 % trimmed means with winsorised variance (Yuen, Biometrika 1974); needs eight differences.
    ///
    /// Its degrees of freedom are h − 1 − g/2, of h differences kept and g cut at each end. Yuen's h − 1 is made for 5 %:
    /// of Gaussian noise it calls half as much again significant as it should at 1e-4 in eight rounds, and three quarters
    /// more in twenty. With half a degree less for each difference cut at one end, no number of rounds from 8 to 40, nor any
    /// tried up to 199, does so by more than 2 % at any level from 5 % to 1e-4; `ci/bench-trimmed-t` shows it.
    ///
    /// Nil where they are too large to compute with.
    package static func trimmed(_ differences: [Double]) -> PairedTest? {
        let count = differences.count
        guard count >= 8 else { return nil }
        let cut = count / 5
        let kept = count - 2 * cut
        let sorted = differences.sorted()
        let (low, high) = (sorted[cut], sorted[count - cut - 1])
        let middle = sorted[cut..<(count - cut)]
        let sum = middle.reduce(0, +)
        let mean = sum / Double(kept)
        // Winsorised: what is cut counts as the nearest value that is not.
        let center = (sum + Double(cut) * (low + high)) / Double(count)
        func square(_ value: Double) -> Double { (value - center) * (value - center) }
        let squares = middle.reduce(0) { $0 + square($1) } + Double(cut) * (square(low) + square(high))
        // (R − 1)·s_w² is the sum of squares itself.
        let error = (squares / Double(kept * (kept - 1))).squareRoot()
        return PairedTest(
            mean: mean, standardError: error, degrees: trimmedDegrees(count), rounds: count)
    }

    /// h − 1 − g/2 of so many rounds.
    private static func trimmedDegrees(_ rounds: Int) -> Double {
        let cut = rounds / 5
        return Double(rounds - 2 * cut - 1) - Double(cut) / 2
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
        let reach = StudentT(degrees: degrees).upperQuantile(tail: (1 - confidence) / 2) * standardError
        return (mean - reach)...(mean + reach)
    }

    /// The smallest true change found with 80 % power at the one-sided level `alpha`: in as many rounds, or in so many
    /// others of this spread.
    package func smallestDetectable(alpha: Double, rounds others: Int? = nil) -> Double {
        var (degrees, error) = (degrees, standardError)
        if let others {
            // A trimmed test has fewer degrees of freedom than rounds but one.
            let isTrimmed = degrees < Double(rounds - 1)
            degrees = isTrimmed ? Self.trimmedDegrees(others) : Double(others - 1)
            error = spread / Double(others).squareRoot()
        }
        guard degrees > 0 else { return .infinity }
        let t = StudentT(degrees: degrees)
        return (t.upperQuantile(tail: alpha) + t.upperQuantile(tail: 0.2)) * error
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

/// The middle value, or the mean of the two middle ones; nil of nothing.
package func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
