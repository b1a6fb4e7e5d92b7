import Captures
import Plans
import Recordings

extension GateRequest {
    var planDocument: Recording.Document { .init(file: planFile, text: plan.source, named: plan.files) }

    /// A recording of what was asked for, of which nothing is measured yet.
    var recording: Recording {
        Recording(
            tool: tool, id: id, startedAt: startedAt, seed: seed, plan: planDocument,
            budgets: .init(file: budgetsFile, text: budgets.source), machine: MachineReader.machine(), sides: [],
            plannedRounds: plan.rounds)
    }
}
