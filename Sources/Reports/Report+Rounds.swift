import Measures
import Recordings
import Verdicts

extension Report {
    /// What the machine did to either side, and every half-round in the order they ran.
    func roundsAndEnvironment(room: Int) -> MarkdownText? {
        guard !comparison.candidate.recording.rounds.isEmpty else { return "No round was begun.\n" }
        let environment =
            sides("What else the machine did", HalfRoundMeasure.environment)
            + "Every round, with its sides in the order they ran:\n\n"
        let rest = environment.length + Self.roundsLegend.length
        guard room > rest, let rounds = roundTable(room: room - rest) else { return nil }
        return environment + rounds + Self.roundsLegend
    }

    /// One row per side: median and maximum of what is known.
    func sides(_ title: MarkdownText, _ measures: [HalfRoundMeasure]) -> MarkdownText {
        let subjects = [comparison.baseline, comparison.candidate].compactMap { $0 }
        let measures = measures.filter { measure in
            subjects.contains { measure.summary(of: $0) != nil }
        }
        guard !measures.isEmpty else { return "" }
        var table = MarkdownTable([("median (max)", .left)] + measures.map { ($0.title, .right) })
        for (index, subject) in subjects.enumerated() {
            let isBaseline = subjects.count == 2 && index == 0
            table.add(
                [isBaseline ? "baseline" : "candidate"]
                    + measures.map { measure in
                        guard let summary = measure.summary(of: subject) else { return "–" }
                        return "\(numbers: measure.text(summary.median)) (\(numbers: measure.text(summary.max)))"
                    })
        }
        return title + ", in the rounds that count:\n\n"
            + (table.text(room: 4000, noun: "sides") ?? "") + "\n"
    }

    /// One row per half-round: requests, the rate delivered, how late the generator was, and what else went on.
    private func roundTable(room: Int) -> MarkdownText? {
        let rounds = comparison.candidate.recording.rounds
        // What never happened to any of them takes no column.
        let measures = HalfRoundMeasure.environment.filter { measure in
            rounds.contains { $0.halves.contains { (measure.value($0) ?? 0) != 0 } }
        }
        var table = MarkdownTable(
            [
                ("round", .right), ("side", .left), ("requests", .right), ("rate", .right), ("lateness p99", .right),
            ] + measures.map { ($0.title, .right) })
        for round in rounds {
            let number = Self.number(round)
            for (index, half) in round.halves.enumerated() {
                let load = half.load
                var cells: [MarkdownText] = [
                    index == 0 ? number : "", "\(half.side.rawValue)",
                    Self.requests(half), Self.rate(load),
                    "\(numbers: load.lateness.value(at: 0.99).map { Unit.time.text(Double($0)) } ?? "–")",
                ]
                cells += measures.map { "\(numbers: $0.value(half).map($0.text) ?? "–")" }
                table.add(cells)
            }
        }
        return table.text(room: room, noun: "half-rounds")
    }

    static func number(_ round: Round) -> MarkdownText {
        round.voided == nil ? "\(round.number)" : "\(round.number)\u{00A0}(voided)"
    }

    private static let roundsLegend: MarkdownText = """

        <sub>Lateness is the generator's own: how long after it could have been sent a request was sent. Requests after \
        a plus repeated the load, to tell a leak from growth that ends.</sub>

        """

    private static func requests(_ half: HalfRound) -> MarkdownText {
        let first: MarkdownText = "\(Unit.count.text(Double(half.load.total.exchanges)))"
        guard let again = half.repetition else { return first }
        return first + "\u{00A0}+\u{00A0}\(Unit.count.text(Double(again.requests)))"
    }

    /// Flow starts per second, as delivered and as asked for: `499/s of 500/s`.
    private static func rate(_ load: LoadSummary) -> MarkdownText {
        let started = Double(load.arrivals) - Double(load.dropped)
        guard load.dispatchSpan > 0, started > 1 else { return "–" }
        let delivered: MarkdownText = "\(numbers: Unit.rate.text((started - 1) * 1e9 / Double(load.dispatchSpan)))"
        guard let asked = load.requestedRate else { return delivered }
        let whole = delivered + "\u{00A0}of\u{00A0}\(numbers: Unit.rate.text(asked))"
        // What was asked of a ramp changed all the time.
        return load.stages == nil ? whole : whole + "\u{00A0}on\u{00A0}average"
    }
}
