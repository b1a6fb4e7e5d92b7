import Measures

/// Holds the candidate's values against a fixed limit.
struct AbsoluteRule {
    let limit: Double
    /// +1 for a maximum, −1 for a minimum.
    let sign: Double
    let look: Look

    func judge(_ samples: Samples, _ finding: Finding) -> Assessment {
        var assessment = Assessment(finding: finding)
        if finding.key.metric.isLeak, sign > 0 {
            leak(samples, &assessment)
        } else if finding.key.metric.evidence == .count {
            count(samples, &assessment.finding)
        } else {
            interval(samples.candidate.map { sign * ($0 - limit) }, &assessment)
        }
        return assessment
    }

    /// The leak rule: growth beyond the allowance, of a size that no single stray explains, in every round.
    private func leak(_ samples: Samples, _ assessment: inout Assessment) {
        // What growth has to exceed, on the scale of the metric: per 1000 requests.
        let floors = samples.requests.map { 1000 * max(Rules.leakFloor, Rules.leakShare * $0) / max(1, $0) }
        let over = zip(samples.candidate, floors).map { $0 - limit >= $1 }
        let count = over.filter { $0 }.count
        let each = assessment.finding.key.metric.unit.text(assessment.finding.candidate ?? 0)
        switch count {
        case 0 where samples.beganUnsettled:
            assessment.finding.kind = .inconclusive
            assessment.finding.reason =
                "the count was still falling when the load began, which may hide what was left behind"
        case 0 where samples.candidate.allSatisfy { $0 > limit }:
            assessment.finding.kind = .inconclusive
            assessment.finding.reason =
                "\(each) per 1000 requests were left in every round, too few to be sure of; more requests would decide"
        case 0:
            assessment.finding.kind = .pass
            assessment.finding.reason = "nothing is left behind beyond the limit"
        case _ where samples.unsettled:
            assessment.finding.kind = .inconclusive
            assessment.finding.reason = "\(each) per 1000 requests were left, but the count was still falling"
        case over.count:
            assessment.finding.kind = .regressed
            assessment.finding.certain = true
            assessment.finding.reason = "\(each) per 1000 requests were left behind, in every round"
        default:
            // What leaks in most rounds leaks; whether these are most, a test must say.
            let middle = assessment.finding.candidate
            interval(zip(samples.candidate, floors).map { $0 - limit - $1 }, &assessment)
            assessment.finding.candidate = middle
            if assessment.finding.kind != .regressed { assessment.finding.kind = .inconclusive }
            assessment.finding.reason = "left behind in \(count) of \(over.count) rounds"
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

    /// Tests how far the values lie beyond what they may be.
    private func interval(_ beyond: [Double], _ assessment: inout Assessment) {
        let unit = assessment.finding.key.metric.unit
        guard let test = assessment.finding.evidence == .noisy ? noisy(beyond) : PairedTest.plain(beyond) else {
            assessment.finding.kind = .inconclusive
            assessment.finding.reason =
                beyond.count < 2 ? "one round has no interval" : "the values are too far apart to compute with"
            return
        }
        let interval = test.interval(confidence: look.confidence)
        let ends = [limit + sign * interval.lowerBound, limit + sign * interval.upperBound].sorted()
        let range = "\(unit.text(ends[0])) to \(unit.text(ends[1]))"
        assessment.finding.candidate = limit + sign * test.mean
        assessment.finding.p = test.pGreater
        assessment.test = Assessment.Test(paired: test, limit: 0, readable: nil)
        if interval.lowerBound > 0 {
            assessment.finding.kind = .regressed
            assessment.finding.certain = true
            assessment.finding.reason = "\(range): wholly \(side) the limit of \(unit.text(limit))"
        } else if interval.upperBound <= 0 {
            assessment.finding.kind = .pass
            assessment.finding.reason = "\(range): within the limit"
        } else {
            assessment.finding.kind = .inconclusive
            assessment.finding.reason = "\(range): the limit of \(unit.text(limit)) lies inside"
        }
    }

    private func noisy(_ values: [Double]) -> PairedTest? { PairedTest.trimmed(values) ?? PairedTest.plain(values) }

    private var side: String { sign > 0 ? "over" : "under" }
}
