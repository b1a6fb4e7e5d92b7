import Measures

/// Holds the candidate's values against a fixed limit.
struct AbsoluteRule {
    let limit: Double
    /// +1 for a maximum, −1 for a minimum.
    let sign: Double

    func judge(_ samples: Samples, _ finding: inout Finding) {
        if finding.key.metric.isLeak, sign > 0 {
            leak(samples, &finding)
        } else if finding.key.metric.evidence == .count {
            count(samples, &finding)
        } else {
            interval(samples, &finding)
        }
    }

    /// The leak rule: growth beyond the allowance, of a size that no single stray explains, in every round.
    private func leak(_ samples: Samples, _ finding: inout Finding) {
        let over = zip(samples.candidate, samples.requests).map { value, requests in
            let growth = (value - limit) * requests / 1000
            return growth >= max(Rules.leakFloor, Rules.leakShare * requests)
        }
        let count = over.filter { $0 }.count
        let each = finding.key.metric.unit.text(finding.candidate ?? 0)
        switch count {
        case 0 where samples.beganUnsettled:
            finding.kind = .inconclusive
            finding.reason = "the count was still falling when the load began, which may hide what was left behind"
        case 0:
            finding.kind = .pass
            finding.reason = "nothing is left behind beyond the limit"
        case over.count where samples.unsettled:
            finding.kind = .inconclusive
            finding.reason = "\(each) per 1000 requests were left, but the count was still falling"
        case over.count:
            finding.kind = .regressed
            finding.certain = true
            finding.reason = "\(each) per 1000 requests were left behind, in every round"
        default:
            finding.kind = .inconclusive
            finding.reason = "left behind in \(count) of \(over.count) rounds"
        }
    }

    /// A count is what it is: the mean over all rounds, which for equal rounds is the share of all requests.
    private func count(_ samples: Samples, _ finding: inout Finding) {
        let mean = samples.candidate.reduce(0, +) / Double(samples.candidate.count)
        let unit = finding.key.metric.unit
        let isOver = sign * (mean - limit) > 0
        finding.kind = isOver ? .regressed : .pass
        finding.certain = isOver
        finding.candidate = mean
        finding.reason =
            isOver ? "\(unit.text(mean)) is \(side) the limit of \(unit.text(limit))" : "within the limit"
    }

    private func interval(_ samples: Samples, _ finding: inout Finding) {
        let unit = finding.key.metric.unit
        let values = samples.candidate
        guard values.count >= 2, let test = finding.evidence == .noisy ? noisy(values) : PairedTest.plain(values) else {
            finding.kind = .inconclusive
            finding.reason =
                values.count < 2 ? "one round has no interval" : "the values are too far apart to compute with"
            return
        }
        let interval = test.interval(confidence: Rules.confidence)
        let low = sign > 0 ? interval.lowerBound : interval.upperBound
        let high = sign > 0 ? interval.upperBound : interval.lowerBound
        finding.candidate = test.mean
        let range = "\(unit.text(interval.lowerBound)) to \(unit.text(interval.upperBound))"
        if sign * (low - limit) > 0 {
            finding.kind = .regressed
            finding.certain = true
            finding.reason = "\(range): wholly \(side) the limit of \(unit.text(limit))"
        } else if sign * (high - limit) <= 0 {
            finding.kind = .pass
            finding.reason = "\(range): within the limit"
        } else {
            finding.kind = .inconclusive
            finding.reason = "\(range): the limit of \(unit.text(limit)) lies inside"
            finding.roundsToDecide = test.roundsToDecide(from: limit, alpha: Rules.familyError)
        }
    }

    private func noisy(_ values: [Double]) -> PairedTest? { PairedTest.trimmed(values) ?? PairedTest.plain(values) }

    private var side: String { sign > 0 ? "over" : "under" }
}
