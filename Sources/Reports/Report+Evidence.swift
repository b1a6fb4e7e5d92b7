import Measures
import Plans
import Recordings
import Verdicts

/// What the findings rest on: how far the run went, and what it could prove.
extension Report {
    func evidence(room: Int) -> MarkdownText? {
        let facts = runFacts + "\n"
        guard !verdict.findings.isEmpty else { return facts }
        let rest = facts.length + Self.legend.length
        guard room > rest, let table = evidenceTable(room: room - rest) else { return nil }
        return facts + table + Self.legend
    }

    private var runFacts: MarkdownText {
        let recording = comparison.candidate.recording
        let look = verdict.look
        let whole = Look(rounds: look.planned, planned: look.planned, share: 1)
        var text: MarkdownText = "- Rounds: \(roundsText), \(endingText)\n"
        let voided = recording.rounds.filter { $0.voided != nil }
        for round in voided.prefix(12) {
            text += "- Voided, whatever it showed: round \(round.number), \(round.voided ?? "", limit: 300)\n"
        }
        if voided.count > 12 { text += "- … and \(voided.count - 12) more voided\n" }
        text += "- \(Self.capitalized(lookText)): it may spend \(numbers: Unit.share.text(look.share)) of the errors. "
        text += "A clean change is called regressed with at most \(numbers: Unit.share.text(look.familyError)) "
        text += "chance over all limits of severity error, and at most "
        text += "\(numbers: Unit.share.text(look.falseDiscoveryRate)) of the warnings may be false\n"
        text += "- Intervals: \(numbers: Unit.share.text(look.confidence)) confidence"
        if look.share < 1 { text += ", so that all looks together have \(numbers: Unit.share.text(whole.confidence))" }
        text += "\n"
        if let orderText { text += "- Order: \(orderText), drawn with seed \(String(recording.seed))\n" }
        return text
    }

    private func evidenceTable(room: Int) -> MarkdownText? {
        var table = MarkdownTable([
            ("metric", .left), ("limit", .left), ("class", .left), ("resolves", .right), ("p", .right),
            ("adjusted p", .right), ("proof takes", .right),
        ])
        for finding in verdict.findings {
            table.add([
                "\(finding.key.text)", "\(numbers: finding.boundText)", "\(finding.classText)",
                "\(numbers: finding.detectableText)", "\(numbers: probabilityText(finding.p))",
                "\(numbers: probabilityText(finding.adjustedP))",
                "\(numbers: finding.level.map { "≤ \(probabilityText($0))" } ?? "–")",
            ])
        }
        return table.text(room: room, noun: "findings")
    }

    private static let legend: MarkdownText = """

        <sub>class: counts are held exactly, near values by a paired t test, noisy ones by a paired t test on trimmed \
        means. resolves: the smallest change these rounds find with 80 % power. p: how often a version that is no worse \
        would look at least this much worse; adjusted for the other limits of its severity (error: Holm, warn: \
        Benjamini and Hochberg).</sub>

        """
}
