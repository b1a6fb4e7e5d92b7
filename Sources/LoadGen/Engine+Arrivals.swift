extension Engine {
    /// Starts everything that is due while a connection is free, then waits for the next arrival or completion.
    ///
    /// Failures can come back while a flow is being started; they leave the rest to the call that is under way.
    func pump(_ instant: UInt64) {
        guard !isPumping, let run else { return }
        isPumping = true
        var now = instant
        run.admit(now)
        if case .closedRamp(let ramp) = run.source { follow(ramp, of: run, now: now) }
        while !free.isEmpty, let arrival = run.next(now), let user = free.popFirst() {
            start(arrival, with: user, in: run, now: now)
            guard !free.isEmpty else { break }
            now = clock()
            run.admit(now)
        }
        isPumping = false
        if let due = run.nextDue, arrivalTimer.deadline != due { arrivalTimer.arm(at: due) }
        finishIfOver()
    }

    private func start(_ arrival: PhaseRun.Arrival, with user: VirtualUser, in run: PhaseRun, now: UInt64) {
        let number = UInt64(arrival.number)
        begin(user, arrival: number, in: run)
        forgetCookies(of: user)
        run.inFlight += 1
        run.started += 1
        run.plannedSteps += user.flow.fewest
        if run.started == 1 { run.firstDispatch = now }
        run.lastDispatch = now
        run.dispatched(arrival, at: now)
        advance(user, scheduled: arrival.scheduled, now: now)
    }

    /// The flow of a user has ended; what is left of it is skipped.
    func flowEnded(_ user: VirtualUser, failed: Bool, now: UInt64) {
        guard let run else { return }
        run.inFlight -= 1
        if failed {
            run.flowsFailed += 1
            run.skipped += user.flow.requestsLeft(of: user)
        } else {
            run.flowsCompleted += 1
        }
        if let part = run.part { partEnded(part, by: user, failed: failed, in: run) }
        user.freeSince = now
        if closesAfterFlow { disconnect(user) }
    }

    /// Makes a user available for the next flow; one that rests waits for the next tick in a closed loop.
    func release(_ user: VirtualUser, rests: Bool, now: UInt64) {
        if rests, run?.isOpenLoop == false {
            resting.append(user)
        } else {
            _ = free.append(user)
        }
        pump(now)
    }
}
