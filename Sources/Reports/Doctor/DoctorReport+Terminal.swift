import Measures
import Recordings
import Verdicts

package extension DoctorReport {
    /// A table for a terminal of `width` columns, the conclusion last.
    func terminal(color: Bool, width: Int) -> String {
        let width = min(max(width, 40), 120)
        let style = TerminalStyle(color: color)
        let machine = survey.machine
        let head =
            "perfgate \(tool) on \(machine.cpu), \(machine.architecture), \(machine.system), Linux \(machine.kernel)"
        var lines = TerminalText.wrap(CleanText.string(head, limit: 600), to: width)
        for group in Advice.Group.allCases {
            lines += ["", style.paint(group.rawValue, .strong)]
            for advice in advice where advice.group == group { lines += self.lines(advice, style, width) }
        }
        lines.append("")
        let role: TerminalStyle.Role =
            canMeasure ? (resolution.map { $0.quality > .typical } ?? true ? .doubtful : .good) : .bad
        lines += TerminalText.wrap(CleanText.string(conclusion, limit: 2000), to: width)
            .map { style.paint($0, .strong, role) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(_ advice: Advice, _ style: TerminalStyle, _ width: Int) -> [String] {
        let role: TerminalStyle.Role? =
            switch advice.level {
            case .ok: nil
            case .note: .doubtful
            case .warning, .problem: .bad
            }
        func paint(_ text: String) -> String { role.map { style.paint(text, $0) } ?? style.paint(text, .faint) }
        let level = TerminalText.pad(advice.level.rawValue, to: 7)
        // A narrow terminal has the text below the topic.
        let isNarrow = width < 72
        let indent = String(repeating: " ", count: isNarrow ? 4 : 27)
        func wrapped(_ text: String) -> [String] {
            TerminalText.wrap(CleanText.string(text, limit: 1000), to: width - indent.count)
        }
        let value = wrapped(advice.value)
        let remedy = advice.remedy.map { wrapped($0) } ?? []
        let topic = CleanText.string(advice.topic)
        if isNarrow {
            return ["  \(paint(level))  \(topic)"] + (value + remedy).map { indent + $0 }
        }
        let first = "  \(paint(level))  \(TerminalText.pad(topic, to: 14))  \(value.first ?? "")"
        return [first] + (value.dropFirst() + remedy).map { indent + $0 }
    }
}
