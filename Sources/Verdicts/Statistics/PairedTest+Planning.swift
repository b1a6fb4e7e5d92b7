extension PairedTest {
    /// The smallest true change that so many rounds of this spread find with 80 % power at the one-sided level `alpha`.
    package func smallestDetectable(alpha: Double, rounds: Int) -> Double {
        // A trimmed test has fewer degrees of freedom than rounds but one.
        let isTrimmed = degrees < Double(self.rounds - 1)
        let degrees = isTrimmed ? Self.trimmedDegrees(rounds) : Double(rounds - 1)
        guard degrees > 0 else { return .infinity }
        let t = StudentT(degrees: degrees)
        return (t.quantile(1 - alpha) + t.quantile(0.8)) * spread / Double(rounds).squareRoot()
    }
}
