import Measures
import Recordings
import Verdicts

extension Report {
    /// Whether the kernel's counters of the service's processes are known of any half-round.
    var knowsProcesses: Bool {
        comparison.candidate.recording.rounds.contains { round in
            round.halves.contains { !HalfRoundMeasure.processes.values(of: $0).isEmpty }
        }
    }

    /// What the kernel did with the service's processes under the load, by side and in every half-round.
    func processes(room: Int) -> MarkdownText? {
        let sides = sides("What the kernel did with the service's processes", HalfRoundMeasure.processes)
        let start = sides + "Every round, with its sides in the order they ran:\n\n"
        let rest = start.length + Self.processesLegend.length
        guard room > rest, let rounds = processTable(room: room - rest) else { return nil }
        return start + rounds + Self.processesLegend
    }

    private func processTable(room: Int) -> MarkdownText? {
        let measures = HalfRoundMeasure.processes
        var table = MarkdownTable(
            [("round", .right), ("side", .left)] + measures.map { ($0.title, .right) } + [("", .left)])
        for round in comparison.candidate.recording.rounds {
            let number = Self.number(round)
            for (index, half) in round.halves.enumerated() {
                var cells: [MarkdownText] = [index == 0 ? number : "", "\(half.side.rawValue)"]
                cells += measures.map { "\(numbers: $0.value(half).map($0.text) ?? "–")" }
                cells.append(Self.remark(half))
                table.add(cells)
            }
        }
        return table.text(room: room, noun: "half-rounds")
    }

    /// That a half-round was contended, or why nobody knows.
    private static func remark(_ half: HalfRound) -> MarkdownText {
        if let contention = half.contention { return Contention.isContended(contention) ? "contended" : "" }
        let window = half.window
        let ended = window.start != nil && window.end != nil && window.spent == nil
        let reason =
            window.problems["scheduling"] ?? window.problems["process"]
            ?? (ended ? "a process of the service ended during the load" : "not read")
        return "\(reason, limit: 160)"
    }

    private static let processesLegend: MarkdownText = """

        <sub>Queue wait: how long threads could have run but had no processor; contention: the same over the time they \
        ran on one. All but contention are per request; waiting and switches are of threads that lived to the end of the \
        load.</sub>

        """
}
