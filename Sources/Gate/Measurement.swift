import Captures
import LoadGen
import Measures
import Plans
import Recordings
import Verdicts

/// The rounds of a run, one after the other, until the budgets are decided or the rounds or the time are up.
struct Measurement {
    let sides: Sides
    let request: GateRequest
    let folder: RunFolder
    let listener: GateListener
    /// Judges what was measured so far.
    let judge: (Recording) -> Verdict

    /// Measures into the recording, which is on disk after every round.
    func run(_ recording: inout Recording) async throws {
        let began = ContinuousClock.now
        let runner = HalfRoundRunner(
            plan: request.plan, watchesLeaks: request.budgets.all.contains { $0.metric.isLeak }, folder: folder,
            seed: request.seed, listener: listener)
        let roles = sides.descriptions.map(\.role)
        var schedule = LookSchedule(rounds: request.plan.rounds)
        var order = SideOrder(sides: roles, seed: request.seed)
        var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
        var port = try LoopbackPort.free(using: &ports)
        var valid = 0
        var voided = 0
        while true {
            let number = valid + voided + 1
            var round = Round(number: number, halves: [])
            for role in order.next() {
                guard let target = sides.targets.first(where: { $0.description.role == role }) else { continue }
                // The same port for both sides, as long as nobody else takes it.
                if !LoopbackPort.isFree(port) { port = try LoopbackPort.free(using: &ports) }
                do {
                    round.halves.append(
                        try await runner.run(
                            target, port: port, name: "round-\(number)", round: valid + 1, of: recording.plannedRounds))
                } catch let error as CaptureError where error != .interrupted {
                    throw GateError.side(role, .capture(error))
                }
            }
            if number == 1 { describeToolchains(round, &recording) }
            round.voided = Disturbance.reason(toVoid: round)
            recording.rounds.append(round)
            try store(recording)
            try mustDiffer(round)
            try mustBeComplete(round)
            if let reason = round.voided {
                voided += 1
                listener(.voided(reason: reason))
                guard voided <= Disturbance.allowance(rounds: recording.plannedRounds) else {
                    throw GateError.undelivered("\(voided) of \(number) rounds were disturbed; the last: \(reason)")
                }
            } else {
                try mustBeDelivered(round)
                valid += 1
                listener(.roundDone(round, of: recording.plannedRounds))
                if let ending = ending(recording, after: valid, schedule) {
                    recording.ending = ending
                    return
                }
            }
            guard let maximum = request.maximumTime else { continue }
            let each = (ContinuousClock.now - began) / Double(number)
            let fitting = valid + Int(((began + maximum) - .now) / each)
            guard fitting < recording.plannedRounds else { continue }
            guard fitting >= leastRounds else {
                throw GateError.tooLittleTime(each: each, rounds: leastRounds, in: maximum)
            }
            if valid == 1, voided == 0 {
                // Known before anything can be seen in the results, so the looks may still be moved.
                recording.plannedRounds = fitting
                schedule = LookSchedule(rounds: fitting)
                listener(.shortened(rounds: fitting))
            } else if fitting <= valid {
                recording.ending = .time
                return
            }
        }
    }

    private var leastRounds: Int { Rules.leastRounds(request.budgets, hasBaseline: request.base != .none) }

    /// Why no further round is needed, after this many that count; nil when one is.
    private func ending(_ recording: Recording, after valid: Int, _ schedule: LookSchedule) -> Recording.Ending? {
        if valid >= recording.plannedRounds { return .planned }
        let isLook = schedule.looks.contains(valid)
        // Exact limits spend no error, so they may be looked at whenever there are rounds enough for them.
        guard isLook || (request.failsFast && valid >= Rules.countRounds) else { return nil }
        let verdict = judge(recording)
        if request.failsFast, verdict.hasExactRegression || (isLook && verdict.outcome == .regressed) {
            return .failFast
        }
        return isLook && verdict.isDecided ? .decided : nil
    }

    /// What built a side is known when its processes run.
    private func describeToolchains(_ round: Round, _ recording: inout Recording) {
        for index in recording.sides.indices {
            let executables = round.half(recording.sides[index].role)?.executables ?? []
            let toolchains = Set(executables.compactMap { Toolchain.of(executable: $0) }).sorted()
            if !toolchains.isEmpty { recording.sides[index].toolchain = toolchains.joined(separator: "; ") }
        }
    }

    /// Should perfgate be killed now, nobody may take these rounds for the whole run.
    private func store(_ recording: Recording) throws(GateError) {
        var unfinished = recording
        unfinished.failure = "the run was not finished"
        try folder.writeRecording(unfinished)
    }

    /// Two builds that wrote the same file leave nothing to compare: whichever came last was measured twice.
    ///
    /// A file that neither build wrote, such as an interpreter, may well be shared.
    private func mustDiffer(_ round: Round) throws(GateError) {
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
    private func mustBeComplete(_ round: Round) throws(GateError) {
        for budget in request.budgets.all where budget.severity == .error {
            let key = MetricKey(budget.metric, step: budget.step)
            for half in round.halves where half.values[key] == nil {
                guard let reason = half.absent[key.metric] else { continue }
                throw .side(half.side, .missing("\(key.text) has no value: \(reason)"))
            }
        }
    }

    private func mustBeDelivered(_ round: Round) throws(GateError) {
        for half in round.halves {
            if let problem = half.load.deliveryProblem() {
                throw .undelivered("round \(round.number), \(half.side.rawValue): \(problem)")
            }
        }
    }
}
