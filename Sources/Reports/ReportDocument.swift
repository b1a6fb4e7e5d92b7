import Measures
import Plans
import Profiles
import Recordings
import Verdicts

/// The report as `report.json`, version 1 of its schema.
///
/// Numbers are in the metric's base unit (nanoseconds, bytes, fractions, requests per second). What is not known is
/// left out, never written as zero. Fields may be added within a version; none changes its meaning.
struct ReportDocument: Encodable {
    static let currentSchema = 1

    let schema = currentSchema
    let tool: String
    let outcome: String
    let headline: String
    let failures: [String]
    let warnings: [String]
    let folder: String?
    let candidate: SideDocument
    let baseline: SideDocument?
    /// Whether both sides were measured together, round by round.
    let paired: Bool
    let findings: [FindingDocument]
    let attributions: [AttributionDocument]
    let rounds: [RoundDocument]

    init(_ report: Report) {
        let comparison = report.comparison
        tool = comparison.candidate.recording.tool
        outcome = report.verdict.outcome.rawValue
        headline = report.headline
        failures = report.verdict.failures
        warnings = report.verdict.warnings
        folder = report.folder
        candidate = SideDocument(comparison.candidate)
        baseline = comparison.baseline.map { SideDocument($0) }
        paired = comparison.isPaired
        findings = report.verdict.findings.map { FindingDocument($0) }
        attributions = report.attributions.map { AttributionDocument($0) }
        rounds = comparison.candidate.recording.rounds.map { RoundDocument($0) }
    }
}

/// One version of the service and the run that measured it.
struct SideDocument: Encodable {
    let name: String?
    let commit: String?
    let command: String?
    let recording: String
    let startedAt: String
    let seconds: Double?
    let seed: UInt64
    let machine: Machine

    init(_ subject: Comparison.Subject) {
        name = subject.description?.name
        commit = subject.description?.commit
        command = subject.description?.command
        recording = subject.recording.id
        startedAt = subject.recording.startedAt
        seconds = finite(subject.recording.seconds)
        seed = subject.recording.seed
        machine = subject.recording.machine
    }
}

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
    let certain: Bool
    let smallestDetectable: Double?
    let roundsToDecide: Int?

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
        certain = finding.certain
        smallestDetectable = finite(finding.smallestDetectable)
        roundsToDecide = finding.roundsToDecide
    }
}

/// JSON has no infinity; what is not finite is not known.
func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
