import Measures
import Recordings
import Verdicts

extension Report {
    /// The rates that the last round's searches for the capacity tried, by side; else nothing.
    var capacityNote: MarkdownText {
        let sides = [comparison.baseline.map { ("baseline", $0) }, ("candidate", comparison.candidate)].compactMap {
            $0
        }
        var text: MarkdownText = ""
        for (name, subject) in sides {
            guard let round = subject.recording.validRounds.last,
                let capacity = round.half(subject.side)?.load.capacity
            else { continue }
            let tried = capacity.windows.prefix(Self.mostWindows).map { "\(Unit.rate.text($0.rate)) \($0.words)" }
            let end = capacity.rate.map { "found \(Unit.rate.text($0))" } ?? "found no rate"
            text += "- \(name), round \(round.number), "
            text += "\(numbers: end): \(tried.joined(separator: "; "), limit: 2000)\n"
        }
        guard !text.markup.isEmpty else { return "" }
        return
            "\n<sub>The load searched for the capacity; the requests above are those of the window at the rate that was "
            + "found. Rates that were tried:</sub>\n\n" + text
    }

    private static let mostWindows = 30
}
