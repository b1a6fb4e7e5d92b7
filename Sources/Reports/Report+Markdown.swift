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
        page.add(warningList, "warnings")
        page.add(notable, "accepted and improved")
        for finding in regressed { add(finding, to: &page) }
        addUndecided(to: &page)
        page.fold("All \(verdict.findings.count) findings") { allFindings(room: $0) }
        page.fold("Load by step") { loadTable(room: $0) }
        page.fold("Rounds") { roundTable(room: $0) }
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

    private var warningList: MarkdownText {
        verdict.warnings.isEmpty ? "" : bullets(verdict.warnings, sign: "⚠️")
    }

    /// What a reader should see of budgets that hold: costs that were accepted, and what got better.
    private var notable: MarkdownText {
        let findings =
            verdict.findings.filter { $0.kind == .accepted } + verdict.findings.filter { $0.kind == .improved }
        var result: MarkdownText = ""
        for finding in findings.prefix(12) {
            result += "- \(MarkdownText(stringLiteral: finding.symbol)) \(finding.headline): "
            result += "\(finding.reason, limit: 300)\n"
        }
        if findings.count > 12 { result += "- … and \(findings.count - 12) more\n" }
        return result
    }

    private func bullets(_ texts: [String], sign: MarkdownText) -> MarkdownText {
        var result: MarkdownText = ""
        for text in texts.prefix(12) { result += "- \(sign) \(text, limit: 400)\n" }
        if texts.count > 12 { result += "- … and \(texts.count - 12) more\n" }
        return result
    }

    // MARK: what fails

    private func add(_ finding: Finding, to page: inout MarkdownPage) {
        let name = MarkdownText(escaping: finding.key.text)
        var block: MarkdownText = "### \(MarkdownText(stringLiteral: finding.symbol)) \(name)\n\n"
        block += "| baseline | candidate | change | limit | set at |\n|--:|--:|:--|:--|:--|\n"
        block += "| \(numbers: finding.baselineText) | \(numbers: finding.candidateText) | \(changeCell(finding)) "
        block += "| \(numbers: finding.limitText) | \(finding.placeText) |\n\n"
        block += "\(sentence(finding))\n"
        page.add(block, name)
        page.add(failureReasons(of: finding), "reasons for \(name)")
        guard let attribution = attribution(of: finding) else { return }
        // Steps and both limits of a budget share what explains their metric.
        let first = regressed.first { $0.key.metric == finding.key.metric }
        guard first == finding else { return }
        page.add(explanation(attribution, of: finding, room: page.room), "what explains \(name)")
        page.add(example(attribution), "the example stack of \(name)")
        page.add(notes(attribution), "notes on \(name)")
    }

    private func changeCell(_ finding: Finding) -> MarkdownText {
        var cell = MarkdownText(numbers: finding.changeText)
        if let interval = finding.intervalText { cell += "<br><sub>95 %: \(numbers: interval)</sub>" }
        return cell
    }

    private func sentence(_ finding: Finding) -> MarkdownText {
        var text: MarkdownText = "\(Self.capitalized(finding.reason), limit: 500)"
        if finding.demoted { text += "; the count varied between rounds, so it was judged by a test" }
        text += "."
        if finding.kind == .regressed, finding.severity != .error {
            text += " Its severity is \(finding.severity.rawValue), so it fails nothing."
        }
        return text
    }

    private func addUndecided(to page: inout MarkdownPage) {
        guard !undecided.isEmpty else { return }
        var table = MarkdownTable([
            ("undecided", .left), ("baseline", .right), ("candidate", .right), ("change", .left), ("limit", .left),
            ("finding", .left),
        ])
        for finding in undecided {
            table.add([
                "🟡\u{00A0}\(finding.key.text)", "\(numbers: finding.baselineText)", "\(numbers: finding.candidateText)",
                changeCell(finding), limitCell(finding), "\(finding.reason, limit: 300)",
            ])
        }
        page.add(table.text(room: page.room, noun: "undecided limits"), "undecided limits")
    }

    static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    // MARK: everything

    private func allFindings(room: Int) -> MarkdownText? {
        guard !verdict.findings.isEmpty else { return "No budget was judged.\n" }
        var table = MarkdownTable([
            ("metric", .left), ("baseline → candidate", .right), ("change", .left), ("limit", .left),
            ("resolves", .right), ("finding", .left),
        ])
        for finding in verdict.findings {
            var words: MarkdownText = "**\(finding.kindText)**: \(finding.reason, limit: 300)"
            if finding.demoted { words += "; judged by a test, because the count varied" }
            if let p = finding.adjustedP { words += " (\(numbers: Self.pText(p)))" }
            table.add([
                "\(MarkdownText(stringLiteral: finding.symbol))\u{00A0}\(finding.key.text)",
                "\(numbers: finding.baselineText + " → " + finding.candidateText)", changeCell(finding),
                limitCell(finding), "\(numbers: finding.detectableText)", words,
            ])
        }
        guard let text = table.text(room: room - 300, noun: "findings") else { return nil }
        return text
            + """

            <sub>resolves: the smallest change this many rounds find with 80 % power. p: chance of such a change by \
            accident, adjusted for the number of budgets.</sub>

            """
    }

    private static func pText(_ p: Double) -> String {
        p < 0.0001 ? "p < 0.0001" : "p = " + Unit.fixed(p, p < 0.1 ? 4 : 2)
    }

    private func limitCell(_ finding: Finding) -> MarkdownText {
        "\(numbers: finding.limitText)<br><sub>\(finding.placeText)</sub>"
    }

    private var method: MarkdownText {
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
        if let commit = comparison.candidate.description?.commit { text += "- Candidate's commit: \(commit)\n" }
        if let commit = comparison.baseline?.description?.commit { text += "- Baseline's commit: \(commit)\n" }
        text += """
            - Method: each round launches every side afresh, in random order, under the same load, and gives one value \
            per side and metric. Counts are compared exactly; everything else fails only when paired rounds prove it \
            worse (1 % error over all budgets together) and the estimate is over the limit and the floor.

            """
        if let folder { text += "- To judge it again: <code>perfgate compare \(folder, limit: 400)</code>\n" }
        return text
    }
}
