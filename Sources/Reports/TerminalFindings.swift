import Measures
import Plans
import Verdicts

/// The findings as a table, the worst first; where the terminal is too narrow, one below the other.
///
/// Nothing is left out for want of room: intervals stand below changes, floors below limits.
struct TerminalFindings {
    private let findings: [Finding]
    private let hidden: Int
    private let intervalName: String
    private let style: TerminalStyle
    private let width: Int

    /// Columns of a name in the table.
    private static let nameLimit = 32

    init(_ findings: [Finding], intervalName: String, style: TerminalStyle, width: Int) {
        let order: [Finding.Kind] = [.regressed, .missing, .inconclusive, .accepted, .unanchored, .improved, .pass]
        let sorted = order.flatMap { kind in findings.filter { $0.kind == kind } }
        self.findings = Array(sorted.prefix(60))
        hidden = sorted.count - self.findings.count
        self.intervalName = intervalName
        self.style = style
        self.width = width
    }

    var lines: [String] {
        let lines = table(floorsBelow: false) ?? table(floorsBelow: true) ?? list
        return hidden > 0 ? lines + ["… and \(hidden) more"] : lines
    }

    // MARK: the table

    private struct Row {
        let role: TerminalStyle.Role?
        let cells: [String]
    }

    /// Nil where the terminal is too narrow for it.
    private func table(floorsBelow: Bool) -> [String]? {
        var rows = [Row(role: .faint, cells: ["", "metric", "baseline", "candidate", "change", "limit"])]
        if findings.contains(where: { $0.intervalText != nil }) {
            rows.append(Row(role: .faint, cells: ["", "", "", "", intervalName, ""]))
        }
        for finding in findings {
            let role = role(finding)
            let name = TerminalText.cut(CleanText.string(finding.key.text), to: Self.nameLimit)
            let limit = floorsBelow && finding.floorText != nil ? finding.boundText + "," : finding.limitText
            rows.append(
                Row(
                    role: role,
                    cells: [
                        finding.kindText, name, finding.baselineText, finding.candidateText, finding.changeText, limit,
                    ]))
            let below = [finding.intervalText ?? "", floorsBelow ? finding.floorText ?? "" : ""]
            if below != ["", ""] { rows.append(Row(role: role, cells: ["", "", "", ""] + below)) }
        }
        let widths = (0..<6).map { column in rows.map { TerminalText.width($0.cells[column]) }.max() ?? 0 }
        guard widths.reduce(2 * 5, +) <= width else { return nil }
        return rows.map { row in
            var text = row.cells.indices.map {
                TerminalText.pad(row.cells[$0], to: widths[$0], right: $0 == 2 || $0 == 3)
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return row.role.map { style.paint(text, $0) } ?? text
        }
    }

    // MARK: one below the other

    private var list: [String] {
        findings.flatMap { finding in
            let name = "\(finding.kindText): \(CleanText.string(finding.key.text))"
            let facts = [
                "\(finding.baselineText) → \(finding.candidateText)",
                finding.changeText == "–" ? nil : finding.changeText,
                finding.intervalText.map { "\(intervalName) \($0)" }, "limit \(finding.limitText)",
            ].compactMap { $0 }
            let lines = TerminalText.wrap(name, to: width) + TerminalText.flow(facts, to: width - 2).map { "  " + $0 }
            return lines.map { line in role(finding).map { style.paint(line, $0) } ?? line }
        }
    }

    private func role(_ finding: Finding) -> TerminalStyle.Role? {
        switch finding.kind {
        case .regressed: finding.severity == .error ? .bad : .doubtful
        case .missing: .bad
        case .inconclusive, .accepted: .doubtful
        case .improved: .good
        case .pass, .unanchored: nil
        }
    }
}
