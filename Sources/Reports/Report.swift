import Measures
import Plans
package import Verdicts

/// A verdict with everything a reader needs to believe it and to act on it.
///
/// One value, rendered in several forms: ``markdown`` for a comment or a job summary, ``json()`` for programs,
/// ``junit`` for test views, ``terminal(color:width:)`` for people at a prompt. Rendering is pure and bounded: the same
/// report is the same bytes.
package struct Report: Sendable {
    let verdict: Verdict
    let comparison: Comparison
    let attributions: [Attribution]
    /// Where the recording and the report's files lie, as a path to type; nil when they were not kept.
    let folder: String?

    package init(verdict: Verdict, comparison: Comparison, attributions: [Attribution], folder: String?) {
        self.verdict = verdict
        self.comparison = comparison
        self.attributions = attributions
        self.folder = folder
    }

    /// What was measured to explain a metric, or nil.
    func attribution(of finding: Finding) -> Attribution? {
        attributions.first { $0.metric == finding.key.metric }
    }

    /// Regressed findings, those that fail first.
    var regressed: [Finding] {
        let all = verdict.findings.filter { $0.kind == .regressed }
        return all.filter { $0.severity == .error } + all.filter { $0.severity != .error }
    }

    /// Findings that could have failed but were not decided.
    var undecided: [Finding] {
        verdict.findings.filter { $0.kind == .inconclusive && $0.severity == .error }
    }
}
