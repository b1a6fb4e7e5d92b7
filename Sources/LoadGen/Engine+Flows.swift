extension Engine {
    /// Follows a user's flow to its next request or pause, or to its end.
    ///
    /// `scheduled` is when a request that comes now is due.
    func advance(_ user: VirtualUser, scheduled: UInt64, now: UInt64) {
        let flow = user.flow
        while user.position < flow.instructions.count {
            let instruction = flow.instructions[user.position]
            user.position += 1
            switch instruction {
            case .request(let index): return beginStep(index, of: user, scheduled: scheduled, now: now)
            case .think(let shortest, let span):
                let length =
                    shortest
                    + FlowProgram.drawn(span, seed: seed, iteration: user.iteration, pause: user.pauses)
                user.pauses += 1
                return pause(user, for: length, scheduled: scheduled, now: now)
            case .loop(let loop, let left): user.passesLeft[loop] = left
            case .again(let loop, let first):
                if user.passesLeft[loop] > 0 {
                    user.passesLeft[loop] -= 1
                    user.position = first
                }
            case .choose(let condition, let otherwise, let growth, let otherGrowth):
                if flow.conditions[condition].holds(for: user, scratch: scratch, data: program.data) {
                    run?.plannedSteps += growth
                } else {
                    run?.plannedSteps += otherGrowth
                    user.position = otherwise
                }
            case .jump(let position): user.position = position
            }
        }
        user.state = .idle
        flowEnded(user, failed: false, now: now)
        release(user, rests: false, now: now)
    }

    /// Lets a user wait; it keeps its connection.
    private func pause(_ user: VirtualUser, for length: UInt64, scheduled: UInt64, now: UInt64) {
        user.state = .thinking
        user.deadline = .max
        user.scheduled = scheduled + length
        // A pause ahead of the first request moves the arrival: what it waited for a connection stays what it was.
        if user.isFirstStep { user.freeSince += length }
        waking.insert(user, due: now + length)
        if !isWaking { armWaker() }
    }

    /// Goes on with every user whose pause is over.
    func wake() {
        isWaking = true
        var now = clock()
        while let user = waking.popFirst(dueBy: now) {
            advance(user, scheduled: user.scheduled, now: now)
            now = clock()
        }
        isWaking = false
        armWaker()
    }

    /// One timer for all users that wait: at the earliest instant.
    private func armWaker() {
        if let due = waking.earliest, waker.deadline.map({ due < $0 }) ?? true { waker.arm(at: due) }
    }

    /// Ends the flows of users that wait, and what is left of them is skipped.
    func giveUpPauses(_ now: UInt64) {
        while let user = waking.popFirst(dueBy: .max) {
            user.state = .idle
            flowEnded(user, failed: true, now: now)
            release(user, rests: false, now: now)
        }
    }
}
