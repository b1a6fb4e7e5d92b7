import Measures
import Recordings
import Verdicts

extension Report {
    /// The candidate's slowest requests below a finding about latency, with where their time went; else nothing.
    func slowestExchanges(of finding: Finding) -> MarkdownText {
        guard finding.key.metric.isLatency else { return "" }
        let steps = comparison.candidate.recording.validRounds
            .compactMap { $0.half(comparison.candidate.side)?.load.steps }.joined()
            .filter { finding.key.step == nil || $0.name == finding.key.step }
        let slowest = steps.flatMap { $0.slowest ?? [] }.sorted { $0.latency > $1.latency }.prefix(3)
        return slowest.reduce("") { text, exchange in
            let parts = exchange.timing.parts.map { "\($0.name) \(Unit.time.text(Double($0.time)))" }
            let line: MarkdownText =
                "- slowest: \(numbers: Unit.time.text(Double(exchange.latency))) "
                + "(\(parts.joined(separator: ", "), limit: 200)), trace \(exchange.trace, limit: 40)\n"
            return text + line
        }
    }
}

extension ExchangeTiming {
    /// The parts that took time, in their order, in nanoseconds.
    var parts: [(name: String, time: UInt64)] {
        let all: [(name: String, time: UInt64)] = [
            ("wait", wait), ("connect", connect), ("TLS", tls), ("first byte", firstByte), ("body", body),
        ]
        return all.filter { $0.time > 0 }
    }
}
