import Measures
import Plans
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
    let run: RunDocument
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
        run = RunDocument(report)
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
    let toolchain: String?
    let recording: String
    let startedAt: String
    let seconds: Double?
    let seed: UInt64
    let machine: Machine
    /// Medians and maxima over the half-rounds that count, by measure.
    let environment: [String: HalfRoundMeasure.Summary]
    /// The same of what the kernel did with its processes; left out where nothing is known.
    let processes: [String: HalfRoundMeasure.Summary]?

    init(_ subject: Comparison.Subject) {
        name = subject.description?.name
        commit = subject.description?.commit
        command = subject.description?.command
        toolchain = subject.description?.toolchain
        recording = subject.recording.id
        startedAt = subject.recording.startedAt
        seconds = finite(subject.recording.seconds)
        seed = subject.recording.seed
        machine = subject.recording.machine
        environment = HalfRoundMeasure.environment.summaries(of: subject)
        let processes = HalfRoundMeasure.processes.summaries(of: subject)
        self.processes = processes.isEmpty ? nil : processes
    }
}

/// JSON has no infinity; what is not finite is not known.
func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
