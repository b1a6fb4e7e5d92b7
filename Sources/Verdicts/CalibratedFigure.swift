package import Measures
package import Plans
import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// How one metric scatters while nothing changes, and what budget this leaves room for.
package struct CalibratedFigure: Sendable, Equatable {
    package enum Resolution: String, Sendable, Codable {
        /// The rounds of a gate find a change of the budget's size, four times of five.
        case resolved
        /// They do not.
        case unresolved
        /// Nothing has changed and the limit is broken already.
        case broken
        /// A round has no value.
        case missing
    }

    /// An estimate with its interval of 95 % confidence.
    package struct Estimate: Sendable, Equatable, Codable {
        package var estimate: Double
        package var low: Double
        package var high: Double

        package init(estimate: Double, low: Double, high: Double) {
            self.estimate = estimate
            self.low = low
            self.high = high
        }
    }

    package var budget: Budget
    package var proposed: Budget
    /// Whether the budget is one of the defaults and not one of those that were given.
    package var isDefault: Bool
    /// How a gate would compare the metric, after demotion.
    package var evidence: Metric.Evidence
    package var demoted: Bool
    /// Over both sides and all rounds, in the base unit.
    package var median: Double?
    /// Whether spread, effect of the slot and smallest detectable change are fractions and not in the base unit.
    package var isRelative: Bool
    /// Standard deviation of the difference between the sides of one round.
    package var spread: Double?
    /// By how much whichever side came second was larger.
    package var slot: Estimate?
    /// The smallest change that all rounds of a gate find; nil where the metric is held exactly or by no comparison.
    package var smallestDetectable: Double?
    package var resolution: Resolution
    /// Why there is no value, in words.
    package var reason: String?

    package var key: MetricKey { MetricKey(budget.metric, step: budget.step) }
}

extension CalibratedFigure {
    /// The figures of the budgets, and of others that are not gated yet, all as one family.
    static func all(_ recording: Recording, budgets: [Budget], others: [Budget]) -> [Self] {
        let comparison = Comparison(recording)
        let planned = recording.plannedRounds
        let look = LookSchedule(rounds: planned).look(after: planned)
        let all = budgets + others
        let assessments = all.map { Judge.assessments(comparison, [$0], look) }
        return zip(all, assessments).enumerated().map { index, pair in
            let (budget, own) = pair
            let family = assessments.joined().filter { $0.finding.severity == budget.severity && $0.test != nil }
            let alpha = look.leastAlpha(budget.severity, tests: family.count)
            return Self(
                budget, own, Scatter(MetricKey(budget.metric, step: budget.step), recording),
                isDefault: index >= budgets.count, rounds: planned, alpha: alpha)
        }
    }

    private init(
        _ budget: Budget, _ assessments: [Assessment], _ scatter: Scatter?, isDefault: Bool, rounds: Int, alpha: Double
    ) {
        self.init(
            budget: budget, proposed: budget, isDefault: isDefault, evidence: budget.metric.evidence, demoted: false,
            isRelative: scatter?.isRelative ?? true, resolution: .missing)
        guard let scatter else {
            reason = assessments.first?.finding.reason
            return
        }
        median = scatter.median
        spread = scatter.spread
        slot = scatter.slot
        let relative = assessments.first { $0.isRelative }
        if let relative {
            evidence = relative.finding.evidence
            demoted = relative.finding.demoted
            if let test = relative.test {
                let change = test.paired.smallestDetectable(alpha: alpha, rounds: rounds)
                smallestDetectable = test.readable.map { abs($0(change)) }
            }
        }
        resolution = resolution(assessments)
        proposed = proposal
    }

    /// How much larger than the smallest detectable change a proposed budget is.
    ///
    /// A change of the budget's own size is found every second time only, whatever the noise; and a machine is not
    /// always as quiet as it was.
    static let margin = 1.5

    private func resolution(_ assessments: [Assessment]) -> Resolution {
        if assessments.contains(where: { !$0.isRelative && $0.finding.kind == .regressed }) { return .broken }
        if assessments.contains(where: { !$0.isRelative && $0.finding.kind == .inconclusive }) { return .unresolved }
        return smallestDetectable.map { $0 <= allowed(by: budget) ? .resolved : .unresolved } ?? .resolved
    }

    /// The change that breaks the relative limit and the floor as well, on the scale of the spread.
    private func allowed(by budget: Budget) -> Double {
        let tolerance = budget.maximumIncrease ?? budget.maximumDecrease ?? 0
        guard let median, median != 0 else { return isRelative ? tolerance : budget.floor }
        return isRelative
            ? max(tolerance, budget.floor / abs(median)) : max(tolerance * abs(median), budget.floor)
    }

    /// The budget, as strict as the default one where it is laxer, but lax enough for the noise.
    private var proposal: Budget {
        var result = budget
        let preset = DefaultBudgets.ofAnyLoad.first { $0.metric == budget.metric }
        result.maximumIncrease = budget.maximumIncrease.map { min($0, preset?.maximumIncrease ?? $0) }
        result.maximumDecrease = budget.maximumDecrease.map { min($0, preset?.maximumDecrease ?? $0) }
        let needed = (smallestDetectable ?? 0) * Self.margin
        // A floor may be more than enough.
        if needed > allowed(by: result) {
            if isRelative {
                let share = Self.roundedUp(share: needed)
                result.maximumIncrease = result.maximumIncrease.map { max($0, share) }
                // Nothing can fall by more than all.
                result.maximumDecrease = result.maximumDecrease.map { max($0, min(share, 0.95)) }
            } else {
                result.floor = max(result.floor, Self.roundedUp(amount: needed))
            }
        }
        let limit = result.maximumIncrease ?? result.maximumDecrease ?? 0
        // An acceptance that no budget needs is a mistake.
        if let accepted = result.accepted, accepted.upTo <= limit { result.accepted = nil }
        return result
    }

    /// The next half percent, from 10 % the next percent, from 30 % the next five, and never more than may be written.
    static func roundedUp(share: Double) -> Double {
        let thousandths = min(share, LimitRange.maximumChange) * 1000
        let step = thousandths <= 100 ? 5.0 : thousandths <= 300 ? 10.0 : 50.0
        // What lies over a step by rounding only is that step.
        return min(LimitRange.maximumChange, (thousandths / step - 1e-9).rounded(.up) * step / 1000)
    }

    /// The next number of two significant digits.
    static func roundedUp(amount: Double) -> Double {
        guard amount > 0, amount.isFinite else { return 0 }
        var scale = 1.0
        while amount / scale >= 100 { scale *= 10 }
        var divisor = 1.0
        while amount * divisor < 10 { divisor *= 10 }
        return (amount / scale * divisor - 1e-9).rounded(.up) / divisor * scale
    }
}

extension Assessment {
    /// Whether it is about a change against the baseline, and not about a value.
    var isRelative: Bool {
        switch finding.limit {
        case .maximumIncrease, .maximumDecrease: true
        case .maximum, .minimum: false
        }
    }
}

/// The values of one metric in all rounds of a calibration.
private struct Scatter {
    var median: Double
    var isRelative: Bool
    var spread: Double?
    var slot: CalibratedFigure.Estimate?

    /// Nil where a round has no value.
    init?(_ key: MetricKey, _ recording: Recording) {
        let rounds = recording.validRounds
        var pairs: [(first: Double, second: Double, candidateIsSecond: Bool)] = []
        for round in rounds {
            guard round.halves.count == 2, let first = round.halves[0].values[key],
                let second = round.halves[1].values[key]
            else { return nil }
            pairs.append((first, second, round.halves[1].side == .candidate))
        }
        guard let median = Verdicts.median(pairs.flatMap { [$0.first, $0.second] }) else { return nil }
        self.median = median
        let isRelative = !key.metric.canBeZero && pairs.allSatisfy { $0.first > 0 && $0.second > 0 }
        self.isRelative = isRelative
        let slots = pairs.map { isRelative ? log($0.second) - log($0.first) : $0.second - $0.first }
        let differences = zip(slots, pairs).map { $1.candidateIsSecond ? $0 : -$0 }
        spread = PairedTest.plain(differences)?.spread
        if let test = PairedTest.plain(slots) {
            let interval = test.interval(confidence: 0.95)
            let readable: (Double) -> Double = { isRelative ? expm1($0) : $0 }
            slot = CalibratedFigure.Estimate(
                estimate: readable(test.mean), low: readable(interval.lowerBound), high: readable(interval.upperBound))
        }
    }
}
