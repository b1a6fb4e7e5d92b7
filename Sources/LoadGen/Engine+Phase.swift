import HTTPWire
import Measures
import Plans

extension Engine {
    /// Starts a phase; `completion` is called once, on the loop.
    func begin(
        _ phase: LoadGenerator.Phase, ticket: RunTicket, onProgress: (@Sendable (LoadProgress) -> Void)?,
        completion: @escaping (Result<LoadSummary, LoadError>) -> Void
    ) {
        guard run == nil, opening == nil else { return completion(.failure(.busy)) }
        guard !ticket.isCancelled else { return completion(.failure(.cancelled)) }
        let part = phase.part
        if let part, program.parts[part] == nil {
            return completion(.success(LoadSummary(stepNames: [], requestedRate: nil)))
        }
        let stepNames = part.flatMap { program.parts[$0]?.stepNames } ?? program.stepNames
        self.ticket = ticket
        let now = clock()
        do throws(LoadError) {
            let (source, expected) = try source(of: phase, now: now)
            var offset: UInt64 = 0
            if case .warmup = phase { offset = Self.warmupOffset }
            run = PhaseRun(
                source: source, part: part, stepNames: stepNames, backlogBound: backlogBound, iterationOffset: offset,
                start: now, expected: expected, onProgress: onProgress, completion: completion
            )
        } catch {
            return completion(.failure(error))
        }
        if case .constantArrivalRate = load.executor, options.wantsRealTime, part == nil {
            schedulingClass = LoopThread.enterRealTime() ? "SCHED_FIFO" : "SCHED_OTHER"
        } else {
            schedulingClass = "SCHED_OTHER"
        }
        processorTimeAtStart = LoopThread.processorTime()
        lastProgress = now
        drainDeadline = nil
        for user in users { user.freeSince = now }
        armTicker(now)
        pump(now)
    }

    private func source(
        of phase: LoadGenerator.Phase, now: UInt64
    ) throws(LoadError) -> (PhaseRun.Source, expected: UInt64?) {
        if let part = phase.part { return (source(of: part), nil) }
        if case .steady(.requests) = phase, let reason = plan.unfixed { throw .invalidPlan(reason) }
        let work: Load.Work =
            switch phase {
            case .warmup(let duration): .duration(duration)
            case .steady(let work): work
            case .setup, .userSetup, .teardown: .requests(0)
            }
        switch (load.executor, work) {
        case (.constantArrivalRate(let rate), .duration(let duration)):
            return (.open(try ArrivalSchedule(rate: rate, duration: duration)), duration.clampedNanoseconds)
        case (.constantArrivalRate(let rate), .requests(let requests)):
            let schedule = try ArrivalSchedule(rate: rate, count: plan.arrivals(forRequests: requests))
            return (.open(schedule), schedule.due(schedule.count))
        case (.constantUsers, .duration(let duration)):
            let length = min(duration.clampedNanoseconds, 1 << 60)
            return (.closedUntil(now + length), length)
        case (.constantUsers, .requests(let requests)):
            return (.closedCount(plan.arrivals(forRequests: requests)), nil)
        }
    }

    private var backlogBound: Int {
        if let bound = options.backlogBound { return max(users.count, bound) }
        guard case .constantArrivalRate(let rate) = load.executor, rate.isFinite else { return 1 }
        return max(users.count, Int(min(1_000_000, max(10_000, rate * 10))))
    }

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
        for user in users where user.state != .idle && user.deadline <= now { timeOut(user, now: now) }
        for user in resting { _ = free.append(user) }
        resting.removeAll(keepingCapacity: true)
        run.admit(now)
        if run.isExhausted {
            let deadline = drainDeadline ?? now + drainTimeout
            drainDeadline = deadline
            if now >= deadline { endDrain(now) }
        }
        if self.run === run, now - lastProgress >= 1_000_000_000 {
            lastProgress = now
            run.onProgress?(run.progress(at: now))
        }
        pump(now)
        if self.run === run { armTicker(now) }
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
        let cpu = LoopThread.processorTime() - processorTimeAtStart
        if schedulingClass == "SCHED_FIFO" { LoopThread.leaveRealTime() }
        for user in resting { _ = free.append(user) }
        resting.removeAll(keepingCapacity: true)
        do throws(LoadError) {
            let summary = try run.summary(
                stepNames: program.stepNames, generatorCPU: cpu, schedulingClass: schedulingClass
            )
            if let part = run.part, let failure = Self.failure(of: part, summary) { throw failure }
            run.completion(.success(summary))
        } catch {
            run.completion(.failure(error))
        }
    }

    /// Cancels the phase the ticket was given for, now or when it is about to begin.
    func cancel(_ ticket: RunTicket) {
        ticket.isCancelled = true
        if run != nil, self.ticket === ticket { abort(.cancelled) }
    }

    /// Ends the phase without a summary and closes every connection.
    func abort(_ error: LoadError) {
        let run = self.run
        self.run = nil
        disarm()
        if schedulingClass == "SCHED_FIFO" { LoopThread.leaveRealTime() }
        schedulingClass = "SCHED_OTHER"
        closeAll()
        waking.removeAll()
        resting.removeAll(keepingCapacity: true)
        while free.popFirst() != nil {}
        for user in users {
            user.state = .idle
            _ = free.append(user)
        }
        run?.completion(.failure(error))
    }

    /// Closes every connection; the next phase would open them again.
    func closeAll() {
        for user in users { disconnect(user) }
    }
}
