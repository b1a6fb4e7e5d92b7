import Measures
import Plans
import Verdicts

/// The findings in Markdown: what fails one by one, what is open in a table, and all of them.
extension Report {
    /// A limit that is broken, with what explains it.
    func add(_ finding: Finding, to page: inout MarkdownPage) {
        let name = MarkdownText(escaping: finding.key.text)
        var block: MarkdownText = "### \(MarkdownText(stringLiteral: finding.symbol)) \(name)\n\n"
        block += "| baseline | candidate | change | limit | set at |\n|--:|--:|:--|:--|:--|\n"
        block += "| \(numbers: finding.baselineText) | \(numbers: finding.candidateText) | \(changeCell(finding)) "
        block += "| \(numbers: finding.limitText) | \(finding.placeText) |\n\n"
        block += "\(sentence(finding))\n"
        page.add(block, name)
        page.add(failureReasons(of: finding), "reasons for \(name)")
        page.add(slowestExchanges(of: finding), "the slowest requests of \(name)")
        guard let attribution = attribution(of: finding) else { return }
        // Steps and both limits of a budget share what explains their metric.
        let first = regressed.first { $0.key.metric == finding.key.metric }
        guard first == finding else { return }
        page.add(explanation(attribution, of: finding, room: page.room), "what explains \(name)")
        page.add(example(attribution, of: finding), "the example stack of \(name)")
        page.add(notes(attribution), "notes on \(name)")
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

    static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    func addUndecided(to page: inout MarkdownPage) {
        guard !undecided.isEmpty else { return }
        page.add(
            table(undecided, title: "undecided", room: page.room, noun: "undecided limits") { finding in
                "\(finding.undecidedText, limit: 400)"
            }, "undecided limits")
    }

    func allFindings(room: Int) -> MarkdownText? {
        guard !verdict.findings.isEmpty else { return "No budget was judged.\n" }
        return table(verdict.findings, title: "metric", room: room, noun: "findings") { finding in
            "**\(finding.kindText)**: \(finding.reason, limit: 300)"
        }
    }

    private func table(
        _ findings: [Finding], title: MarkdownText, room: Int, noun: MarkdownText, words: (Finding) -> MarkdownText
    ) -> MarkdownText? {
        var table = MarkdownTable([
            (title, .left), ("baseline", .right), ("candidate", .right), ("change", .left), ("limit", .left),
            ("finding", .left),
        ])
        for finding in findings {
            table.add([
                "\(MarkdownText(stringLiteral: finding.symbol))\u{00A0}\(finding.key.text)",
                "\(numbers: finding.baselineText)", "\(numbers: finding.candidateText)", changeCell(finding),
                "\(numbers: finding.limitText)<br><sub>\(finding.placeText)</sub>", words(finding),
            ])
        }
        return table.text(room: room, noun: noun)
    }

    private func changeCell(_ finding: Finding) -> MarkdownText {
        var cell = MarkdownText(numbers: finding.changeText)
        if let interval = finding.intervalText {
            cell += "<br><sub>\(numbers: intervalName): \(numbers: interval)</sub>"
        }
        return cell
    }
}
