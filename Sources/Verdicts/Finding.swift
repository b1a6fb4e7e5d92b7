package import Measures
package import Plans

/// What is known about one limit of one budget.
package struct Finding: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Proven worse than the limit allows.
        case regressed
        /// Proven better than the baseline.
        case improved
        case pass
        /// Worse than the limit, but accepted for a limited time.
        case accepted
        /// Neither proven within the limit nor proven over it.
        case inconclusive
        /// There is nothing to compare with: no baseline, or one of another machine.
        case unanchored
        /// A side has no value.
        case missing
    }

    /// Which of the budget's limits this is about.
    package enum Limit: Sendable, Equatable, Codable {
        /// In the metric's base unit.
        case maximum(Double)
        case minimum(Double)
        /// Relative to the baseline, as fractions.
        case maximumIncrease(Double)
        case maximumDecrease(Double)
    }

    package var key: MetricKey
    package var limit: Limit
    package var floor: Double
    package var severity: Budget.Severity
    package var place: Place
    package var kind: Kind
    /// In words, one sentence without its final stop.
    package var reason: String

    /// Medians over rounds, in the base unit.
    package var baseline: Double?
    package var candidate: Double?
    package var change: Change?
    /// How the values were compared after demotion, and whether they were demoted.
    package var evidence: Metric.Evidence
    package var demoted = false
    package var rounds = 0
    /// One-sided p of "not worse", and the same adjusted for the other budgets of its severity: after Holm for errors,
    /// after Benjamini and Hochberg for warnings.
    package var p: Double?
    package var adjustedP: Double?
    /// What `adjustedP` must not exceed to be a proof at this look.
    package var level: Double?
    /// Whether the whole interval lies over the limit.
    package var certain = false
    /// The smallest change this many rounds would find, in the terms of `change`.
    package var smallestDetectable: Double?
    /// About how many rounds would decide.
    package var roundsToDecide: Int?

    /// An estimated change with its interval, either relative (a fraction) or in the base unit.
    package struct Change: Sendable, Equatable, Codable {
        package var isRelative: Bool
        package var estimate: Double
        package var low: Double
        package var high: Double
    }

    init(_ budget: Budget, limit: Limit) {
        key = MetricKey(budget.metric, step: budget.step)
        self.limit = limit
        floor = budget.floor
        severity = budget.severity
        place = budget.place
        kind = .missing
        reason = ""
        evidence = budget.metric.evidence
    }
}

/// What follows from a recording and its budgets.
package struct Verdict: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable {
        case passed
        case regressed
        case inconclusive
        /// Could not measure or judge.
        case failed
    }

    package var outcome: Outcome
    /// After how many rounds, and with what share of the errors, it was reached.
    package var look: Look
    /// Why it could not be judged; empty unless `outcome` is `failed`.
    package var failures: [String]
    /// In the order of the budgets.
    package var findings: [Finding]
    /// What a reader should know besides: large improvements, a baseline of another machine, voided rounds.
    package var warnings: [String]

    /// Whether more rounds would change nothing that matters: no budget but for information is left open.
    package var isDecided: Bool {
        failures.isEmpty && !findings.contains { $0.severity != .info && $0.kind == .inconclusive }
    }

    /// Whether a budget held exactly, which spends no error, can already fail the gate.
    package var hasExactRegression: Bool {
        findings.contains { $0.severity == .error && $0.kind == .regressed && $0.p == nil }
    }

    /// The exit status of a process that reports this verdict.
    ///
    /// The only place that makes 2 or 3, so that nothing else can be mistaken for a judgement.
    package func exitStatus(failOnInconclusive: Bool) -> Int32 {
        switch outcome {
        case .passed: 0
        case .failed: 1
        case .regressed: 2
        case .inconclusive: failOnInconclusive ? 3 : 0
        }
    }
}
