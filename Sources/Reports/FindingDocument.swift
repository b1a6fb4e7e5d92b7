import Measures
import Plans
import Verdicts

/// One limit of one budget and what is known about it.
struct FindingDocument: Encodable {
    struct Limit: Encodable {
        /// `max`, `min`, `maxIncrease` or `maxDecrease`, the words of `thresholds.json`.
        let kind: String
        /// In the base unit, or a fraction for the relative ones.
        let value: Double?
    }

    struct Change: Encodable {
        /// Whether the numbers are fractions of the baseline; else they are in the base unit.
        let relative: Bool
        let estimate: Double?
        let low: Double?
        let high: Double?
    }

    let metric: String
    let step: String?
    let unit: String
    let limit: Limit
    let floor: Double?
    let severity: String
    let place: Place
    let kind: String
    let reason: String
    let baseline: Double?
    let candidate: Double?
    let change: Change?
    let evidence: String
    let demoted: Bool
    let rounds: Int
    let p: Double?
    let adjustedP: Double?
    /// What `adjustedP` must not exceed to be a proof.
    let level: Double?
    let certain: Bool
    let smallestDetectable: Double?
    let roundsToDecide: Int?
    /// That these rounds cannot tell a change as small as the limit allows, in words.
    let unresolved: String?

    init(_ finding: Finding) {
        metric = finding.key.metric.rawValue
        step = finding.key.step
        unit = finding.key.metric.unit.rawValue
        limit =
            switch finding.limit {
            case .maximum(let value): Limit(kind: "max", value: finite(value))
            case .minimum(let value): Limit(kind: "min", value: finite(value))
            case .maximumIncrease(let share): Limit(kind: "maxIncrease", value: finite(share))
            case .maximumDecrease(let share): Limit(kind: "maxDecrease", value: finite(share))
            }
        floor = finite(finding.floor)
        severity = finding.severity.rawValue
        place = finding.place
        kind = finding.kind.rawValue
        reason = finding.reason
        baseline = finite(finding.baseline)
        candidate = finite(finding.candidate)
        change = finding.change.map {
            Change(relative: $0.isRelative, estimate: finite($0.estimate), low: finite($0.low), high: finite($0.high))
        }
        evidence = finding.evidence.rawValue
        demoted = finding.demoted
        rounds = finding.rounds
        p = finite(finding.p)
        adjustedP = finite(finding.adjustedP)
        level = finite(finding.level)
        certain = finding.certain
        smallestDetectable = finite(finding.smallestDetectable)
        roundsToDecide = finding.roundsToDecide
        unresolved = finding.unresolvedText
    }
}
