import Measures
import Recordings

/// The values of one metric in the rounds that count.
struct Samples {
    enum Missing: Error {
        case value(side: Side, round: Int, reason: String)
        case noRounds
        /// The sides were measured together, but this round has only one of them.
        case half(round: Int)

        var sentence: String {
            switch self {
            case .value(let side, let round, let reason): "\(side.rawValue), round \(round): \(reason)"
            case .noRounds: "no round was completed"
            case .half(let round): "round \(round) has only one side"
            }
        }
    }

    /// Same length as `candidate` where the sides were measured together; empty without a baseline.
    var baseline: [Double]
    var candidate: [Double]
    /// Whether the *i*th values of both sides come from the same round.
    var paired: Bool
    var unsettled: Bool
    /// Whether the count was still falling when the candidate's load began, so that growth may be hidden.
    var beganUnsettled: Bool
    /// Requests per round over which the candidate's growth was watched.
    var requests: [Double]

    init(_ key: MetricKey, candidate: Sided, baseline: Sided?, paired: Bool) throws(Missing) {
        self.candidate = try candidate.values(key, as: .candidate)
        self.baseline = try baseline?.values(key, as: .baseline) ?? []
        if paired, let baseline {
            let rounds = (Set(candidate.halves.map(\.round)), Set(baseline.halves.map(\.round)))
            if let odd = rounds.0.symmetricDifference(rounds.1).min() { throw .half(round: odd) }
        }
        self.paired = paired
        unsettled = candidate.halves.contains { $0.half.unsettled.contains(key.metric) }
        beganUnsettled = candidate.halves.contains { !$0.half.before.settled }
        requests = candidate.halves.map { Double($0.half.requestsOfGrowth) }
    }
}

/// One side of a recording: its halves of the rounds that count.
struct Sided: Sendable {
    let halves: [(round: Int, half: HalfRound)]

    init(_ recording: Recording, _ side: Side) {
        halves = recording.validRounds.compactMap { round in round.half(side).map { (round.number, $0) } }
    }

    /// One value per round; `role` is what the side is in this comparison, for messages.
    func values(_ key: MetricKey, as role: Side) throws(Samples.Missing) -> [Double] {
        guard !halves.isEmpty else { throw .noRounds }
        var result: [Double] = []
        for (round, half) in halves {
            guard let value = half.values[key] else {
                throw .value(side: role, round: round, reason: reason(key, half))
            }
            result.append(value)
        }
        return result
    }

    private func reason(_ key: MetricKey, _ half: HalfRound) -> String {
        if let reason = half.absent[key.metric] { return reason }
        if let step = key.step {
            return half.load.steps.contains { $0.name == step }
                ? "no request of step \"\(step)\" was made" : "there is no step \"\(step)\""
        }
        return "the round has no \(key.text)"
    }
}
