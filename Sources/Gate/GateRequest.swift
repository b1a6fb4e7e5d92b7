package import Plans
package import Verdicts

/// Everything a run is told.
package struct GateRequest: Sendable {
    package enum Base: Sendable, Equatable {
        /// Absolute and leak budgets only.
        case none
        /// The merge base of HEAD and this revision, built in a work tree of its own.
        case reference(String)
        /// A shell command that starts the baseline.
        case command(String)
        /// A baseline that runs already.
        case url(String)
        /// A stored run.
        case recording(String)
        /// The candidate once more: one build, measured as both sides.
        case itself
    }

    package var plan: Plan
    package var planFile: String
    /// The folder the plan's commands run in.
    package var planFolder: String
    package var budgets: Budgets
    package var budgetsFile: String
    package var base: Base
    /// Overrides the plan's command for the candidate.
    package var candidateCommand: String?
    /// The candidate runs already, at this address.
    package var candidateURL: String?
    package var build: Bool
    package var seed: UInt64
    /// How long the rounds may take together; nil for as long as they do.
    package var maximumTime: Duration?
    /// Whether the first regression ends the run.
    package var failsFast: Bool
    /// The run's own folder, which must not exist yet.
    package var folder: String
    package var tool: String
    /// Unique, and begins with the time: `20261123T203712Z-1f2e3d4c`.
    package var id: String
    /// UTC, `2026-11-23T20:37:12Z`.
    package var startedAt: String

    package init(
        plan: Plan, planFile: String, planFolder: String, budgets: Budgets, budgetsFile: String, base: Base,
        candidateCommand: String?, candidateURL: String?, build: Bool, seed: UInt64,
        maximumTime: Duration?, failsFast: Bool, folder: String, tool: String,
        id: String, startedAt: String
    ) {
        self.plan = plan
        self.planFile = planFile
        self.planFolder = planFolder
        self.budgets = budgets
        self.budgetsFile = budgetsFile
        self.base = base
        self.candidateCommand = candidateCommand
        self.candidateURL = candidateURL
        self.build = build
        self.seed = seed
        self.maximumTime = maximumTime
        self.failsFast = failsFast
        self.folder = folder
        self.tool = tool
        self.id = id
        self.startedAt = startedAt
    }
}

/// What a run or a comparison came to.
package struct GateOutcome: Sendable {
    package var verdict: Verdict
    package var comparison: Comparison
    package var attributions: [Attribution]
    package var folder: RunFolder

    package init(verdict: Verdict, comparison: Comparison, attributions: [Attribution], folder: RunFolder) {
        self.verdict = verdict
        self.comparison = comparison
        self.attributions = attributions
        self.folder = folder
    }
}
