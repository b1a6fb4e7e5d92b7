package import Measures

/// One limit from `thresholds.json`, with the place that demands it.
package struct Budget: Sendable, Equatable {
    package var metric: Metric
    /// The step it is about, or nil for the whole scenario.
    package var step: String?
    /// Absolute limits in the metric's base unit.
    package var maximum: Double?
    package var minimum: Double?
    /// Allowed relative change against the baseline, as fractions: 0.08 is 8 %.
    package var maximumIncrease: Double?
    package var maximumDecrease: Double?
    /// Smallest absolute change against the baseline that matters, in the base unit.
    package var floor: Double
    package var severity: Severity
    package var decide: Decision
    /// A known cost that was accepted for a limited time.
    package var accepted: Acceptance?
    package var place: Place

    package init(
        metric: Metric, step: String?, maximum: Double?, minimum: Double?, maximumIncrease: Double?,
        maximumDecrease: Double?, floor: Double, severity: Severity, decide: Decision, accepted: Acceptance?,
        place: Place
    ) {
        self.metric = metric
        self.step = step
        self.maximum = maximum
        self.minimum = minimum
        self.maximumIncrease = maximumIncrease
        self.maximumDecrease = maximumDecrease
        self.floor = floor
        self.severity = severity
        self.decide = decide
        self.accepted = accepted
        self.place = place
    }

    package enum Severity: String, Sendable, Codable, CaseIterable {
        case error, warn, info
    }

    /// What it takes to call a change a regression.
    package enum Decision: String, Sendable, Codable, CaseIterable {
        /// Proven worse, and the estimate is over the budget.
        case proven
        /// The whole interval is over the budget.
        case certain
    }

    package struct Acceptance: Sendable, Equatable, Codable {
        /// The change for the worse that is accepted, as a fraction of the baseline.
        package var upTo: Double
        /// The last day it holds, `YYYY-MM-DD`.
        package var until: String
        package var reason: String

        package init(upTo: Double, until: String, reason: String) {
            self.upTo = upTo
            self.until = until
            self.reason = reason
        }
    }
}

/// Where in a file something was written.
package struct Place: Sendable, Equatable, Codable {
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int
    /// The path inside the document: `load.rate`, `scenario.flows[0].steps[1].check.status`.
    package var path: String

    package init(file: String, line: Int, column: Int, path: String) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
    }
}

/// The budgets of `thresholds.json`.
package struct Budgets: Sendable, Equatable {
    package var all: [Budget]
    /// The bytes of the file, kept for the recording.
    package var source: String

    package init(all: [Budget], source: String) {
        self.all = all
        self.source = source
    }
}

/// What a relative limit may be.
package enum LimitRange {
    /// The largest: a thousand percent.
    package static let maximumChange = 10.0
}
