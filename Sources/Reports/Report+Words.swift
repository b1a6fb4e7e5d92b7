import Measures
import Plans
import Recordings
import Verdicts

extension Verdict.Outcome {
    var word: String {
        switch self {
        case .passed: "Passed"
        case .regressed: "Regressed"
        case .inconclusive: "Inconclusive"
        case .failed: "Could not judge"
        }
    }

    var symbol: String {
        switch self {
        case .passed: "✅"
        case .regressed: "❌"
        case .inconclusive: "🟡"
        case .failed: "❗"
        }
    }
}

extension Report {
    /// What follows the outcome's word in the first line, not yet escaped.
    var headline: String {
        let text =
            switch verdict.outcome {
            case .passed: holding
            case .regressed: list(regressed.filter { $0.severity == .error }.map(\.headline))
            case .inconclusive: list(undecided.map { "\($0.headline): \($0.decisionText)" })
            case .failed: list(verdict.failures)
            }
        return text + (verdict.outcome == .failed ? "" : warned)
    }

    /// How many of a kind the first line names.
    static let named = 2

    private func list(_ texts: [String]) -> String {
        let shown = texts.prefix(Self.named).map { CleanText.string($0, limit: 200) }
        let more = texts.count - shown.count
        return shown.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
    }

    private var holding: String {
        let all = verdict.findings
        let holding = all.filter { $0.kind == .pass || $0.kind == .improved }.count
        let first = holding == all.count ? counted(all.count, "limit") : "\(holding) of \(counted(all.count, "limit"))"
        let others = all.filter { $0.kind != .pass && !($0.kind == .regressed && $0.severity == .warn) }
        return ([first + (holding == 1 ? " holds" : " hold")] + Self.tally(others)).joined(separator: ", ")
    }

    /// The budgets that warn: `; 1 warning: latency.p99`, or nothing.
    private var warned: String {
        let findings = regressed.filter { $0.severity == .warn }
        guard !findings.isEmpty else { return "" }
        var names: [String] = []
        for finding in findings where !names.contains(finding.key.text) { names.append(finding.key.text) }
        let shown = names.prefix(Self.named).map { CleanText.string($0, limit: 80) }
        let more = names.count > shown.count ? ["\(names.count - shown.count) more"] : []
        return "; \(counted(findings.count, "warning")): \(listed(shown + more))"
    }

    /// How many findings of each kind: `1 regressed, 11 within the limit`.
    var tallyText: String { Self.tally(verdict.findings).joined(separator: ", ") }

    private static func tally(_ findings: [Finding]) -> [String] {
        let kinds: [(words: String, kind: Finding.Kind, severity: Budget.Severity?)] = [
            ("regressed", .regressed, .error), ("regressed as a warning", .regressed, .warn),
            ("regressed for information", .regressed, .info), ("inconclusive", .inconclusive, nil),
            ("without a value", .missing, nil), ("accepted", .accepted, nil), ("improved", .improved, nil),
            ("not compared", .unanchored, nil), ("within the limit", .pass, nil),
        ]
        return kinds.compactMap { words, kind, severity in
            let count = findings.filter { $0.kind == kind && (severity == nil || $0.severity == severity) }.count
            return count > 0 ? "\(count) \(words)" : nil
        }
    }

    /// What a side is called, with its commit unless the name has it already.
    static func name(_ description: SideDescription) -> String {
        guard let commit = description.commit, !commit.isEmpty, !description.name.contains(commit.prefix(7)) else {
            return description.name
        }
        return "\(description.name) (\(commit.prefix(12)))"
    }

    var candidateName: String { comparison.candidate.description.map(Self.name) ?? "the candidate" }
    var baselineName: String? { comparison.baseline.map { $0.description.map(Self.name) ?? "the baseline" } }

    var machineText: String {
        let machine = comparison.candidate.recording.machine
        return "\(machine.cpu), \(counted(machine.cores, "core"))"
    }
}
