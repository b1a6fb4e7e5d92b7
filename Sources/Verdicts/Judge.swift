import Measures
package import Plans
import Recordings

/// The rule: from a comparison and budgets to a verdict.
///
/// Pure, and the same for the same input bit for bit.
package enum Judge {
    package static func judge(_ comparison: Comparison, budgets: Budgets) -> Verdict {
        let look = comparison.look
        var findings = settled(assessments(comparison, budgets.all, look), look).map(\.finding)
        accept(&findings, budgets, comparison)
        withholdImprovements(&findings, comparison)
        let failures = failures(comparison, budgets, findings)
        return Verdict(
            outcome: outcome(comparison, findings, failures), look: look, failures: failures, findings: findings,
            warnings: warnings(comparison, findings))
    }

    /// What each limit alone says, in the order of the budgets.
    static func assessments(_ comparison: Comparison, _ budgets: [Budget], _ look: Look) -> [Assessment] {
        budgets.flatMap { budget in limits(of: budget).map { assess(budget, $0, comparison, look) } }
    }

    private static func limits(of budget: Budget) -> [Finding.Limit] {
        [
            budget.maximum.map { .maximum($0) }, budget.minimum.map { .minimum($0) },
            budget.maximumIncrease.map { .maximumIncrease($0) }, budget.maximumDecrease.map { .maximumDecrease($0) },
        ].compactMap { $0 }
    }

    private static func assess(
        _ budget: Budget, _ limit: Finding.Limit, _ comparison: Comparison, _ look: Look
    ) -> Assessment {
        var finding = Finding(budget, limit: limit)
        let samples: Samples
        do {
            samples = try Samples(
                finding.key, candidate: comparison.candidate.sided, baseline: comparison.baseline?.sided,
                paired: comparison.isPaired)
        } catch {
            finding.kind = .missing
            finding.reason = error.sentence
            return Assessment(finding: finding)
        }
        if let reason = comparison.mixture(of: finding.key.metric) {
            finding.kind = .missing
            finding.reason = reason
            return Assessment(finding: finding)
        }
        finding.rounds = samples.candidate.count
        finding.candidate = median(samples.candidate)
        finding.baseline = median(samples.baseline)
        switch limit {
        case .maximum(let value):
            return AbsoluteRule(limit: value, sign: 1, look: look).judge(samples, finding)
        case .minimum(let value):
            return AbsoluteRule(limit: value, sign: -1, look: look).judge(samples, finding)
        case .maximumIncrease(let share):
            return RelativeRule(tolerance: share, sign: 1, budget: budget, look: look)
                .judge(samples, finding, comparison)
        case .maximumDecrease(let share):
            return RelativeRule(tolerance: share, sign: -1, budget: budget, look: look)
                .judge(samples, finding, comparison)
        }
    }

    /// Shares the errors out: what can fail is one family under Holm, what can warn one under Benjamini and Hochberg.
    ///
    /// What is held exactly stands outside both.
    private static func settled(_ assessments: [Assessment], _ look: Look) -> [Assessment] {
        var result = assessments
        for severity in Budget.Severity.allCases {
            let family = result.indices.filter { result[$0].finding.severity == severity && result[$0].test != nil }
            let p = family.compactMap { result[$0].finding.p }
            let adjusted =
                switch severity {
                case .error: holmAdjusted(p)
                case .warn: benjaminiHochbergAdjusted(p)
                case .info: p
                }
            let level = look.level(severity)
            let alpha = look.leastAlpha(severity, tests: p.count)
            for (index, p) in zip(family, adjusted) {
                result[index].settle(adjustedP: p, level: level, alpha: alpha, missError: look.missError)
            }
        }
        return result
    }

    private static func accept(_ findings: inout [Finding], _ budgets: Budgets, _ comparison: Comparison) {
        let day = comparison.candidate.recording.startedAt.prefix(10)
        for index in findings.indices where findings[index].kind == .regressed {
            let finding = findings[index]
            let budget = budgets.all.first { $0.place == finding.place }
            let sign: Double
            switch finding.limit {
            case .maximumIncrease: sign = 1
            case .maximumDecrease: sign = -1
            case .maximum, .minimum: continue
            }
            guard let acceptance = budget?.accepted, day <= acceptance.until, let share = share(finding),
                sign * share <= acceptance.upTo
            else { continue }
            let upTo = percentageText(sign * acceptance.upTo)
            findings[index].kind = .accepted
            findings[index].reason = "accepted up to \(upTo) until \(acceptance.until): \(acceptance.reason)"
        }
    }

    /// The change as a share of the baseline, of which the budget is one too; nil where the baseline is zero.
    private static func share(_ finding: Finding) -> Double? {
        guard let change = finding.change, let baseline = finding.baseline else { return nil }
        if change.isRelative { return change.estimate }
        let share = change.estimate / abs(baseline)
        return share.isFinite ? share : nil
    }

    // MARK: the whole

    private static func failures(_ comparison: Comparison, _ budgets: Budgets, _ findings: [Finding]) -> [String] {
        var result: [String] = []
        // One cause, one line: what is missing after a failure is missing because of it.
        if let failure = comparison.candidate.recording.failure { return [failure] }
        if let baseline = comparison.baseline, !comparison.isPaired, let failure = baseline.recording.failure {
            result.append("the baseline's run failed: \(failure)")
        }
        if comparison.isPaired, comparison.baseline?.side == comparison.candidate.side {
            result.append("the \(comparison.candidate.side.rawValue) of one run was compared with itself")
        }
        for subject in [comparison.baseline, comparison.candidate].compactMap({ $0 }) {
            result += undelivered(subject)
        }
        result += comparison.baseline.flatMap { errors(of: $0, as: .baseline, findings) }.map { [$0] } ?? []
        result += errors(of: comparison.candidate, as: .candidate, findings).map { [$0] } ?? []
        for finding in findings where finding.kind == .missing && finding.severity != .info {
            result.append("\(finding.key.text) has no value: \(finding.reason)")
        }
        result += senseless(comparison)
        result += untimed(comparison, findings)
        result += undecidable(comparison, budgets, findings)
        let gating = findings.filter { $0.severity == .error }
        if gating.isEmpty {
            result.append("no budget with severity error: nothing was gated")
        } else if gating.allSatisfy({ $0.kind == .unanchored }) {
            result.append(
                comparison.baseline == nil
                    ? "nothing was judged: every budget needs a baseline, and there is none to compare with"
                    : "nothing was judged: no budget can be held against this stored run")
        }
        return result
    }

    /// What a file may say although no run would have led there.
    private static func senseless(_ comparison: Comparison) -> [String] {
        var result: [String] = []
        if let baseline = comparison.baseline, !comparison.isOfOnePlan {
            result.append(
                "the baseline (\(baseline.recording.id)) was loaded by another plan, so nothing can be compared with it"
            )
        }
        let subjects = [comparison.isPaired ? nil : comparison.baseline, comparison.candidate].compactMap { $0 }
        for recording in subjects.map(\.recording) {
            if recording.ending == .calibrated {
                result.append("\(recording.id) is a calibration, which measured one version against itself")
                continue
            }
            let voided = recording.rounds.count - recording.validRounds.count
            if voided > Disturbance.allowance(rounds: recording.plannedRounds) {
                result.append("\(voided) of \(recording.rounds.count) rounds were disturbed, which is too many")
            }
        }
        return result
    }

    /// A run that judged counts alone keeps rounds that say nothing about time, which another budget must not use.
    private static func untimed(_ comparison: Comparison, _ findings: [Finding]) -> [String] {
        guard findings.contains(where: { $0.severity != .info && $0.key.metric.dependsOnProcessorTime }) else {
            return []
        }
        let subjects = [comparison.baseline, comparison.candidate].compactMap { $0 }
        for subject in subjects {
            for (round, half) in subject.sided.halves {
                guard let reason = Disturbance.reason(toDistrust: half) else { continue }
                return [
                    "round \(round), \(subject.side.rawValue), was kept for its counts and says nothing about time: \(reason)"
                ]
            }
        }
        return []
    }

    /// Rounds whose load was not what was asked for; a run that kept going past one must not pass on it either.
    private static func undelivered(_ subject: Comparison.Subject) -> [String] {
        subject.sided.halves.compactMap { round, half in
            half.load.deliveryProblem().map {
                "the load was not delivered: round \(round), \(subject.side.rawValue): \($0)"
            }
        }
    }

    /// What was measured of a service that mostly answered with errors says nothing, whatever the budgets are.
    ///
    /// The candidate's own errors are left to a budget where there is one.
    private static func errors(of subject: Comparison.Subject, as role: Side, _ findings: [Finding]) -> String? {
        var allowed = Rules.errorShare
        for finding in findings where finding.key == MetricKey(.errorsRate) && finding.severity == .error {
            guard case .maximum(let limit) = finding.limit else { continue }
            if role == .candidate, finding.kind != .missing { return nil }
            allowed = max(allowed, limit)
        }
        // The requests of a search are those of a window that held, or the search found nothing; its own limit held there.
        allowed = subject.sided.halves.compactMap(\.half.load.capacity?.errorLimit).reduce(allowed, max)
        let totals = subject.sided.halves.map(\.half.load.total)
        let failed = totals.reduce(0) { $0 + $1.failed + $1.timedOut }
        let exchanges = totals.reduce(0) { $0 + $1.exchanges }
        guard exchanges > 0, Double(failed) > allowed * Double(exchanges) else { return nil }
        let reason = totals.flatMap(\.failures).max { $0.count < $1.count }?.reason ?? "no reason is known"
        return "\(failed) of \(exchanges) requests to the \(role.rawValue) failed (most: \(reason))"
            + (role == .candidate ? "; a budget for errors.rate can allow it" : "")
    }

    /// Budgets that so few rounds can never decide, which a stored run may have: no doubt that more care would settle.
    private static func undecidable(_ comparison: Comparison, _ budgets: Budgets, _ findings: [Finding]) -> [String] {
        // Whoever ends at the first regression leaves the others open.
        if findings.contains(where: { $0.severity == .error && $0.kind == .regressed }) { return [] }
        let rounds = comparison.candidate.recording.validRounds.count
        return budgets.all.filter { $0.severity == .error }.compactMap { budget in
            let open = findings.contains { $0.place == budget.place && $0.kind == .inconclusive }
            let needed = Rules.leastRounds(budget, hasBaseline: comparison.isPaired)
            guard open, rounds < needed else { return nil }
            return "\(MetricKey(budget.metric, step: budget.step).text) cannot be judged in "
                + (rounds == 1 ? "one round" : "\(rounds) rounds") + ": it takes at least \(needed)"
        }
    }

    private static func outcome(
        _ comparison: Comparison, _ findings: [Finding], _ failures: [String]
    ) -> Verdict.Outcome {
        // A run that was cut short is no judgement, whatever its first rounds look like.
        if comparison.candidate.recording.failure != nil { return .failed }
        let gating = findings.filter { $0.severity == .error }
        if gating.contains(where: { $0.kind == .regressed }) { return .regressed }
        if !failures.isEmpty { return .failed }
        if gating.contains(where: { $0.kind == .inconclusive }) { return .inconclusive }
        return .passed
    }

    /// Budgets that had nothing to be compared with, where others were judged; nil where all were or none was.
    private static func uncompared(_ comparison: Comparison, _ findings: [Finding]) -> String? {
        let isJudged = findings.contains { $0.severity == .error && $0.kind != .unanchored }
        guard comparison.baseline == nil, isJudged else { return nil }
        var names: [String] = []
        for finding in findings where finding.kind == .unanchored && !names.contains(finding.key.text) {
            names.append(finding.key.text)
        }
        guard !names.isEmpty else { return nil }
        var shown = Array(names.prefix(5))
        if names.count > shown.count { shown.append("\(names.count - shown.count) more") }
        let last = shown.removeLast()
        let list = shown.isEmpty ? last : "\(shown.joined(separator: ", ")) and \(last)"
        return "there is no baseline, so that nothing was compared for \(list); give one with --base, --base-command, "
            + "--base-url or --baseline"
    }

    private static func warnings(_ comparison: Comparison, _ findings: [Finding]) -> [String] {
        var result: [String] = []
        if !comparison.obstacles.isEmpty {
            result.append("the baseline is of other circumstances (\(comparison.obstacles.joined(separator: "; ")))")
        }
        if let uncompared = uncompared(comparison, findings) { result.append(uncompared) }
        if let contended = Contention.warning(comparison, findings) { result.append(contended) }
        if comparison.isPaired, let baseline = comparison.baseline?.description,
            let candidate = comparison.candidate.description, baseline.commit != nil,
            baseline.commit == candidate.commit, !candidate.name.hasSuffix(SideDescription.uncommitted)
        {
            result.append("both sides are the same commit: nothing but the machine was compared")
        }
        if comparison.isPaired, let baseline = comparison.baseline?.description,
            let candidate = comparison.candidate.description, baseline.command == nil, candidate.command == nil,
            baseline.name == candidate.name
        {
            result.append("both sides are the same address: nothing but the machine was compared")
        }
        result += unservedWarnings(comparison, findings)
        if let (baseline, candidate) = comparison.allocators, baseline != candidate {
            result.append(
                "the baseline allocates with \(baseline), the candidate with \(candidate), which alone changes how much "
                    + "is allocated")
        }
        let voided = comparison.candidate.recording.rounds.filter { $0.voided != nil }
        if let last = voided.last, let reason = last.voided {
            let numbers = voided.map { String($0.number) }
            result.append(
                voided.count == 1
                    ? "round \(last.number) was voided: \(reason)"
                    : "rounds \(numbers.dropLast().joined(separator: ", ")) and \(last.number) were voided; the last: \(reason)"
            )
        }
        if voided.count > 1, voided.allSatisfy({ $0.voided?.hasPrefix(Side.candidate.rawValue) == true }) {
            result.append("all of them for what happened while the candidate ran, which may be its own doing")
        }
        if let reason = comparison.candidate.recording.unexplained {
            result.append("what regressed could not be explained: \(reason)")
        }
        for finding in findings where finding.kind == .improved {
            guard let change = finding.change, change.isRelative, finding.evidence != .noisy,
                abs(change.estimate) > Rules.suspiciousImprovement
            else { continue }
            result.append(
                "\(finding.key.text) fell by \(Unit.fixed(abs(change.estimate) * 100, 0)) %: did the work still run?")
        }
        return result
    }
}
