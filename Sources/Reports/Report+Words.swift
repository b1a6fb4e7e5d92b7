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
        switch verdict.outcome {
        case .passed: holding
        case .regressed: list(regressed.filter { $0.severity == .error }.map(\.headline))
        case .inconclusive: list(undecided.map(\.headline))
        case .failed: list(verdict.failures)
        }
    }

    private func list(_ texts: [String]) -> String {
        let shown = texts.prefix(2).map { CleanText.string($0, limit: 200) }
        return shown.joined(separator: "; ") + (texts.count > 2 ? "; and \(texts.count - 2) more" : "")
    }

    private var holding: String {
        let all = verdict.findings
        let holding = all.filter { $0.kind == .pass || $0.kind == .improved }.count
        let first = holding == all.count ? counted(all.count, "limit") : "\(holding) of \(counted(all.count, "limit"))"
        return ([first + (holding == 1 ? " holds" : " hold")] + tally(without: [.pass])).joined(separator: ", ")
    }

    /// How many findings of each kind: `1 regressed, 11 within the limit`.
    var tallyText: String {
        tally(without: []).joined(separator: ", ")
    }

    private func tally(without excluded: Set<Finding.Kind>) -> [String] {
        let findings = verdict.findings.filter { !excluded.contains($0.kind) }
        let failing = findings.filter { $0.kind == .regressed && $0.severity == .error }.count
        var result = failing > 0 ? ["\(failing) regressed"] : []
        func add(_ words: String, _ kind: Finding.Kind) {
            let count = findings.filter { $0.kind == kind && (kind != .regressed || $0.severity != .error) }.count
            if count > 0 { result.append("\(count) \(words)") }
        }
        add("regressed without failing", .regressed)
        add("inconclusive", .inconclusive)
        add("without a value", .missing)
        add("accepted", .accepted)
        add("improved", .improved)
        add("not compared", .unanchored)
        add("within the limit", .pass)
        return result
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

    /// How much was measured: `8 rounds of 2000 requests, 1 min 52 s`.
    var extentText: String {
        let recording = comparison.candidate.recording
        let valid = recording.validRounds
        var text = counted(valid.count, "round")
        let voided = recording.rounds.count - valid.count
        if voided > 0 { text += " (\(voided) more voided)" }
        let requests = valid.compactMap { $0.half(comparison.candidate.side)?.load.total.exchanges }
        if let middle = median(requests.map { Double($0) }) { text += " of \(Unit.count.text(middle)) requests" }
        return text + ", " + durationText(seconds: recording.seconds)
    }

    var machineText: String {
        let machine = comparison.candidate.recording.machine
        return "\(machine.cpu), \(counted(machine.cores, "core"))"
    }
}
