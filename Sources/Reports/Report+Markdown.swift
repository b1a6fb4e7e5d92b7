import Measures
import Plans
import Recordings
import Verdicts

package extension Report {
    /// The report as GitHub-flavoured Markdown: verdict first, then what was compared, then what fails and why.
    ///
    /// At most 60 000 bytes; what does not fit is named at the end. Nothing that comes from a profile, a response or
    /// a plan can become markup, a link or a mention.
    var markdown: String {
        var page = MarkdownPage()
        let word = MarkdownText(escaping: verdict.outcome.word)
        page.add(
            "## \(MarkdownText(stringLiteral: verdict.outcome.symbol)) **\(word)**: \(headline, limit: 500)\n",
            "verdict")
        page.add(compared, "what was compared")
        page.add(failureList, "failures")
        page.add(bullets(verdict.warnings, sign: "⚠️"), "warnings")
        page.add(notable, "accepted and improved")
        for finding in regressed { add(finding, to: &page) }
        addUndecided(to: &page)
        page.fold("All \(verdict.findings.count) findings") { allFindings(room: $0) }
        page.fold("Evidence") { evidence(room: $0) }
        page.fold("Load by step") { loadTable(room: $0) }
        page.fold("Rounds and environment") { roundsAndEnvironment(room: $0) }
        if knowsProcesses { page.fold("The service's processes") { processes(room: $0) } }
        page.fold("Machine and method") { _ in method }
        return page.markup
    }
}

extension Report {
    private var compared: MarkdownText {
        var text: MarkdownText = "**Candidate** \(candidateName)"
        if let baselineName {
            text += " **against** \(baselineName)"
            if let baseline = comparison.baseline, !comparison.isPaired {
                text += ", stored on \(baseline.recording.startedAt, limit: 30)"
            }
        } else {
            text += " alone, without a baseline"
        }
        text += ": \(extentText), on \(machineText).\n"
        if judgesLatency { text += closedLoopNote }
        if !verdict.findings.isEmpty {
            text += "\n\(counted(verdict.findings.count, "limit")): \(tallyText).\n"
        }
        return text
    }

    private var failureList: MarkdownText {
        guard verdict.failures.count > 1 || (verdict.outcome != .failed && !verdict.failures.isEmpty) else { return "" }
        let title: MarkdownText =
            verdict.outcome == .failed ? "Why it could not be judged:" : "Besides, this could not be judged:"
        return title + "\n\n" + bullets(verdict.failures, sign: "❗")
    }

    /// What a reader should see of budgets that hold: costs that were accepted, and what got better.
    private var notable: MarkdownText {
        let improved = verdict.findings.filter { $0.kind == .improved }
        let findings = verdict.findings.filter { $0.kind == .accepted } + improved
        var result: MarkdownText = ""
        for finding in findings.prefix(12) {
            result += "- \(MarkdownText(stringLiteral: finding.symbol)) \(finding.headline): "
            result += "\(finding.reason, limit: 300)\n"
        }
        if findings.count > 12 { result += "- … and \(findings.count - 12) more\n" }
        if !improved.isEmpty {
            result += "\nBetter by more than the limit would allow the other way: once merged, this is the better "
            result += "baseline that later changes are held against. The budgets stay as they are.\n"
        }
        return result
    }

    private func bullets(_ texts: [String], sign: MarkdownText) -> MarkdownText {
        var result: MarkdownText = ""
        for text in texts.prefix(12) { result += "- \(sign) \(text, limit: 400)\n" }
        if texts.count > 12 { result += "- … and \(texts.count - 12) more\n" }
        return result
    }

    var method: MarkdownText {
        let recording = comparison.candidate.recording
        let machine = recording.machine
        var text: MarkdownText = "- Machine: \(machine.cpu), \(machine.architecture), "
        text += "\(counted(machine.cores, "core")), \(Unit.bytes.text(Double(machine.memoryBytes))); "
        text += "\(machine.system), kernel \(machine.kernel), clock \(machine.clockSource)\n"
        let limits = [
            machine.cpuLimit.map { "\(Unit.count.text($0)) cores" },
            machine.memoryLimitBytes.map { Unit.bytes.text(Double($0)) },
        ].compactMap { $0 }
        if !limits.isEmpty { text += "- Limited to \(limits.joined(separator: " and "))\n" }
        text += "- Run \(recording.id), begun \(recording.startedAt), seed \(String(recording.seed)), "
        text += "perfgate \(recording.tool)\n"
        for (title, subject) in [("Candidate", comparison.candidate), ("Baseline", comparison.baseline)] {
            guard let side = subject?.description else { continue }
            let facts = [side.commit.map { "commit \($0)" }, side.toolchain.map { "built with \($0)" }].compactMap {
                $0
            }
            if !facts.isEmpty { text += "- \(title): \(facts.joined(separator: ", "), limit: 240)\n" }
        }
        text += """
            - Method: each round launches every side afresh, in random order, under the same load, and gives one value \
            per side and metric. Counts are compared exactly; everything else fails only when paired rounds prove it \
            worse (1 % error over all tested budgets and looks) and the estimate is over the limit and the floor.

            """
        if let folder { text += "- To judge it again: <code>perfgate compare \(folder, limit: 400)</code>\n" }
        return text
    }
}
