import Measures
import Recordings
import Verdicts

extension Report {
    /// One row per half-round: order, requests, the rate delivered and how late the generator was.
    func roundTable(room: Int) -> MarkdownText? {
        let rounds = comparison.candidate.recording.rounds
        guard !rounds.isEmpty else { return "No round was begun.\n" }
        var table = MarkdownTable([
            ("round", .right), ("side", .left), ("requests", .right), ("rate", .right), ("lateness p99", .right),
            ("steal", .right), ("", .left),
        ])
        for round in rounds {
            for (index, half) in round.halves.enumerated() {
                let voided: MarkdownText = round.voided.map { "voided: \($0)" } ?? ""
                table.add([
                    index == 0 ? "\(round.number)" : "", "\(half.side.rawValue)",
                    "\(Unit.count.text(Double(half.load.total.exchanges)))", "\(numbers: Self.rateText(half.load))",
                    "\(numbers: half.load.lateness.value(at: 0.99).map { Unit.time.text(Double($0)) } ?? "–")",
                    "\(numbers: half.environment.steal.map { Unit.share.text($0) } ?? "–")", index == 0 ? voided : "",
                ])
            }
        }
        guard let text = table.text(room: room - 250, noun: "half-rounds") else { return nil }
        return text
            + """

            <sub>In the order they ran. Lateness is the generator's own: how long after it could have been sent a \
            request was sent.</sub>

            """
    }

    /// Flow starts per second, as delivered and as asked for: `499/s of 500/s`.
    static func rateText(_ load: LoadSummary) -> String {
        let started = Double(load.arrivals) - Double(load.dropped)
        guard load.dispatchSpan > 0, started > 1 else { return "–" }
        let delivered = Unit.rate.text((started - 1) * 1e9 / Double(load.dispatchSpan))
        return load.requestedRate.map { "\(delivered) of \(Unit.rate.text($0))" } ?? delivered
    }
}
