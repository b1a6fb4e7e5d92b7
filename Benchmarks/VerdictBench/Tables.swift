import Measures
import Verdicts

/// The tables of `ci/calibrate`, as Markdown.
struct Tables {
    /// In the order they were named.
    let gates: [StoredGate]

    private static let metrics: [Metric] = [.latencyP50, .latencyP90, .latencyP99, .cpuPerRequest, .throughput]

    private var kinds: [String] {
        var result: [String] = []
        for gate in gates where !result.contains(gate.kind) { result.append(gate.kind) }
        return result
    }

    /// Outcomes by kind of gate.
    var outcomes: String {
        var text = "| gate | concerned metric | gates | failed | noticed by the metric | inconclusive | not judged |"
        text += " rounds | seconds |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        for kind in kinds {
            let own = gates.filter { $0.kind == kind }
            func count(_ outcome: Verdict.Outcome) -> Int { own.filter { $0.verdict.outcome == outcome }.count }
            let metric = own.first?.metric
            let noticed = metric.map { metric in
                "\(own.filter { $0.finding(metric)?.kind == .regressed }.count)"
            }
            let cells = [
                kind, metric?.rawValue ?? "none", "\(own.count)", "\(count(.regressed))", noticed ?? "–",
                "\(count(.inconclusive))", "\(count(.failed))",
                Unit.fixed(median(own.map { Double($0.rounds.count) }) ?? 0, 0),
                Unit.fixed(median(own.map(\.seconds)) ?? 0, 0),
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// What each contender says of the same recordings.
    var contenders: String {
        let clean = gates.filter { $0.metric == nil }
        let metrics = Self.metrics.filter { metric in clean.contains { $0.budget(metric) != nil } }
        let planted = kinds.filter { kind in
            gates.contains { $0.kind == kind && $0.metric.map { Self.metrics.contains($0) } ?? false }
        }
        let head = ["rule"] + metrics.map { "clean: \($0.rawValue)" } + planted
        var text = "| \(head.joined(separator: " | ")) |\n"
        text += "| --- |\(String(repeating: " ---: |", count: head.count - 1))\n"
        for contender in Contender.allCases {
            var cells = [contender.name]
            for metric in metrics { cells.append(share(contender, clean, metric)) }
            for kind in planted {
                let own = gates.filter { $0.kind == kind }
                cells.append(own.first?.metric.map { share(contender, own, $0) } ?? "–")
            }
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// `3 of 30`, or a dash where the contender cannot be asked.
    private func share(_ contender: Contender, _ gates: [StoredGate], _ metric: Metric) -> String {
        let answers = gates.compactMap { gate in gate.budget(metric).flatMap { contender.flags(gate, $0) } }
        return answers.isEmpty ? "–" : "\(answers.filter { $0 }.count) of \(answers.count)"
    }
}
