import Measures
import Plans

#if canImport(Glibc)
    import Glibc
#endif

/// Holds the change from baseline to candidate against a relative limit and a floor.
struct RelativeRule {
    /// Allowed relative change, as a fraction.
    let tolerance: Double
    /// +1 when larger is worse, −1 when smaller is.
    let sign: Double
    let budget: Budget
    let look: Look

    /// The largest change that is written down; the logarithm of absurd values would make it infinite.
    private static let largest = 1e300

    func judge(_ samples: Samples, _ finding: Finding, _ comparison: Comparison) -> Assessment {
        var assessment = Assessment(finding: finding)
        guard let baseline = finding.baseline, let candidate = finding.candidate else {
            assessment.finding.kind = .unanchored
            assessment.finding.reason = "there is no baseline"
            return assessment
        }
        assessment.finding.change = change(baseline, candidate)
        guard comparison.isOfOnePlan else {
            assessment.finding.kind = .unanchored
            assessment.finding.reason = "not gated against a run of another plan: its requests were other requests"
            return assessment
        }
        if !samples.paired, finding.key.metric.dependsOnMachine, !comparison.obstacles.isEmpty {
            assessment.finding.kind = .unanchored
            assessment.finding.reason = againstStored(comparison.obstacles)
            return assessment
        }
        if finding.evidence == .count, count(samples, baseline, candidate, &assessment.finding) { return assessment }
        if samples.paired {
            test(samples, &assessment, baseline, candidate)
        } else if finding.evidence == .count {
            // A count that is meant to gate here and cannot must not be waved through.
            assessment.finding.kind = .inconclusive
            assessment.finding.reason = "it scatters too much between rounds to be held against a stored baseline"
        } else {
            assessment.finding.kind = .unanchored
            assessment.finding.reason = againstStored(comparison.obstacles)
        }
        return assessment
    }

    private func againstStored(_ obstacles: [String]) -> String {
        let why = obstacles.isEmpty ? "runs drift apart more than rounds do" : obstacles.joined(separator: "; ")
        return "not gated against a stored baseline (\(why))"
    }

    // MARK: counts

    /// Whether the values are exact enough to be compared as counts; then they are, otherwise they are demoted.
    private func count(_ samples: Samples, _ baseline: Double, _ candidate: Double, _ finding: inout Finding) -> Bool {
        let slack = max(budget.floor, tolerance * abs(baseline))
        let spread = max(range(samples.baseline), range(samples.candidate))
        let worse = sign * (candidate - baseline)
        let isWorse = worse > slack
        let apart = worse > 0 ? isApart(samples, sign) : isApart(samples, -sign)
        let enough = min(samples.candidate.count, samples.baseline.count) >= Rules.countRounds
        // Sides that overlap although they lie that far apart scatter, too.
        if spread > slack / 2 || (isWorse && enough && !apart) {
            finding.evidence = .near
            finding.demoted = true
            return false
        }
        let unit = finding.key.metric.unit
        if !enough {
            finding.kind = .inconclusive
            finding.reason = "it takes \(Rules.countRounds) rounds"
        } else if isWorse {
            finding.kind = .regressed
            finding.certain = true
            finding.reason = "\(unit.change(candidate - baseline)) in every round"
        } else if -worse > slack, apart {
            finding.kind = .improved
            finding.reason = "\(unit.change(candidate - baseline)) in every round"
        } else {
            finding.kind = .pass
            finding.reason = "within the limit"
        }
        return true
    }

    private func range(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

    /// Whether every value of the candidate lies beyond every one of the baseline, in the direction given.
    private func isApart(_ samples: Samples, _ direction: Double) -> Bool {
        let candidate = samples.candidate.map { direction * $0 }
        let baseline = samples.baseline.map { direction * $0 }
        return (candidate.min() ?? 0) > (baseline.max() ?? 0)
    }

    private func change(_ baseline: Double, _ candidate: Double) -> Finding.Change {
        let ratio = (candidate - baseline) / abs(baseline)
        let relative = ratio.isFinite
        let value = relative ? ratio : min(max(candidate - baseline, -Self.largest), Self.largest)
        return Finding.Change(isRelative: relative, estimate: value, low: value, high: value)
    }

    // MARK: near and noisy

    private func test(
        _ samples: Samples, _ assessment: inout Assessment, _ baseline: Double, _ candidate: Double
    ) {
        let metric = assessment.finding.key.metric
        let pairs = zip(samples.baseline, samples.candidate)
        let plain = metric.canBeZero || pairs.contains { $0 <= 0 || $1 <= 0 }
        let differences = pairs.map { sign * (plain ? $1 - $0 : log($1) - log($0)) }
        // A decrease by a share leaves 1 − share: on the scale of logarithms that is further away than the same increase.
        let logarithmic = sign > 0 ? log1p(tolerance) : -log1p(-min(tolerance, 1))
        let line = plain ? tolerance * abs(baseline) : logarithmic
        let isNoisy = assessment.finding.evidence == .noisy
        guard let test = isNoisy ? PairedTest.trimmed(differences) : PairedTest.plain(differences) else {
            assessment.finding.kind = .inconclusive
            assessment.finding.change = nil
            assessment.finding.reason =
                differences.count < (isNoisy ? Rules.noisyRounds : Rules.intervalRounds)
                ? (differences.count == 1 ? "one round is too few" : "\(differences.count) rounds are too few")
                : "the values are too far apart to compute with"
            return
        }
        let interval = test.interval(confidence: look.confidence)
        /// From the scale of the test, where positive is worse, to what people read.
        let readable = { [sign] (value: Double) -> Double in
            let result = plain ? sign * value : expm1(sign * value)
            return min(max(result, -Self.largest), Self.largest)
        }
        let ends = [readable(interval.lowerBound), readable(interval.upperBound)].sorted()
        assessment.finding.change = Finding.Change(
            isRelative: !plain, estimate: readable(test.mean), low: ends[0], high: ends[1])
        assessment.finding.p = test.pGreater
        let floor = plain ? budget.floor : sign * log1p(max(sign * budget.floor / abs(baseline), -1))
        assessment.test = Assessment.Test(paired: test, limit: max(line, floor), readable: readable)
        /// The absolute size of a difference on the scale of the test.
        func absolute(_ value: Double) -> Double { plain ? value : sign * expm1(sign * value) * abs(baseline) }
        let moved = sign * (candidate - baseline)
        let isOver = test.mean >= line && test.mean > 0 && moved >= budget.floor && moved > 0
        let isCertain = interval.lowerBound >= line && absolute(interval.lowerBound) >= budget.floor && isOver
        assessment.finding.certain = isCertain
        if budget.decide == .certain ? isCertain : isOver {
            // Whether it is proven is settled when the whole family of p values is known.
            assessment.finding.kind = .regressed
            assessment.finding.reason =
                isCertain ? "proven, and certainly over the limit" : "proven worse, over the limit"
        } else if test.pLess <= look.familyError, -test.mean >= line, -moved >= budget.floor {
            assessment.finding.kind = .improved
            assessment.finding.reason = "proven better"
        } else if interval.upperBound <= line || absolute(interval.upperBound) < budget.floor {
            assessment.finding.kind = .pass
            let size = interval.lowerBound > 0 ? "small but real, " : ""
            let isWithin = interval.upperBound <= line
            assessment.finding.reason =
                size + (isWithin ? "within the limit" : "less than the floor of \(metric.unit.text(budget.floor))")
        } else {
            assessment.finding.kind = .inconclusive
            assessment.finding.reason = "the limit lies inside the interval"
        }
    }
}
