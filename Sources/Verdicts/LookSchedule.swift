/// When the rounds are looked at, and how much of the allowed errors each look may spend.
///
/// A run ends at the first look at which every budget is decided. The errors spent at the looks add up to those allowed
/// for the whole, however the looks depend on each other (Bonferroni's inequality), so looking early costs nothing but
/// power.
package struct LookSchedule: Sendable, Equatable {
    /// Numbers of rounds, ascending; the last is that of all rounds planned.
    package let looks: [Int]
    /// The share of the errors each look may spend; they add up to 1.
    private let shares: [Double]

    /// Looks after 8, 13 and 20 rounds of 20, spending 15, 25 and 60 %; of other numbers in proportion.
    ///
    /// No look comes before a trimmed t test is possible or within two rounds of the next one; what a look left out
    /// would have spent goes to the next.
    package init(rounds: Int) {
        var looks = [rounds]
        var shares = [Self.fractions.last?.share ?? 1]
        for (fraction, share) in Self.fractions.dropLast().reversed() {
            let look = max(Rules.noisyRounds, Int((Double(rounds) * fraction).rounded()))
            if look + 2 < looks[0] {
                looks.insert(look, at: 0)
                shares.insert(share, at: 0)
            } else {
                shares[0] += share
            }
        }
        self.looks = looks
        self.shares = shares
    }

    private static let fractions: [(of: Double, share: Double)] = [(0.4, 0.15), (0.65, 0.25), (1, 0.6)]

    /// The look that a run takes which has this many rounds and takes no other after it.
    ///
    /// A run that ends between two looks, for want of time, may spend all that is left.
    package func look(after rounds: Int) -> Look {
        if let index = looks.firstIndex(of: rounds) {
            return Look(rounds: rounds, planned: looks[looks.count - 1], share: shares[index])
        }
        let left = zip(looks, shares).filter { $0.0 > rounds }.reduce(0) { $0 + $1.1 }
        return Look(rounds: rounds, planned: looks[looks.count - 1], share: left > 0 ? left : shares[shares.count - 1])
    }
}

/// What may be concluded after some rounds.
package struct Look: Sendable, Equatable, Codable {
    package var rounds: Int
    /// Rounds that were planned at most.
    package var planned: Int
    /// The share of the errors allowed for the whole run that this look may spend.
    package var share: Double

    package init(rounds: Int, planned: Int, share: Double) {
        self.rounds = rounds
        self.planned = planned
        self.share = share
    }

    /// Chance that any error budget of a clean change is called regressed at this look.
    package var familyError: Double { Rules.familyError * share }
    /// Share of the warnings of this look that may be false.
    package var falseDiscoveryRate: Double { Rules.falseDiscoveryRate * share }
    /// Chance that a change over the limit is called within it at this look.
    package var missError: Double { Rules.missError * share }
    /// Confidence of the intervals of this look.
    package var confidence: Double { 1 - 2 * missError }
}
