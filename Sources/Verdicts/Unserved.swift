import Measures
import Recordings

/// What requests that failed do to the figures of the others.
extension Judge {
    /// How much larger the candidate's share of failed requests may be where something is called an improvement.
    private static let tolerated = 0.001

    /// Calls nothing an improvement where more of the candidate's requests failed: one that fails can be over sooner and
    /// cost less than one that is served.
    static func withholdImprovements(_ findings: inout [Finding], _ comparison: Comparison) {
        guard let (baseline, candidate) = failedShares(comparison), candidate > baseline + tolerated else { return }
        for index in findings.indices where findings[index].kind == .improved {
            findings[index].kind = .pass
            findings[index].reason = "better, while more requests failed"
        }
    }

    /// What is to be known of a comparison in which requests failed, or were never made because of those.
    static func unservedWarnings(_ comparison: Comparison, _ findings: [Finding]) -> [String] {
        var result: [String] = []
        let isFound = findings.contains { $0.key == MetricKey(.errorsRate) && $0.kind == .regressed }
        if !isFound, let (baseline, candidate) = failedShares(comparison), candidate > baseline + tolerated {
            result.append(
                "\(Unit.share.text(candidate)) of the requests to the candidate failed, \(Unit.share.text(baseline)) of "
                    + "those to the baseline: failing can be faster and cost less than serving")
        }
        for subject in [comparison.baseline, comparison.candidate].compactMap({ $0 }) {
            let skipped = subject.sided.halves.reduce(0) { $0 + $1.half.load.skipped }
            guard skipped > 0 else { continue }
            result.append(
                "\(skipped == 1 ? "one request" : "\(skipped) requests") to the \(subject.side.rawValue) "
                    + "\(skipped == 1 ? "was" : "were") never made, because one before in the flow had failed")
        }
        return result
    }

    /// Nil where there is nothing to compare with.
    private static func failedShares(_ comparison: Comparison) -> (baseline: Double, candidate: Double)? {
        guard let baseline = comparison.baseline.flatMap(failedShare), let candidate = failedShare(comparison.candidate)
        else { return nil }
        return (baseline, candidate)
    }

    private static func failedShare(_ subject: Comparison.Subject) -> Double? {
        let totals = subject.sided.halves.map(\.half.load.total)
        let exchanges = totals.reduce(0) { $0 + $1.exchanges }
        guard exchanges > 0 else { return nil }
        return Double(totals.reduce(0) { $0 + $1.failed + $1.timedOut }) / Double(exchanges)
    }
}
