import Gate
import Measures
import Plans
import Recordings
import Verdicts

/// A gate on disk, judged once.
struct StoredGate {
    /// What was planted, and the metric that is to notice; nil of a clean gate.
    let kind: String
    let metric: Metric?
    let verdict: Verdict
    let budgets: [Budget]
    /// Rounds that count.
    let rounds: [Round]
    let seconds: Double

    init(_ path: String, kind: String, metric: Metric?) throws {
        self.kind = kind
        self.metric = metric
        let run = try StoredRun(folder: RunFolder(existing: path))
        let recording = run.recording
        let budgets = try BudgetReader.read(
            recording.budgets.text, file: recording.budgets.file, steps: nil,
            today: String(recording.startedAt.prefix(10)))
        verdict = Judge.judge(run.comparison, budgets: budgets)
        self.budgets = budgets.all
        rounds = recording.validRounds
        seconds = recording.seconds
    }

    func budget(_ metric: Metric) -> Budget? { budgets.first { $0.metric == metric && $0.step == nil } }

    func finding(_ metric: Metric) -> Finding? { verdict.findings.first { $0.key == MetricKey(metric) } }
}
