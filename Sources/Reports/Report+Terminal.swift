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
        if let closedLoopText, judgesLatency {
            lines += TerminalText.wrap(closedLoopText, to: width).map { style.paint($0, .faint) }
        }
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
            let explanation = explanationLines(attribution, of: finding, count: 5, width: width - 2)
            guard !explanation.isEmpty else { continue }
            lines += ["", style.paint(TerminalText.cut(CleanText.string(finding.key.text), to: width), .strong)]
            lines += explanation.map { "  " + $0 }
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

    /// What accounts for a finding, in plain lines of at most `width` columns where there is such a bound.
    func explanationLines(
        _ attribution: Attribution, of finding: Finding, count: Int, width: Int? = nil
    ) -> [String] {
        var lines: [String] = []
        switch attribution.content {
        case .functions(let functions):
            let unit = finding.key.metric.costUnit
            let shown = functions.prefix(count)
            let changes = shown.map { unit.change($0.cumulativeChange) }
            let columns = changes.map { TerminalText.width($0) }.max() ?? 0
            for (function, change) in zip(shown, changes) {
                let head = "\(TerminalText.pad(change, to: columns, right: true)) per request  "
                lines.append(line(head, function.function, function.file, function.line, width))
                // Whose calls these are is told of the first, and how much of them.
                guard lines.count == 1, function.path.count > 1 else { continue }
                let ofPath = unit.change(function.pathChange)
                for (index, frame) in function.path.dropFirst().prefix(count).enumerated() {
                    lines.append(line(index == 0 ? "    \(ofPath) from " : "    from ", frame, width))
                }
            }
        case .tasks(let tasks):
            for (index, task) in tasks.prefix(count).enumerated() {
                let head =
                    "\(Unit.count.change(Double(task.growth))) (\(Unit.share.text(task.share))) "
                    + CleanText.string(task.state)
                lines.append(
                    task.frames.first.map { line(head + "  at ", $0, width) }
                        ?? width.map { TerminalText.cut(head, to: $0) } ?? head)
                guard index == 0 else { continue }
                for frame in task.frames.dropFirst().prefix(count) { lines.append(line("    from ", frame, width)) }
                if let creator = task.createdBy { lines.append(line("    created by ", creator, width)) }
            }
        case .nothing: break
        }
        // Where notes are all there is, they are the explanation.
        let notes = attribution.notes.prefix(lines.isEmpty ? 6 : 3).map { CleanText.string($0, limit: 400) }
        return lines + notes.flatMap { note in width.map { TerminalText.wrap(note, to: $0) } ?? [note] }
    }

    private func line(_ head: String, _ frame: Frame, _ width: Int?) -> String {
        line(head, frame.function, frame.file, frame.line, width)
    }

    /// A function and its place; of what does not fit, folders go first, and what qualifies the function next.
    private func line(_ head: String, _ function: String, _ file: String, _ number: Int, _ width: Int?) -> String {
        let name = CleanText.string(function)
        let places = self.places(file, number).map { CleanText.string($0) }
        let lines = places.map { "\(head)\(name)  \($0)" }
        guard let width, let place = places.last else { return lines.first ?? "" }
        if let line = lines.first(where: { TerminalText.width($0) <= width }) { return line }
        let rest = width - TerminalText.width(head)
        // Whoever names a file at such length has less of its place, but not less of the function.
        let room = max(rest / 3, rest - TerminalText.width("  \(place)"))
        return TerminalText.cut("\(head)\(TerminalText.cutQualifiers(name, to: room))  \(place)", to: width)
    }
}
