import Measures
package import Plans
package import Recordings

/// What a machine can tell apart, learnt from one version of a service that was measured against itself.
///
/// Pure, and the same for the same recording and budgets bit for bit.
package struct Calibration: Sendable, Equatable {
    /// Rounds that count, those that were voided, and those a gate of the plan may take.
    package var rounds: Int
    package var voided: Int
    package var gateRounds: Int
    package var figures: [CalibratedFigure]
    /// Gates as they were really measured, one after the other.
    package var measured: FalseAlarms
    /// Gates put together from the measured rounds by chance.
    package var reshuffled: FalseAlarms

    /// How many gates are put together when nobody says.
    package static let reshuffledGates = 2000
    /// The most rounds a calibration measures; from there on only the file grows.
    package static let maximumRounds = 1000

    /// - Parameters:
    ///   - budgets: What the gates are judged by; figures are also given for the default budgets they lack.
    ///   - reshuffled: How many gates are put together, by the recording's seed.
    package init(_ recording: Recording, budgets: Budgets, reshuffled: Int = Self.reshuffledGates) {
        let valid = recording.validRounds
        rounds = valid.count
        voided = recording.rounds.count - valid.count
        gateRounds = recording.plannedRounds
        let missing = Self.defaults(for: recording).filter { budget in
            !budgets.all.contains { $0.metric == budget.metric && $0.step == nil }
        }
        figures = CalibratedFigure.all(recording, budgets: budgets.all, others: missing)
        let gate = GateReplay(recording, budgets: budgets)
        measured = gate.measured(valid)
        self.reshuffled = gate.reshuffled(valid, gates: reshuffled, seed: recording.seed)
    }

    /// Every budget as it is proposed, in the order of the figures.
    package var proposal: [Budget] { figures.map(\.proposed) }

    /// The default budgets that this load can hold and of which every round has a value.
    package static func defaults(for recording: Recording) -> [Budget] {
        let halves = recording.validRounds.flatMap(\.halves)
        guard let first = halves.first else { return [] }
        let requests = halves.map(\.load.total.exchanges).min()
        let budgets = DefaultBudgets.all(
            isClosedLoop: first.load.isClosedLoop, requests: requests, isSearch: first.load.capacity != nil)
        return budgets.filter { budget in
            let key = MetricKey(budget.metric)
            return halves.allSatisfy { $0.values[key] != nil }
        }
    }

    /// A default metric that some half-rounds have and others lack: left out, its budget would vanish without a word.
    private static func gap(_ recording: Recording) -> String? {
        for budget in DefaultBudgets.ofAnyLoad {
            let key = MetricKey(budget.metric)
            let halves = recording.validRounds.flatMap { round in round.halves.map { (round.number, $0) } }
            let lacking = halves.filter { $0.1.values[key] == nil }
            guard let (round, half) = lacking.first, lacking.count < halves.count else { continue }
            return "\(key.text) has no value in round \(round), \(half.side.rawValue): "
                + (half.absent[key.metric] ?? "the round has none")
        }
        return nil
    }

    /// Why a recording is no calibration, in words; nil when it is one.
    package static func obstacle(_ recording: Recording) -> String? {
        if let failure = recording.failure { return "the calibration failed: \(failure)" }
        guard recording.ending == .calibrated else { return "it is a run and no calibration" }
        if let gap = gap(recording) { return gap }
        let rounds = recording.validRounds.count
        guard rounds < Rules.noisyRounds else { return nil }
        return "it has \(rounds) rounds; a calibration has \(Rules.noisyRounds) or more"
    }
}
