/// A finding in the making: what one budget alone says, before the errors of all of them are shared out.
struct Assessment {
    var finding: Finding
    /// Nil where the limit is held exactly and no error is spent.
    var test: Test?

    /// A test of "not worse than it may be" on a scale where more is worse and zero is the most that is not.
    struct Test {
        var paired: PairedTest
        /// Where on that scale the limit lies.
        var limit: Double
        /// From a distance on that scale to the terms of `Finding.change`; nil where the limit is absolute.
        var readable: ((Double) -> Double)?
    }

    /// Settles what depends on the other budgets: whether what is over the limit is proven, and what could be.
    ///
    /// `adjustedP` must not exceed `level`; `alpha` is what the least of all p values must not exceed, and `missError`
    /// the chance allowed for calling a change within the limit that is over it.
    mutating func settle(adjustedP: Double, level: Double, alpha: Double, missError: Double) {
        guard let test else { return }
        finding.adjustedP = adjustedP
        finding.level = level
        finding.smallestDetectable = test.readable?(test.paired.smallestDetectable(alpha: alpha))
        // Over the limit, only "worse at all" is left to be proven; within it, "not over the limit".
        let isOver = finding.kind == .regressed
        finding.roundsToDecide = test.paired.roundsToDecide(
            from: isOver ? 0 : test.limit, alpha: isOver ? alpha : missError)
        if isOver, adjustedP > level {
            finding.kind = .inconclusive
            finding.certain = false
            finding.reason =
                test.readable == nil
                ? "\(finding.reason), but not proven" : "worse by more than the limit, but not proven"
        }
        if finding.kind == .inconclusive, let rounds = finding.roundsToDecide, rounds > finding.rounds {
            finding.reason += "; about \(rounds) rounds would decide"
        }
    }
}
