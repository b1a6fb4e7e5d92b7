import Plans

extension GateRequest {
    /// Throws a usage error for what cannot work, before anything is started.
    func mustMakeSense() throws(GateError) {
        try mustBeJudgeable()
        try mustBeStartable()
    }

    /// The same for what has nothing to do with budgets.
    func mustBeStartable() throws(GateError) {
        if case .reference = base, plan.service.command == nil {
            throw .usage("--base needs service.command in \(planFile): it starts both sides")
        }
        for (option, url) in [("--base-url", baseURL), ("--url", candidateURL)] {
            guard let url else { continue }
            _ = try plan.service.endpoint(at: url, as: option, planFile: planFile)
        }
        _ = try plan.service.connection.socket(in: planFolder)
        for (option, command) in [("--base-command", baseCommand), ("--command", candidateCommand)] {
            guard let command else { continue }
            guard command.contains(where: { !$0.isWhitespace }) else { throw .usage("\(option): the command is empty") }
            let places = [command] + plan.service.environment.map(\.value)
            guard !plan.service.url.contains("{port}") || places.contains(where: { $0.contains("{port}") }) else {
                throw .usage("\(option): nothing tells the service its port; write {port} where it belongs")
            }
        }
    }

    private func mustBeJudgeable() throws(GateError) {
        let gating = budgets.all.filter { $0.severity == .error }
        guard !gating.isEmpty else {
            throw .usage("\(budgetsFile): no budget has severity \"error\", so nothing would be gated")
        }
        guard base != .none || gating.contains(where: { $0.maximum != nil || $0.minimum != nil }) else {
            throw .usage(
                "every budget of \(budgetsFile) compares with a baseline; give one with --base, --base-command, "
                    + "--base-url or --baseline")
        }
    }

    private var baseURL: String? {
        if case .url(let url) = base { return url }
        return nil
    }

    private var baseCommand: String? {
        if case .command(let command) = base { return command }
        return nil
    }
}
