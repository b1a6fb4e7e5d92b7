import HTTPWire
import Measures
import Plans

extension Engine {
    /// Starts a phase whose first arrival is due at `start`, which is now or was a moment ago; `completion` is called
    /// once, on the thread.
    func begin(
        _ phase: LoadGenerator.Phase, at start: UInt64, schedulingClass: String, onProgress: ((LoadProgress) -> Void)?,
        completion: @escaping (Result<PhaseOutcome, LoadError>) -> Void
    ) {
        guard run == nil, opening == nil else { return completion(.failure(.busy)) }
        let part = phase.part
        if let part, program.parts[part] == nil {
            let nothing = LoadSummary(stepNames: [], requestedRate: nil)
            return completion(
                .success(
                    PhaseOutcome(summary: nothing, start: start, firstDispatch: 0, lastDispatch: 0, lastEnd: start)))
        }
        let stepNames = part.flatMap { program.parts[$0]?.stepNames } ?? program.stepNames
        let now = max(start, clock())
        do throws(LoadError) {
            let (source, expected) = try source(of: phase, start: start)
            var offset = numbering.iteration
            if case .warmup = phase { offset += Self.warmupOffset }
            if case .window(_, _, let first) = phase { offset += first }
            run = PhaseRun(
                source: source, part: part, stepNames: stepNames, backlogBound: backlogBound, iterationOffset: offset,
                start: start, expected: expected, waitingBound: phase.waitingBound, onProgress: onProgress,
                completion: completion
            )
        } catch {
            return completion(.failure(error))
        }
        self.schedulingClass = schedulingClass
        processorTimeAtStart = LoopThread.processorTime()
        lastProgress = now
        drainStart = nil
        for user in users { user.freeSince = start }
        armTicker(now)
        pump(now)
    }

    private func source(
        of phase: LoadGenerator.Phase, start: UInt64
    ) throws(LoadError) -> (PhaseRun.Source, expected: UInt64?) {
        if let part = phase.part { return (source(of: part), nil) }
        if case .window(let rate, let length, _) = phase {
            return (.open(try ArrivalSchedule(rate: rate, duration: length)), length.clampedNanoseconds)
        }
        let work: Load.Work =
            switch phase {
            case .warmup: .duration(load.warmup)
            case .steady(let work): work ?? load.work
            case .setup, .userSetup, .teardown, .window: .requests(0)
            }
        if case .requests = work, let reason = plan.unfixed { throw .invalidPlan(reason) }
        switch (load.executor, work) {
        case (.constantArrivalRate(let rate), .duration(let duration)):
            return (.open(try ArrivalSchedule(rate: rate, duration: duration)), duration.clampedNanoseconds)
        case (.constantArrivalRate(let rate), .requests(let requests)):
            let schedule = try ArrivalSchedule(rate: rate, count: plan.arrivals(forRequests: requests))
            return (.open(schedule), schedule.due(schedule.count))
        case (.rampingArrivalRate(let ramp), .duration(let duration)):
            if case .warmup = phase {
                return (.open(try ArrivalSchedule(rate: ramp.mean, duration: duration)), duration.clampedNanoseconds)
            }
            guard duration == ramp.length else { throw .invalidPlan(Self.worksForItsStages) }
            let schedule = try ArrivalSchedule(ramp: ramp)
            return (.open(schedule), schedule.ramp?.length)
        case (.rampingUsers(let ramp), .duration(let duration)):
            if case .warmup = phase {
                // Ramps warm up at their mean, which for users is a whole number again.
                let users = ramp.mean.rounded(.up)
                let level = Ramp(start: users, stages: [.init(level: users, duration: max(duration, .nanoseconds(1)))])
                return (.closedRamp(try UserRamp(level)), duration.clampedNanoseconds)
            }
            guard duration == ramp.length else { throw .invalidPlan(Self.worksForItsStages) }
            let users = try UserRamp(ramp)
            return (.closedRamp(users), users.length)
        case (.findCapacity(let search), .duration(let duration)):
            guard case .warmup = phase else { throw .invalidPlan(Self.worksInWindows) }
            return (.open(try ArrivalSchedule(rate: search.from, duration: duration)), duration.clampedNanoseconds)
        case (.findCapacity, .requests): throw .invalidPlan(Self.worksInWindows)
        case (.rampingArrivalRate, .requests), (.rampingUsers, .requests):
            throw .invalidPlan(Self.worksForItsStages)
        case (.constantUsers, .duration(let duration)):
            let length = min(duration.clampedNanoseconds, 1 << 60)
            return (.closedUntil(start + length), length)
        case (.constantUsers, .requests(let requests)):
            return (.closedCount(plan.arrivals(forRequests: requests)), nil)
        }
    }

    private static let worksForItsStages = "the work of a ramp is the length of its stages"

    private static let worksInWindows = "the work of a search for the capacity is its windows"

    private var backlogBound: Int {
        if let bound = options.backlogBound { return max(users.count, bound) }
        let rate: Double
        switch load.executor {
        case .constantArrivalRate(let perSecond): rate = perSecond
        case .rampingArrivalRate(let ramp): rate = ramp.peak
        case .findCapacity(let search): rate = search.to
        case .constantUsers, .rampingUsers: return 1
        }
        guard rate.isFinite else { return 1 }
        return max(users.count, Int(min(1_000_000, max(10_000, rate * 10))))
    }

    /// How many times the drain may last as long as it may last without an answer.
    private static let longestDrains: UInt64 = 10

    /// How long answers are waited for after a phase was asked to end, in nanoseconds.
    private static let lastAnswers: UInt64 = 1_000_000_000

    /// How long the drain goes on without an answer.
    private var drainTimeout: UInt64 {
        // A flow that has begun is done to its end, with its pauses.
        options.drainTimeout?.clampedNanoseconds
            ?? max(program.longestTimeout, 30_000_000_000) + program.longestThinking
    }

    private func armTicker(_ now: UInt64) {
        // An eighth of the shortest time-out finds a time-out soon enough: it is recorded at its limit anyway.
        let pause = min(50_000_000, max(1_000_000, program.shortestTimeout / 8))
        ticker.arm(at: now + pause)
    }

    private func disarm() {
        arrivalTimer.disarm()
        ticker.disarm()
        waker.disarm()
    }

    /// Looks for time-outs, the end of the drain and the next progress report.
    func tick() {
        guard let run else { return }
        let now = clock()
        leaveSilentAddresses(now)
        for user in users where user.state != .idle && user.deadline <= now { timeOut(user, now: now) }
        if let failure = run.failure, self.run === run { return abort(failure) }
        for user in resting { _ = free.append(user) }
        resting.removeAll(keepingCapacity: true)
        run.admit(now)
        if run.isExhausted {
            // Flows that go on are done to their end, however many requests that takes, within the larger bound.
            let start = drainStart ?? now
            drainStart = start
            let end = min(max(start, run.lastEnd) + drainTimeout, start + Self.longestDrains * drainTimeout)
            if now >= min(end, run.stoppedAt.map { $0 + Self.lastAnswers } ?? .max) { endDrain(now) }
        }
        if self.run === run, now - lastProgress >= 1_000_000_000 {
            lastProgress = now
            run.onProgress?(run.progress(at: now))
        }
        pump(now)
        if let bound = run.waitingBound, let start = drainStart, self.run === run {
            // Whoever waits for a connection so long after the last arrival was due keeps the next window from its own.
            if now >= start + bound { run.abandonBacklog() }
            finishIfOver()
        }
        if self.run === run { armTicker(now) }
    }

    /// Ends the phase early, with the figures of what was done; what is under way may end within a second.
    func stop() {
        guard let run else { return }
        let now = clock()
        run.stop(at: now)
        isPumping = true
        giveUpPauses(now)
        isPumping = false
        finishIfOver()
    }

    /// Gives up what the drain's bound leaves unanswered.
    private func endDrain(_ now: UInt64) {
        run?.abandonBacklog()
        isPumping = true
        giveUpPauses(now)
        for user in users where user.state != .idle {
            giveUp(user, .timedOut("unanswered when the phase's drain ended"), at: now, now: now)
        }
        isPumping = false
    }

    /// Hands the summary over when nothing is left to start or to wait for.
    func finishIfOver() {
        guard let run, run.isOver else { return }
        self.run = nil
        disarm()
        // What nobody waits for any more is not left half open.
        for group in groups where group.current?.isOpen == false { group.current?.close() }
        let cpu = LoopThread.processorTime() - processorTimeAtStart
        for user in resting { _ = free.append(user) }
        resting.removeAll(keepingCapacity: true)
        unparkAll()
        do throws(LoadError) {
            var summary = try run.summary(
                stepNames: program.stepNames, generatorCPU: cpu, schedulingClass: schedulingClass
            )
            if let part = run.part, let failure = Self.failure(of: part, summary) { throw failure }
            summary.address = reachedAt?.description
            run.completion(
                .success(
                    PhaseOutcome(
                        summary: summary, start: run.start, firstDispatch: run.firstDispatch,
                        lastDispatch: run.lastDispatch, lastEnd: run.lastEnd)))
        } catch {
            run.completion(.failure(error))
        }
    }

    /// Ends the phase without a summary and closes every connection.
    func abort(_ error: LoadError) {
        let run = self.run
        self.run = nil
        disarm()
        opening?.end(error)
        closeAll()
        waking.removeAll()
        resting.removeAll(keepingCapacity: true)
        while free.popFirst() != nil {}
        for user in users {
            user.state = .idle
            user.isParked = false
            _ = free.append(user)
        }
        run?.completion(.failure(error))
    }

    /// Closes every connection; the next phase would open them again.
    func closeAll() {
        for user in users { disconnect(user) }
        for group in groups { group.current?.close() }
    }
}
