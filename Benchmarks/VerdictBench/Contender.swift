import Measures
import Plans
import Recordings
import Verdicts

/// A way to say from a recording that a metric got worse.
enum Contender: CaseIterable {
    case perfgate
    case medianOfThree
    case oneLaunch
    case oneLaunchOverBudget
    case pooled
    case pooledOverBudget

    var name: String {
        switch self {
        case .perfgate: "perfgate"
        case .medianOfThree: "median of three rounds over the budget"
        case .oneLaunch: "U test at 5 %, one launch per side"
        case .oneLaunchOverBudget: "the same, and over the budget"
        case .pooled: "U test at 5 %, all rounds pooled"
        case .pooledOverBudget: "the same, and over the budget"
        }
    }

    /// Whether it calls the metric of this gate worse; nil where it cannot be asked.
    func flags(_ gate: StoredGate, _ budget: Budget) -> Bool? {
        switch self {
        case .perfgate:
            gate.verdict.findings.first { $0.key == MetricKey(budget.metric) && $0.change != nil }
                .map { $0.kind == .regressed }
        case .medianOfThree: medianOfThree(gate, budget)
        case .oneLaunch: isSlower(gate.rounds.prefix(1), budget, overBudget: false)
        case .oneLaunchOverBudget: isSlower(gate.rounds.prefix(1), budget, overBudget: true)
        case .pooled: isSlower(gate.rounds[...], budget, overBudget: false)
        case .pooledOverBudget: isSlower(gate.rounds[...], budget, overBudget: true)
        }
    }

    private func medianOfThree(_ gate: StoredGate, _ budget: Budget) -> Bool? {
        func middle(_ side: Side) -> Double? {
            let values = gate.rounds.prefix(3).compactMap { $0.half(side)?.values[MetricKey(budget.metric)] }
            return values.count == 3 ? median(values) : nil
        }
        guard let baseline = middle(.baseline), let candidate = middle(.candidate) else { return nil }
        return isOver(baseline, candidate, budget)
    }

    /// The two-sided test says that they differ, and the candidate is the slower one: 2.5 % by chance, were requests
    /// independent.
    private func isSlower(_ rounds: ArraySlice<Round>, _ budget: Budget, overBudget: Bool) -> Bool? {
        guard let quantile = budget.metric.quantile else { return nil }
        func latencies(_ side: Side) -> Histogram {
            var all = Histogram()
            for round in rounds {
                if let half = round.half(side) { all.merge(half.load.total.latency) }
            }
            return all
        }
        let (baseline, candidate) = (latencies(.baseline), latencies(.candidate))
        guard let test = MannWhitney(baseline, candidate), let before = baseline.value(at: quantile),
            let after = candidate.value(at: quantile)
        else { return nil }
        let isProven = test.p < 0.05 && test.z > 0
        return isProven && (!overBudget || isOver(Double(before), Double(after), budget))
    }

    /// Over the limit and over the floor, as the budget has it.
    private func isOver(_ baseline: Double, _ candidate: Double, _ budget: Budget) -> Bool {
        if let decrease = budget.maximumDecrease {
            return baseline - candidate > max(decrease * baseline, budget.floor)
        }
        return candidate - baseline > max((budget.maximumIncrease ?? 0) * baseline, budget.floor)
    }
}
