import Measures
import Recordings
import Verdicts

extension Report {
    /// Whether any limit is one of latency, so that whoever reads the verdict must know what the latency is.
    var judgesLatency: Bool { verdict.findings.contains { $0.key.metric.isLatency } }

    /// What a latency says that was measured in a closed loop; nil where every load was an open one.
    var closedLoopText: String? {
        let halves = comparison.candidate.recording.validRounds.compactMap { $0.half(comparison.candidate.side) }
        guard let load = halves.first?.load, load.isClosedLoop else { return nil }
        let closed = (load.loads ?? []).filter(\.summary.isClosedLoop).map {
            "“\(CleanText.string($0.name, limit: 100))”"
        }
        let subject =
            switch closed.count {
            case 0: "The load is a closed loop: its latency is"
            case 1: "The load \(closed[0]) is a closed loop: its latency is"
            default: "The loads \(listed(closed)) are closed loops: their latency is"
            }
        return subject
            + " bound by service time. While the service stands still, its users wait and ask nothing, so a stall shows in "
            + "at most one request per user, and at p99 only where these are more than 1 % of all requests. An open loop "
            + "(constant-arrival-rate, ramping-arrival-rate) counts the wait of every request that was due."
    }

    /// The same as a paragraph, or nothing.
    var closedLoopNote: MarkdownText { closedLoopText.map { "\n\($0, limit: 3000)\n" } ?? "" }
}
