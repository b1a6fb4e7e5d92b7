import Captures
import LoadGen
import Measures
package import Plans
import Recordings
package import Verdicts

/// The whole of a run: sides, rounds, verdict, explanation.
package enum Gate {
    /// At most this share of the rounds planned may be voided and repeated.
    private static let voidedShare = 0.25

    /// Measures and judges; what was measured is on disk after every round.
    ///
    /// A run that fails half-way is an outcome too: its verdict is "failed", with what was measured until then.
    package static func run(
        _ request: GateRequest, listener: @escaping GateListener
    ) async throws(GateError)
        -> GateOutcome
    {
        let refusals = Rules.refusals(
            budgets: request.budgets, rounds: request.plan.rounds, hasBaseline: request.base != .none,
            requests: { request.plan.expectedRequests(of: $0) })
        guard refusals.isEmpty else { throw .refused(refusals) }
        try request.mustMakeSense()
        let stored = try storedBaseline(request)
        let folder = try RunFolder(creating: request.folder)
        let began = ContinuousClock.now
        var recording = Recording(
            tool: request.tool, id: request.id, startedAt: request.startedAt, seed: request.seed,
            plan: .init(file: request.planFile, text: request.plan.source),
            budgets: .init(file: request.budgetsFile, text: request.budgets.source),
            machine: MachineReader.machine(), sides: [])
        if let stored {
            recording.storedBaseline = Files.canonical(stored.folder.path)
            try folder.writeBaseline(stored.recording)
        }
        func comparison() -> Comparison {
            guard let stored else { return Comparison(recording) }
            return Comparison(candidate: .init(recording, .candidate), baseline: .init(stored.recording, .candidate))
        }
        do {
            try await Sides.withSides(request, folder, listener) { sides in
                recording.sides = sides.descriptions
                listener(.measuring(sides: sides.descriptions, rounds: request.plan.rounds))
                try await measure(sides, request, folder, &recording, listener)
                let verdict = Judge.judge(comparison(), budgets: request.budgets)
                let explainer = Explainer(plan: request.plan, folder: folder, seed: request.seed, listener: listener)
                recording.explanations = try await explainer.explain(verdict, sides)
            }
        } catch {
            recording.failure = sentence(error)
        }
        recording.seconds = (ContinuousClock.now - began) / .seconds(1)
        try folder.writeRecording(recording)
        return judge(comparison(), budgets: request.budgets, folder: folder, baselineFolder: stored?.folder ?? folder)
    }

    /// Judges recordings and explains what regressed.
    package static func judge(
        _ comparison: Comparison, budgets: Budgets, folder: RunFolder, baselineFolder: RunFolder
    ) -> GateOutcome {
        let verdict = Judge.judge(comparison, budgets: budgets)
        let shelf = ProfileShelf(candidate: folder, baseline: baselineFolder)
        let attributions = Attributor(comparison: comparison, read: shelf.read).attribute(verdict)
        return GateOutcome(verdict: verdict, comparison: comparison, attributions: attributions, folder: folder)
    }

    private static func storedBaseline(
        _ request: GateRequest
    ) throws(GateError) -> (
        recording: Recording, folder: RunFolder
    )? {
        guard case .recording(let path) = request.base else { return nil }
        let folder = try RunFolder(existing: path)
        return (try folder.readRecording(), folder)
    }

    private static func measure(
        _ sides: Sides, _ request: GateRequest, _ folder: RunFolder, _ recording: inout Recording,
        _ listener: @escaping GateListener
    ) async throws {
        let rounds = request.plan.rounds
        let runner = HalfRoundRunner(plan: request.plan, folder: folder, seed: request.seed, listener: listener)
        let roles = sides.descriptions.map(\.role)
        var order = SideOrder(sides: roles, rounds: rounds, seed: request.seed)
        var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
        var port = try LoopbackPort.free(using: &ports)
        var valid = 0
        var voided = 0
        while valid < rounds {
            let number = valid + voided + 1
            var round = Round(number: number, halves: [])
            for role in order.order(of: number - 1, sides: roles) {
                guard let target = sides.targets.first(where: { $0.description.role == role }) else { continue }
                // The same port for both sides, as long as nobody else takes it.
                if !LoopbackPort.isFree(port) { port = try LoopbackPort.free(using: &ports) }
                do {
                    round.halves.append(
                        try await runner.run(
                            target, port: port, name: "round-\(number)", round: valid + 1, of: rounds))
                } catch let error as CaptureError where error != .interrupted {
                    throw GateError.side(role, .capture(error))
                }
            }
            round.voided = reason(toVoid: round)
            recording.rounds.append(round)
            // Should perfgate be killed now, nobody may take these rounds for the whole run.
            var unfinished = recording
            unfinished.failure = "the run was not finished"
            try folder.writeRecording(unfinished)
            try mustDiffer(round, request, sides)
            try mustBeComplete(round, request.budgets)
            if let reason = round.voided {
                voided += 1
                listener(.voided(round: number, reason: reason))
                guard Double(voided) <= max(1, (Double(rounds) * voidedShare).rounded(.down)) else {
                    throw GateError.undelivered("\(voided) of \(number) rounds were disturbed; the last: \(reason)")
                }
            } else {
                try mustBeDelivered(round)
                valid += 1
                listener(.roundDone(round, of: rounds))
            }
        }
    }

    /// Only what the machine did to the measurement voids a round, never what the service did.
    private static func reason(toVoid round: Round) -> String? {
        for half in round.halves {
            if let problem = half.load.deliveryProblem(), problem.isGeneratorsFault {
                return "\(half.side.rawValue): \(problem)"
            }
        }
        return nil
    }

    /// Two builds that wrote the same file leave nothing to compare: whichever came last was measured twice.
    ///
    /// A file that neither build wrote, such as an interpreter, may well be shared.
    private static func mustDiffer(_ round: Round, _ request: GateRequest, _ sides: Sides) throws(GateError) {
        guard case .reference = request.base, request.build, request.plan.service.build != nil,
            let baseline = round.half(.baseline)?.executables, let candidate = round.half(.candidate)?.executables
        else { return }
        for path in Set(baseline).intersection(candidate).sorted()
        where Files.modified(path).map({ $0 >= sides.buildsBegan }) ?? false {
            throw .usage(
                "both sides ran \(path), which the builds wrote one over the other; let service.build write below "
                    + "its own checkout")
        }
    }

    /// A budget that cannot be judged is told after one round and not after all.
    private static func mustBeComplete(_ round: Round, _ budgets: Budgets) throws(GateError) {
        for budget in budgets.all where budget.severity == .error {
            let key = MetricKey(budget.metric, step: budget.step)
            for half in round.halves where half.values[key] == nil {
                guard let reason = half.absent[key.metric] else { continue }
                throw .side(half.side, .missing("\(key.text) has no value: \(reason)"))
            }
        }
    }

    private static func mustBeDelivered(_ round: Round) throws(GateError) {
        for half in round.halves {
            if let problem = half.load.deliveryProblem() {
                throw .undelivered("round \(round.number), \(half.side.rawValue): \(problem)")
            }
        }
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as GateError: error.message
        case let error as CaptureError: error.message
        case is CancellationError, LoadError.cancelled: CaptureError.interrupted.message
        default: "\(error)"
        }
    }
}
