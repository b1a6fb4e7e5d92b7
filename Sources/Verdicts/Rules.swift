import Measures
package import Plans

/// The fixed numbers of the rule, with the refusals that follow from them.
package enum Rules {
    /// Chance that any error budget of a clean change is called regressed.
    static let familyError = 0.01
    /// Confidence of the intervals shown, and of "within the budget".
    static let confidence = 0.95
    /// Rounds a count needs.
    static let countRounds = 3
    /// Rounds an interval needs.
    static let intervalRounds = 2
    /// Rounds a trimmed t test needs.
    static let noisyRounds = 8
    /// A leak is at least this many, or this share of the requests, in every round.
    static let leakFloor = 5.0
    static let leakShare = 0.001
    /// Requests expected beyond a gated quantile in each round.
    static let requestsBeyondQuantile = 10.0
    /// Share of failed requests beyond which a run without a budget for errors says nothing.
    static let errorShare = 0.001
    /// An improvement beyond this on a count or near metric raises the question whether the work was still done.
    static let suspiciousImprovement = 0.5

    /// What a plan and its budgets can never decide; asked before anything is started.
    ///
    /// `requests` is how many requests a round makes, of one step or (nil) of all; nil where only time is fixed.
    package static func refusals(
        budgets: Budgets, rounds: Int, hasBaseline: Bool, requests: (String?) -> Int?
    ) -> [Diagnostic] {
        var result: [Diagnostic] = []
        for budget in budgets.all where budget.severity != .info {
            let isRelative = budget.maximumIncrease != nil || budget.maximumDecrease != nil
            if isRelative, hasBaseline {
                let needed =
                    switch budget.metric.evidence {
                    case .count, .near: countRounds
                    case .noisy: noisyRounds
                    }
                if rounds < needed {
                    result.append(
                        Diagnostic(
                            place: budget.place,
                            message: "\(budget.metric.rawValue) cannot be compared in \(rounds) rounds",
                            hint: "it takes at least \(needed)"))
                }
            }
            let isAbsolute = budget.maximum != nil || budget.minimum != nil
            if isAbsolute, budget.metric.evidence != .count, rounds < intervalRounds {
                result.append(
                    Diagnostic(
                        place: budget.place,
                        message: "\(budget.metric.rawValue) cannot be judged in one round",
                        hint: "it takes at least \(intervalRounds)"))
            }
            if let quantile = budget.metric.quantile, let count = requests(budget.step) {
                let beyond = Double(count) * (1 - quantile)
                if beyond < requestsBeyondQuantile - 1e-6 {
                    let needed = Int((requestsBeyondQuantile / (1 - quantile)).rounded())
                    result.append(
                        Diagnostic(
                            place: budget.place,
                            message: "\(budget.metric.rawValue) of \(count) requests per round rests on fewer than "
                                + "\(Int(requestsBeyondQuantile)) of them",
                            hint: "make at least \(needed) requests per round, or gate a lower quantile"))
                }
            }
        }
        return result
    }
}
