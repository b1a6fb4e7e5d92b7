import Measures
import Plans
import Profiles
import Recordings
import Verdicts

package extension Report {
    /// A summary for a terminal of `width` columns: the verdict first and last, every limit, the worst explained.
    ///
    /// Control sequences appear only with `color`, and never from anything that was measured.
    func terminal(color: Bool, width: Int) -> String {
        let width = min(max(width, 40), 240)
        let style = TerminalStyle(color: color)
        var lines = verdictLines(style, width)
        lines.append("")
        lines += TerminalText.wrap(comparedText, to: width).map { style.paint($0, .faint) }
        // A lone failure that the first line holds whole need not be told twice.
        let lone = verdict.failures.count == 1 ? verdict.failures.first : nil
        let isTold = lone.map { $0.unicodeScalars.count <= CleanText.limit } ?? false
        let notes = verdict.failures.dropFirst(verdict.outcome == .failed && isTold ? 1 : 0)
        for failure in notes.prefix(12) { lines += note("! ", failure, width).map { style.paint($0, .bad) } }
        for warning in verdict.warnings.prefix(12) {
            lines += note("! ", warning, width).map { style.paint($0, .doubtful) }
        }
        // The first line has said what it names.
        for finding in undecided.dropFirst(verdict.outcome == .inconclusive ? Self.named : 0).prefix(12) {
            lines += note("? ", "\(finding.key.text): \(finding.undecidedText)", width).map {
                style.paint($0, .doubtful)
            }
        }
        let findings = TerminalFindings(verdict.findings, intervalName: intervalName, style: style, width: width)
        if !verdict.findings.isEmpty { lines += [""] + findings.lines }
        for finding in regressed.prefix(5) {
            guard let attribution = attribution(of: finding) else { continue }
            let explanation = explanationLines(attribution, of: finding, count: 5)
            guard !explanation.isEmpty else { continue }
            lines += ["", style.paint(TerminalText.cut(CleanText.string(finding.key.text), to: width), .strong)]
            lines += explanation.map { TerminalText.cut("  " + $0, to: width) }
        }
        lines.append("")
        if let folder { lines.append("report: " + CleanText.string(folder, limit: 1000)) }
        lines += verdictLines(style, width)
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Report {
    private func verdictLines(_ style: TerminalStyle, _ width: Int) -> [String] {
        let text = CleanText.string("\(verdict.outcome.word): \(headline)", limit: 600)
        return TerminalText.wrap(text, to: width).map { style.paint($0, .strong, role(verdict.outcome)) }
    }

    private func role(_ outcome: Verdict.Outcome) -> TerminalStyle.Role {
        switch outcome {
        case .passed: .good
        case .regressed, .failed: .bad
        case .inconclusive: .doubtful
        }
    }

    private var comparedText: String {
        var sides = baselineName.map { "\(candidateName) against \($0)" } ?? "\(candidateName), without a baseline"
        if let baseline = comparison.baseline, !comparison.isPaired {
            sides += ", stored on \(baseline.recording.startedAt)"
        }
        return CleanText.string("\(sides); \(extentText); \(machineText)", limit: 600)
    }

    private func note(_ sign: String, _ text: String, _ width: Int) -> [String] {
        TerminalText.wrap(CleanText.string(text, limit: 2000), to: width - 2).enumerated()
            .map { ($0.offset == 0 ? sign : "  ") + $0.element }
    }

    // MARK: explanations

    /// What accounts for a finding, in plain lines.
    func explanationLines(_ attribution: Attribution, of finding: Finding, count: Int) -> [String] {
        var lines: [String] = []
        switch attribution.content {
        case .functions(let functions):
            let unit = finding.key.metric.unit
            let shown = functions.prefix(count)
            let changes = shown.map { unit.change($0.cumulativeChange) }
            let width = changes.map { TerminalText.width($0) }.max() ?? 0
            for (function, change) in zip(shown, changes) {
                lines.append(
                    "\(TerminalText.pad(change, to: width, right: true)) per request  "
                        + "\(CleanText.string(function.function))  "
                        + CleanText.string(place(function.file, function.line)))
            }
        case .tasks(let tasks):
            for (index, task) in tasks.prefix(count).enumerated() {
                lines.append(
                    "\(Unit.count.change(Double(task.growth))) (\(Unit.share.text(task.share))) "
                        + CleanText.string(task.state) + (task.frames.first.map { "  at " + line($0) } ?? ""))
                guard index == 0 else { continue }
                for frame in task.frames.dropFirst().prefix(count) { lines.append("    from " + line(frame)) }
                if let creator = task.createdBy { lines.append("    created by " + line(creator)) }
            }
        case .nothing: break
        }
        // Where notes are all there is, they are the explanation.
        let notes = attribution.notes.prefix(lines.isEmpty ? 6 : 3)
        return lines + notes.map { CleanText.string($0, limit: 300) }
    }

    private func line(_ frame: Frame) -> String {
        CleanText.string(frame.function) + "  " + CleanText.string(place(frame.file, frame.line))
    }
}
