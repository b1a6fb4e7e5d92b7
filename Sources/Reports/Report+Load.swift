import Measures
import Recordings
import Verdicts

extension Report {
    /// What came of one step on one side, over the rounds that count.
    struct StepLoad {
        var exchanges = 0
        var failed = 0
        var failures: [FailureCount] = []
        var latency: [Metric: Double] = [:]
    }

    /// One table row per step, and below it why requests failed.
    func loadTable(room: Int) -> MarkdownText? {
        let rounds = comparison.candidate.recording.validRounds
        let steps = rounds.first?.half(comparison.candidate.side)?.load.steps.map(\.name) ?? []
        guard !rounds.isEmpty else { return "No round was completed.\n" }
        var table = MarkdownTable([
            ("step", .left), ("requests", .right), ("failed", .right), ("p50", .right), ("p90", .right),
            ("p99", .right),
        ])
        var reasons: MarkdownText = ""
        for step in [nil] + steps.prefix(100).map(Optional.some) {
            let candidate = load(of: comparison.candidate, step: step)
            let baseline = comparison.baseline.map { load(of: $0, step: step) }
            table.add(row(step, baseline, candidate))
            guard let step else { continue }
            if let baseline { reasons += self.reasons(step, "baseline", baseline) }
            reasons += self.reasons(step, "candidate", candidate)
        }
        let loads = loadsTable(room: 5000) + (judgesLatency ? "" : closedLoopNote) + capacityNote
        guard let text = table.text(room: room - 200 - loads.length, noun: "steps", hidden: max(0, steps.count - 100))
        else {
            return nil
        }
        let legend: MarkdownText =
            comparison.baseline == nil
            ? "\n<sub>Times are medians over the rounds.</sub>\n"
            : "\n<sub>Baseline → candidate; times are medians over the rounds.</sub>\n"
        let whole = text + legend + loads + (reasons.markup.isEmpty ? "" : "\n" + reasons)
        return whole.length <= room ? whole : text + legend + loads
    }

    /// Why requests failed, below a finding that is about failed requests; else nothing.
    func failureReasons(of finding: Finding) -> MarkdownText {
        guard finding.key.metric.isOfFailures else { return "" }
        let names = comparison.candidate.recording.validRounds.first?
            .half(comparison.candidate.side)?.load.steps.map(\.name)
        var text: MarkdownText = ""
        for step in names ?? [] where finding.key.step == nil || finding.key.step == step {
            text += reasons(step, "candidate", load(of: comparison.candidate, step: step))
            if text.length > 4000 { break }
        }
        return text
    }

    private func row(_ step: String?, _ baseline: StepLoad?, _ candidate: StepLoad) -> [MarkdownText] {
        func pair(_ text: (StepLoad) -> String) -> MarkdownText {
            MarkdownText(numbers: baseline.map { text($0) + " → " + text(candidate) } ?? text(candidate))
        }
        func time(_ metric: Metric) -> MarkdownText {
            pair { load in load.latency[metric].map { Unit.time.text($0) } ?? "–" }
        }
        return [
            step.map { "\($0)" } ?? "**all**", pair { Unit.count.text(Double($0.exchanges)) },
            pair { Unit.count.text(Double($0.failed)) }, time(.latencyP50), time(.latencyP90), time(.latencyP99),
        ]
    }

    private func reasons(_ step: String, _ side: MarkdownText, _ load: StepLoad) -> MarkdownText {
        var text: MarkdownText = ""
        for failure in load.failures.prefix(5) {
            text += "- \(side), \(step): \(Unit.count.text(Double(failure.count))) × \(failure.reason, limit: 200)"
            if !failure.traces.isEmpty {
                let traces = failure.traces.prefix(3).map { CleanText.string($0, limit: 40) }
                text += " (trace \(traces.joined(separator: ", "), limit: 140))"
            }
            text += "\n"
        }
        if load.failures.count > 5 { text += "- \(side), \(step): \(load.failures.count - 5) more reasons\n" }
        return text
    }

    func load(of subject: Comparison.Subject, step: String?) -> StepLoad {
        var result = StepLoad()
        var values: [Metric: [Double]] = [:]
        for round in subject.recording.validRounds {
            guard let half = round.half(subject.side) else { continue }
            for metric in [Metric.latencyP50, .latencyP90, .latencyP99] {
                if let value = half.values[MetricKey(metric, step: step)] { values[metric, default: []].append(value) }
            }
            let summary = step.map { name in half.load.steps.first { $0.name == name } } ?? half.load.total
            guard let summary else { continue }
            result.exchanges += summary.exchanges
            result.failed += summary.failed + summary.timedOut
            for failure in summary.failures { Self.merge(failure, into: &result.failures) }
        }
        result.latency = values.compactMapValues { median($0) }
        // Equal counts keep the order in which they were met, so that the same recording is the same text.
        result.failures = result.failures.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
        return result
    }

    private static func merge(_ failure: FailureCount, into all: inout [FailureCount]) {
        if let index = all.firstIndex(where: { $0.reason == failure.reason }) {
            all[index].count += failure.count
            for trace in failure.traces where all[index].traces.count < 3 && !all[index].traces.contains(trace) {
                all[index].traces.append(trace)
            }
        } else if all.count < 100 {
            all.append(failure)
        }
    }
}

extension Metric {
    /// Whether it is about failed requests.
    var isOfFailures: Bool { self == .errorsRate || self == .checksFailedRate }
}
