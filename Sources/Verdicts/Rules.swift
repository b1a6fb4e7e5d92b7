import Measures
package import Plans
package import Recordings

/// The fixed numbers of the rule, with the refusals that follow from them.
package enum Rules {
    /// Chance that any error budget of a clean change is called regressed.
    static let familyError = 0.01
    /// Share of the warnings that may be false.
    static let falseDiscoveryRate = 0.1
    /// Chance that a change over the limit is called within it.
    static let missError = 0.05
    /// Rounds a count needs.
    package static let countRounds = 3
    /// Rounds an interval needs.
    static let intervalRounds = 2
    /// Rounds a trimmed t test needs.
    package static let noisyRounds = 8
    /// A leak is at least this many, or this share of the requests, in every round.
    static let leakFloor = 5.0
    static let leakShare = 0.001
    /// Share of failed requests beyond which a run without a budget for errors says nothing.
    static let errorShare = 0.001
    /// An improvement beyond this on a count or near metric raises the question whether the work was still done.
    static let suspiciousImprovement = 0.5

    /// The fewest rounds in which every budget that can fail or warn can be judged at all.
    package static func leastRounds(_ budgets: Budgets, hasBaseline: Bool) -> Int {
        budgets.all.filter { $0.severity != .info }.map { leastRounds($0, hasBaseline: hasBaseline) }.max() ?? 1
    }

    /// `hasBaseline` is whether it is compared with one round by round.
    static func leastRounds(_ budget: Budget, hasBaseline: Bool) -> Int {
        if hasBaseline, budget.maximumIncrease != nil || budget.maximumDecrease != nil {
            return budget.metric.evidence == .noisy ? noisyRounds : countRounds
        }
        let isAbsolute = budget.maximum != nil || budget.minimum != nil
        return isAbsolute && budget.metric.evidence != .count ? intervalRounds : 1
    }

    /// Why a quantile cannot be gated by the requests a round turned out to have, in words; nil when it can.
    ///
    /// Where the number of requests follows from the plan it was asked before, and may fall short by chance a little.
    package static func tooFewRequests(for budget: Budget, in round: Round) -> String? {
        guard let needed = budget.metric.leastRequests else { return nil }
        for half in round.halves {
            let summary = budget.step.map { step in half.load.steps.first { $0.name == step } } ?? half.load.total
            guard let count = summary?.exchanges, count < needed - needed / 10 else { continue }
            return "\(MetricKey(budget.metric, step: budget.step).text) of the \(count) requests of a round rests on "
                + "fewer than \(Int(Metric.requestsBeyondQuantile)) of them; make at least \(needed) requests per round, "
                + "or gate a lower quantile"
        }
        return nil
    }

    /// What a plan and its budgets can never decide; asked before anything is started.
    ///
    /// `requests` is how many requests a round makes, of one step or (nil) of all; nil where only time is fixed.
    /// `isSearch` is whether the load searches for the capacity, and so tells nothing else.
    package static func refusals(
        budgets: Budgets, rounds: Int, hasBaseline: Bool, isSearch: Bool, requests: (String?) -> Int?
    ) -> [Diagnostic] {
        var result: [Diagnostic] = []
        for budget in budgets.all where budget.severity != .info {
            if isSearch != (budget.metric == .throughputAtBudget) {
                let name = budget.metric.rawValue
                result.append(
                    Diagnostic(
                        place: budget.place,
                        message: isSearch
                            ? "\(name) has no value where the load searches for the capacity"
                            : "\(name) has no value where the load is no search for the capacity",
                        hint: isSearch
                            ? "gate it by a plan with another executor than find-capacity"
                            : "use the executor find-capacity, in a plan of its own"))
                continue
            }
            let needed = leastRounds(budget, hasBaseline: hasBaseline)
            if rounds < needed {
                let isRelative = budget.maximumIncrease != nil || budget.maximumDecrease != nil
                result.append(
                    Diagnostic(
                        place: budget.place,
                        message: hasBaseline && isRelative
                            ? "\(budget.metric.rawValue) cannot be compared in \(rounds) rounds"
                            : "\(budget.metric.rawValue) cannot be judged in one round",
                        hint: "it takes at least \(needed)"))
            }
            if let needed = budget.metric.leastRequests, let count = requests(budget.step) {
                if count < needed {
                    result.append(
                        Diagnostic(
                            place: budget.place,
                            message: "\(budget.metric.rawValue) of \(count) requests per round rests on fewer than "
                                + "\(Int(Metric.requestsBeyondQuantile)) of them",
                            hint: "make at least \(needed) requests per round, or gate a lower quantile"))
                }
            }
        }
        return result
    }
}
