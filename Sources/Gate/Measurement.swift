import Captures
import LoadGen
import Measures
import Plans
import Recordings
import Verdicts

/// The rounds of a run, one after the other, until its goal is reached or the rounds or the time are up.
struct Measurement {
    let sides: Sides
    let request: GateRequest
    let folder: RunFolder
    let listener: GateListener
    let goal: Goal

    /// What the rounds are for, which says when they are enough.
    enum Goal {
        /// A verdict, as early as the looks allow and in at most so much time; `judge` judges what was measured so far.
        case verdict(within: Duration?, judge: (Recording) -> Verdict)
        /// As many rounds as fit into the time.
        case calibration(within: Duration)

        /// A calibration measures every metric there is.
        fileprivate func dependsOnProcessorTime(_ budgets: Budgets) -> Bool {
            if case .calibration = self { return true }
            return budgets.all.contains { $0.severity != .info && $0.metric.dependsOnProcessorTime }
        }

        /// The default budgets of a calibration ask for leaks whatever the file does.
        fileprivate func watchesLeaks(_ budgets: Budgets) -> Bool {
            if case .calibration = self { return true }
            return budgets.all.contains { $0.metric.isLeak }
        }

        /// What the time is given by.
        fileprivate var option: String {
            switch self {
            case .verdict: "--max-time"
            case .calibration: "--for"
            }
        }

        fileprivate var time: Duration? {
            switch self {
            case .verdict(let time, _): time
            case .calibration(let time): time
            }
        }
    }

    /// Measures into the recording, which is on disk after every round.
    func run(_ recording: inout Recording) async throws {
        let began = ContinuousClock.now
        var launches = try Launches(
            runner: HalfRoundRunner(
                plan: request.plan, watchesLeaks: goal.watchesLeaks(request.budgets), folder: folder,
                seed: request.seed, listener: listener),
            sides: sides, order: SideOrder(sides: sides.descriptions.map(\.role), seed: request.seed),
            timed: goal.dependsOnProcessorTime(request.budgets))
        var expected = recording.plannedRounds
        var longest = Duration.zero
        try store(recording)
        while true {
            let number = recording.rounds.count + 1
            let start = ContinuousClock.now
            let attempt = launches
            let round: Round
            (round, launches) = try await bounded(number, from: began, longest: longest) {
                [valid = recording.validRounds.count + 1, expected] in
                var attempt = attempt
                return (try await attempt.round(number, valid: valid, of: expected), attempt)
            }
            longest = max(longest, .now - start)
            if number == 1 { describeToolchains(round, &recording) }
            recording.rounds.append(round)
            try store(recording)
            try mustDiffer(round)
            try mustBeComplete(round)
            let valid = recording.validRounds.count
            if let reason = round.voided {
                listener(.voided(reason: reason))
                try mustBeUndisturbed(recording, reason)
                try await calm(timed: launches.timed)
            } else {
                try mustBeDelivered(round)
                listener(.roundDone(round, of: expected))
                if let ending = endingByResult(recording, after: valid) {
                    recording.ending = ending
                    return
                }
            }
            guard let time = goal.time else { continue }
            let each = (ContinuousClock.now - began) / Double(number)
            let fitting = valid + max(0, Int(((began + time) - .now) / each))
            // Known before anything can be seen in the results, so the looks may still be moved.
            let isFirst = valid == 1 && round.voided == nil
            switch goal {
            case .verdict:
                guard fitting < recording.plannedRounds else { continue }
                try mustSuffice(fitting, each, of: time)
                if isFirst {
                    recording.plannedRounds = fitting
                    listener(.fitting(rounds: fitting))
                } else if fitting <= valid {
                    recording.ending = .time
                    return
                }
                expected = recording.plannedRounds
            case .calibration:
                try mustSuffice(fitting, each, of: time)
                expected = min(fitting, Calibration.maximumRounds)
                if isFirst { listener(.fitting(rounds: expected)) }
                if expected <= valid {
                    recording.ending = .calibrated
                    return
                }
            }
        }
    }

    /// Does a round, and gives it up where it is not over when all should be, with as much again as the longest took.
    ///
    /// Rounds that fit are not begun too late; one that lasts so long is that of a service that does not answer, or of
    /// another plan than was meant.
    private func bounded<R: Sendable>(
        _ number: Int, from began: ContinuousClock.Instant, longest: Duration,
        _ round: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        guard let time = goal.time else { return try await round() }
        let deadline = began + time + longest
        let task = Task { try await round() }
        let watch = Task {
            try await Task.sleep(until: deadline)
            task.cancel()
        }
        defer { watch.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch  where error.isInterruption && !Task.isCancelled && .now >= deadline {
            throw GateError.endlessRound(number, after: .now - began, in: time, option: goal.option)
        }
    }

    private func mustSuffice(_ fitting: Int, _ each: Duration, of time: Duration) throws(GateError) {
        guard fitting < leastRounds else { return }
        throw .tooLittleTime(each: each, rounds: leastRounds, in: time, option: goal.option)
    }

    private var leastRounds: Int {
        let least = Rules.leastRounds(request.budgets, hasBaseline: request.base != .none)
        if case .calibration = goal { return max(least, Rules.noisyRounds) }
        return least
    }

    /// Why no further round is needed, after this many that count; nil when one is, or when only time decides.
    private func endingByResult(_ recording: Recording, after valid: Int) -> Recording.Ending? {
        guard case .verdict(_, let judge) = goal else { return nil }
        if valid >= recording.plannedRounds { return .planned }
        let isLook = LookSchedule(rounds: recording.plannedRounds).looks.contains(valid)
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

    private func mustBeUndisturbed(_ recording: Recording, _ reason: String) throws(GateError) {
        let voided = recording.rounds.count - recording.validRounds.count
        // A calibration has more rounds than a gate, and may lose as large a part of them.
        let rounds = max(recording.plannedRounds, recording.validRounds.count)
        guard voided > Disturbance.allowance(rounds: rounds) else { return }
        throw .undelivered("\(voided) of \(recording.rounds.count) rounds were disturbed; the last: \(reason)")
    }

    /// Waits until nothing disturbs the machine, but not for long: whether a round counts is said by the round itself.
    private func calm(timed: Bool) async throws {
        for _ in 0..<Self.longestWait {
            let meter = EnvironmentMeter()
            try await Task.sleep(for: .seconds(1))
            if Disturbance.reason(toDistrust: meter.environment(), timed: timed) == nil { return }
        }
    }

    /// Seconds.
    private static let longestWait = 15

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
        for budget in request.budgets.all where budget.severity != .info {
            let key = MetricKey(budget.metric, step: budget.step)
            if let problem = Rules.tooFewRequests(for: budget, in: round) { throw .missing(problem) }
            for half in round.halves where half.values[key] == nil {
                // A search that the machine disturbed is made again with its round.
                if half.load.capacity != nil, round.voided != nil { continue }
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

/// Launches the sides round by round, on a port of their own.
private struct Launches {
    let runner: HalfRoundRunner
    let sides: Sides
    var order: SideOrder
    /// Whether a figure that depends on the machine's processor time is judged.
    let timed: Bool
    private var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
    private var port: Int
    private var repeated: [Side]?

    init(runner: HalfRoundRunner, sides: Sides, order: SideOrder, timed: Bool) throws {
        self.runner = runner
        self.sides = sides
        self.order = order
        self.timed = timed
        port = try LoopbackPort.free(using: &ports)
    }

    /// One round; `valid` counts those that matter, of `rounds` expected.
    mutating func round(_ number: Int, valid: Int, of rounds: Int) async throws -> Round {
        var round = Round(number: number, halves: [])
        // A voided round is repeated in its own order, so that what counts stays balanced.
        let roles = repeated ?? order.next()
        repeated = nil
        for role in roles {
            guard let target = sides.targets.first(where: { $0.description.role == role }) else { continue }
            // The same port for both sides, as long as nobody else takes it.
            if !LoopbackPort.isFree(port) { port = try LoopbackPort.free(using: &ports) }
            do {
                round.halves.append(
                    try await runner.run(target, port: port, name: "round-\(number)", round: valid, of: rounds))
            } catch let error as CaptureError where error != .interrupted {
                throw GateError.side(role, .capture(error))
            } catch let error as LoadError where error.isOfService {
                throw GateError.side(role, .undelivered(error.description))
            }
        }
        round.voided = Disturbance.reason(toVoid: round, timed: timed)
        if round.voided != nil { repeated = roles }
        return round
    }
}
