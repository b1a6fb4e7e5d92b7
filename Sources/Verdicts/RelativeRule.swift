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

    /// The largest change that is written down; the logarithm of absurd values would make it infinite.
    private static let largest = 1e300

    func judge(_ samples: Samples, _ finding: inout Finding, _ comparison: Comparison) {
        guard let baseline = finding.baseline, let candidate = finding.candidate else {
            finding.kind = .unanchored
            finding.reason = "there is no baseline"
            return
        }
        guard comparison.isOfOnePlan else {
            finding.kind = .unanchored
            finding.change = change(baseline, candidate)
            finding.reason = "not gated against a run of another plan: its requests were other requests"
            return
        }
        if finding.evidence == .count {
            let slack = max(budget.floor, tolerance * abs(baseline))
            let spread = (samples.baseline.max() ?? 0) - (samples.baseline.min() ?? 0)
            if spread <= slack / 2 {
                count(samples, slack: slack, baseline, candidate, &finding)
                return
            }
            finding.evidence = .near
            finding.demoted = true
        }
        guard samples.paired else {
            // A count that is meant to gate here and cannot must not be waved through.
            if finding.demoted {
                finding.kind = .inconclusive
                finding.change = change(baseline, candidate)
                finding.reason = "it scatters too much between rounds to be held against a stored baseline"
                return
            }
            finding.kind = .unanchored
            finding.change = change(baseline, candidate)
            let obstacles = comparison.obstacles
            let why = obstacles.isEmpty ? "runs drift apart more than rounds do" : obstacles.joined(separator: "; ")
            finding.reason = "not gated against a stored baseline (\(why))"
            return
        }
        test(samples, &finding, baseline, candidate)
    }

    // MARK: counts

    private func count(
        _ samples: Samples, slack: Double, _ baseline: Double, _ candidate: Double, _ finding: inout Finding
    ) {
        let worse = sign * (candidate - baseline)
        finding.change = change(baseline, candidate)
        let unit = finding.key.metric.unit
        let apart =
            sign > 0
            ? (samples.candidate.min() ?? 0) > (samples.baseline.max() ?? 0)
            : (samples.candidate.max() ?? 0) < (samples.baseline.min() ?? 0)
        let enough = min(samples.candidate.count, samples.baseline.count) >= Rules.countRounds
        if worse > slack {
            let decided = apart && enough
            finding.kind = decided ? .regressed : .inconclusive
            finding.certain = decided
            finding.reason =
                decided
                ? "\(unit.change(candidate - baseline)) in every round"
                : enough
                    ? "worse by more than the limit, but the sides overlap" : "it takes \(Rules.countRounds) rounds"
        } else if -worse > slack, apartBetter(samples), enough {
            finding.kind = .improved
            finding.reason = "\(unit.change(candidate - baseline)) in every round"
        } else if enough {
            finding.kind = .pass
            finding.reason = "within the limit"
        } else {
            finding.kind = .inconclusive
            finding.reason = "it takes \(Rules.countRounds) rounds"
        }
    }

    private func apartBetter(_ samples: Samples) -> Bool {
        sign > 0
            ? (samples.candidate.max() ?? 0) < (samples.baseline.min() ?? 0)
            : (samples.candidate.min() ?? 0) > (samples.baseline.max() ?? 0)
    }

    private func change(_ baseline: Double, _ candidate: Double) -> Finding.Change {
        let ratio = (candidate - baseline) / abs(baseline)
        let relative = ratio.isFinite
        let value = relative ? ratio : min(max(candidate - baseline, -Self.largest), Self.largest)
        return Finding.Change(isRelative: relative, estimate: value, low: value, high: value)
    }

    // MARK: near and noisy

    private func test(_ samples: Samples, _ finding: inout Finding, _ baseline: Double, _ candidate: Double) {
        let pairs = zip(samples.baseline, samples.candidate)
        let plain = finding.key.metric.canBeZero || pairs.contains { $0 <= 0 || $1 <= 0 }
        let differences = pairs.map { sign * (plain ? $1 - $0 : log($1) - log($0)) }
        // A decrease by a share leaves 1 − share: on the scale of logarithms that is further away than the same increase.
        let logarithmic = sign > 0 ? log1p(tolerance) : -log1p(-min(tolerance, 1))
        let line = plain ? tolerance * abs(baseline) : logarithmic
        guard let test = finding.evidence == .noisy ? PairedTest.trimmed(differences) : PairedTest.plain(differences)
        else {
            finding.kind = .inconclusive
            let needed = finding.evidence == .noisy ? Rules.noisyRounds : 2
            finding.reason =
                differences.count < needed
                ? (differences.count == 1 ? "one round is too few" : "\(differences.count) rounds are too few")
                : "the values are too far apart to compute with"
            return
        }
        let interval = test.interval(confidence: Rules.confidence)
        /// From the scale of the test, where positive is worse, to what people read.
        func readable(_ value: Double) -> Double {
            let result = plain ? sign * value : expm1(sign * value)
            return min(max(result, -Self.largest), Self.largest)
        }
        let ends = [readable(interval.lowerBound), readable(interval.upperBound)].sorted()
        finding.change = Finding.Change(
            isRelative: !plain, estimate: readable(test.mean), low: ends[0], high: ends[1])
        let detectable = test.smallestDetectable(alpha: Rules.familyError)
        finding.smallestDetectable = readable(detectable)
        finding.p = test.pGreater
        /// The absolute size of a difference on the scale of the test.
        func absolute(_ value: Double) -> Double { plain ? value : sign * expm1(sign * value) * abs(baseline) }
        let moved = sign * (candidate - baseline)
        let isOver = test.mean >= line && test.mean > 0 && moved >= budget.floor && moved > 0
        // Over the limit, only "worse at all" is left to be proven; within it, "not over the limit".
        finding.roundsToDecide = test.roundsToDecide(from: isOver ? 0 : line, alpha: Rules.familyError)
        finding.certain = interval.lowerBound >= line && absolute(interval.lowerBound) >= budget.floor && isOver
        if budget.decide == .certain ? finding.certain : isOver {
            // Whether it is proven is settled when the whole family of p values is known.
            finding.kind = .regressed
            finding.reason = finding.certain ? "proven, and certainly over the limit" : "proven worse, over the limit"
        } else if test.pLess <= Rules.familyError, -test.mean >= line, -moved >= budget.floor {
            finding.kind = .improved
            finding.reason = "proven better"
        } else if interval.upperBound <= line || absolute(interval.upperBound) < budget.floor {
            finding.kind = .pass
            finding.reason = interval.lowerBound > 0 ? "small but real, within the limit" : "within the limit"
        } else {
            finding.kind = .inconclusive
            finding.reason = "the limit lies inside the interval"
            if let rounds = finding.roundsToDecide, rounds > samples.candidate.count {
                finding.reason += "; about \(rounds) rounds would decide"
            }
        }
    }
}
