package import Measures
package import Profiles

/// What accounts for a regressed metric.
package struct Attribution: Sendable, Equatable, Codable {
    package var metric: Metric
    package var content: Content
    /// Why there is less than there could be, or how exact the numbers are; one sentence each.
    package var notes: [String]

    package init(metric: Metric, content: Content, notes: [String]) {
        self.metric = metric
        self.content = content
        self.notes = notes
    }

    package enum Content: Sendable, Equatable, Codable {
        /// Functions by how much more of the metric they account for, largest first.
        case functions([FunctionShare])
        /// Stacks that grew during the candidate's load, largest first.
        case tasks([TaskShare])
        /// Nothing can be said; the notes say why.
        case nothing
    }

    /// A function's part per request, in the metric's base unit.
    package struct FunctionShare: Sendable, Equatable, Codable {
        package var function: String
        package var file: String
        package var line: Int
        package var flatBaseline: Double
        package var flatCandidate: Double
        package var cumulativeBaseline: Double
        package var cumulativeCandidate: Double
        /// The call path that gained most of what is charged to the function: from it to its callers, without those of the
        /// runtime; empty where none gained.
        package var path: [Frame] = []
        /// How much that path gained.
        package var pathChange = 0.0

        package var flatChange: Double { flatCandidate - flatBaseline }
        package var cumulativeChange: Double { cumulativeCandidate - cumulativeBaseline }
    }

    /// Tasks left behind with the same state and stack, over all rounds of the candidate.
    package struct TaskShare: Sendable, Equatable, Codable {
        /// The runtime's word: `chan send`.
        package var state: String
        package var before: Int
        package var after: Int
        /// Of all growth, 0–1.
        package var share: Double
        /// Innermost first, without the runtime's own frames.
        package var frames: [Frame]
        package var createdBy: Frame?

        /// Saturating: the counts come from a profile.
        package var growth: Int {
            let (difference, overflow) = after.subtractingReportingOverflow(before)
            return overflow ? (after > before ? .max : .min) : difference
        }
    }
}
