import Measures
import Plans

extension LoadGenerator.Phase {
    /// The part of the scenario that is done in the phase; nil in one of load.
    var part: Scenario.Part? {
        switch self {
        case .setup: .setup
        case .userSetup: .userSetup
        case .teardown: .teardown
        case .warmup, .steady, .window: nil
        }
    }
}

extension Engine {
    /// Who does a part: one user or all of them, some at a time, in the order of their numbers.
    func source(of part: Scenario.Part) -> PhaseRun.Source {
        while free.popFirst() != nil {}
        for user in users { _ = free.append(user) }
        return .each(part == .userSetup ? users.count : 1)
    }

    /// What a user does whose arrival has come.
    func begin(_ user: VirtualUser, arrival number: UInt64, in run: PhaseRun) {
        if let part = run.part, let flow = program.parts[part]?.flow {
            user.begin(flow, iteration: UInt64(user.index))
        } else {
            user.begin(program.flows[plan.flow(at: number)], iteration: run.iterationOffset + number)
        }
    }

    /// A user has done a part, or failed to: then the others do not begin it.
    func partEnded(_ part: Scenario.Part, by user: VirtualUser, failed: Bool, in run: PhaseRun) {
        if failed { return run.abandonBacklog() }
        if part == .userSetup { user.jar?.keepForFlows() }
        guard part == .setup else { return }
        // Its user is one of many afterwards.
        user.jar?.removeAll()
        for other in users where other !== user {
            other.captures.copy(program.sharedSlots, from: user.captures)
        }
    }

    /// Why a part was not done, or nil.
    static func failure(of part: Scenario.Part, _ summary: LoadSummary) -> LoadError? {
        if let step = summary.steps.first(where: { !$0.failures.isEmpty }) {
            return .part(part, step: step.name, reason: step.failures[0].reason)
        }
        guard summary.flowsFailed > 0 else { return nil }
        return .part(part, step: nil, reason: "it was not done before its time was up")
    }
}
