import Measures
import Recordings
import Verdicts

extension Report {
    /// One row per load where several ran together: whether each was delivered as it was asked for; else nothing.
    func loadsTable(room: Int) -> MarkdownText {
        let halves = comparison.candidate.recording.validRounds.compactMap { $0.half(comparison.candidate.side)?.load }
        guard let names = halves.first?.loads?.map(\.name), !names.isEmpty else { return "" }
        var table = MarkdownTable([
            ("load", .left), ("requests", .right), ("failed", .right), ("dropped", .right), ("rate", .right),
            ("asked", .right), ("p99", .right), ("lateness p99", .right),
        ])
        for name in names {
            let parts = halves.compactMap { $0.loads?.first { $0.name == name }?.summary }
            func sum(_ count: (LoadSummary) -> Int) -> MarkdownText {
                "\(Unit.count.text(parts.reduce(0.0) { $0 + Double(count($1)) }))"
            }
            func middle(_ unit: Unit, _ value: (LoadSummary) -> Double?) -> MarkdownText {
                "\(numbers: median(parts.compactMap(value)).map { unit.text($0) } ?? "–")"
            }
            table.add([
                "\(name)", sum { $0.total.exchanges }, sum { $0.total.failed + $0.total.timedOut }, sum { $0.dropped },
                middle(.rate) { $0.achievedRate }, middle(.rate) { $0.requestedRate },
                middle(.time) { $0.total.latency.value(at: 0.99).map { Double($0) } },
                middle(.time) { $0.lateness.value(at: 0.99).map { Double($0) } },
            ])
        }
        let legend: MarkdownText =
            "\n<sub>The candidate by load: flows started per second and asked for, medians over the rounds.</sub>\n"
        guard let text = table.text(room: room - legend.length - 1, noun: "loads") else { return "" }
        return "\n" + text + legend
    }
}
