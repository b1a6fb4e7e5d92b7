/// Everything one run measured: enough to judge and to explain it again, offline, with the same result.
package struct Recording: Sendable, Codable, Equatable {
    /// The version of this format; a reader refuses any other.
    package static let currentSchema = 2
    /// The most rounds a run may be planned for.
    package static let maximumRounds = 1000

    package var schema: Int = Self.currentSchema
    /// The perfgate that made it.
    package var tool: String
    /// Unique to the run: `20261123T203712Z-1f2e3d4c`.
    package var id: String
    /// UTC, `2026-11-23T20:37:12Z`.
    package var startedAt: String
    /// Wall time of the whole run in seconds.
    package var seconds: Double
    /// Seed of the order of sides, of data and of trace ids.
    package var seed: UInt64
    package var plan: Document
    package var budgets: Document
    package var machine: Machine
    package var sides: [SideDescription]
    /// Rounds that count, at most; from them follow the looks.
    package var plannedRounds: Int
    package var rounds: [Round]
    /// Why no more rounds were measured; nil when the run failed before that was decided.
    package var ending: Ending?
    /// Passes after the verdict that explain what regressed.
    package var explanations: [Explanation]
    /// Why such a pass failed; nil when none did.
    package var unexplained: String?
    /// The folder of the stored run it was judged against; a copy of its recording lies beside this one.
    package var storedBaseline: String?
    /// Why the run ended before all rounds were done; nil when it did not.
    package var failure: String?

    package init(
        tool: String, id: String, startedAt: String, seed: UInt64, plan: Document, budgets: Document, machine: Machine,
        sides: [SideDescription], plannedRounds: Int
    ) {
        self.tool = tool
        self.id = id
        self.startedAt = startedAt
        self.seconds = 0
        self.seed = seed
        self.plan = plan
        self.budgets = budgets
        self.machine = machine
        self.sides = sides
        self.plannedRounds = plannedRounds
        rounds = []
        explanations = []
    }

    /// A file the user wrote, as it was.
    package struct Document: Sendable, Codable, Equatable {
        package var file: String
        package var text: String
        /// Digests of the files it names, by their paths as it writes them; nil where that was not recorded.
        package var named: [String: String]?

        package init(file: String, text: String, named: [String: String]? = nil) {
            self.file = file
            self.text = text
            self.named = named
        }

        /// Whether another document says the same, about files of the same content.
        package func asks(theSameAs other: Document) -> Bool {
            substance == other.substance && named ?? [:] == other.named ?? [:]
        }

        /// The lines that are neither empty nor comments.
        private var substance: [Substring] {
            text.split(whereSeparator: \.isNewline).filter { line in
                line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
            }
        }
    }

    /// Why a run measured no more rounds than it did.
    package enum Ending: String, Sendable, Codable, CaseIterable {
        /// All that were planned are done.
        case planned
        /// Every budget was decided at a look.
        case decided
        /// The first regression was enough.
        case failFast
        /// Another round would not have ended in time.
        case time
        /// The time of a calibration is up: both sides are one version, and nothing was decided.
        case calibrated
    }

    /// Rounds that count: not voided.
    package var validRounds: [Round] { rounds.filter { $0.voided == nil } }

    package func side(_ role: Side) -> SideDescription? { sides.first { $0.role == role } }
}

/// One of the two versions of the service.
package enum Side: String, Sendable, Codable, CaseIterable, Hashable {
    case baseline
    case candidate
}

/// What a side is and why it was chosen.
package struct SideDescription: Sendable, Codable, Equatable {
    package var role: Side
    /// What people call it: `main (merge base 1f2e3d4)`, `working tree (dirty)`, `http://…`.
    package var name: String
    /// Full commit id where there is one.
    package var commit: String?
    /// The shell command that started it, or nil where it ran already.
    package var command: String?
    /// What its executables were built with, as in `go1.27.3`; nil where unknown.
    package var toolchain: String?

    /// What the name of a version with changes in its work tree ends with.
    package static let uncommitted = " with uncommitted changes"

    package init(role: Side, name: String, commit: String?, command: String?, toolchain: String? = nil) {
        self.role = role
        self.name = name
        self.commit = commit
        self.command = command
        self.toolchain = toolchain
    }
}
