import HTTPWire
import Measures
import Plans

extension Engine {
    /// Begins a step: sends its request, opening the connection first where it is closed.
    func beginStep(_ index: Int, of user: VirtualUser, scheduled: UInt64, now: UInt64) {
        user.stepIndex = index
        // Begun, and not sent yet.
        user.state = .connecting
        user.scheduled = scheduled
        user.sent = 0
        user.begun = now
        user.firstByte = 0
        user.connectTime = 0
        user.secureTime = 0
        user.hops = 0
        user.detour = nil
        user.resends = 0
        user.exchange = exchangeCount
        exchangeCount += 1
        user.deadline = now + user.step.timeout
        proceed(user, now: now)
    }

    func proceed(_ user: VirtualUser, now: UInt64) {
        if let group = user.group {
            if group.hasRoom, !group.hasWaiting { send(user, now: now) } else { join(group, user) }
        } else if user.link == nil {
            connect(user)
        } else {
            send(user, now: now)
        }
    }

    /// Writes the request; the connection is open.
    func send(_ user: VirtualUser, now: UInt64) {
        let step = user.step
        user.jar?.removeExpired(now)
        do throws(StepProgram.RenderFailure) {
            try step.render(
                into: request, scratch: scratch, for: user, trace: trace(of: user), detour: user.detour,
                data: program.data
            )
        } catch {
            return end(user, .failed(error.reason), at: now, now: now, rests: true)
        }
        if user.group == nil { user.parser.begin(isHeadRequest: (user.detour?.method ?? step.method) == "HEAD") }
        user.body.removeAll(keepingCapacity: true)
        user.bodyOverflowed = false
        user.isDecoding = false
        user.state = .awaitingResponse
        // A redirect's service time spans its hops, so that only the first sending counts.
        if user.sent == 0 {
            user.sent = now
            if user.isFirstStep, let run, run.isOpenLoop {
                let possible = max(user.scheduled, user.freeSince)
                run.lateness.record(user.begun - min(user.begun, possible))
                let wait = possible - user.scheduled + user.streamWait
                if wait > 0 { run.connectionWait.record(wait) }
            }
        }
        if let group = user.group { send(user, on: group.current) } else { user.link?.write(request.bytes) }
    }

    /// Bytes have come for a user.
    func received(_ bytes: UnsafeRawBufferPointer, by user: VirtualUser, over link: Link) {
        guard user.link === link else { return }
        guard user.state == .awaitingResponse else {
            // Nothing was asked for, so whatever follows on this connection could be mistaken for an answer.
            return disconnect(user)
        }
        let count = bytes.count
        run?.recorders[user.step.index].received(count)
        let progress: ResponseParser.Progress
        do throws(WireError) {
            progress = try feed(bytes, to: user)
        } catch {
            return lose(user, .failed(error.description))
        }
        guard case .complete(let consumed) = progress else {
            if user.firstByte == 0 { user.firstByte = clock() }
            return
        }
        if consumed < count {
            return lose(user, .failed(WireError(.surplusBytes(count - consumed), at: 0).description))
        }
        complete(user, now: clock())
    }

    /// A user's connection has ended.
    func closed(_ user: VirtualUser, _ link: Link, failure: ConnectionFailure?) {
        guard user.link === link else { return }
        user.link = nil
        guard user.state == .awaitingResponse else { return }
        if let failure { return lose(user, .failed(failure.description)) }
        do throws(WireError) {
            try user.parser.finish()
        } catch {
            return lose(user, .failed(error.description))
        }
        complete(user, now: clock())
    }

    /// A whole response is there.
    func complete(_ user: VirtualUser, now: UInt64) {
        if user.group == nil, !user.parser.keepsAlive || closesAfterResponse || user.link?.backlog ?? 0 > 0 {
            // What is left of a request that was answered early is not for the next to wait for.
            disconnect(user)
        }
        if user.isDecoding, let reason = user.decoder?.failure() {
            return end(user, .failed(reason), at: now, now: now)
        }
        if user.setsCookies { takeCookies(of: user, now: now) }
        let step = user.step
        if step.redirects > 0, isRedirect(user.status) {
            switch follow(user) {
            case .follow(let detour):
                user.detour = detour
                user.hops += 1
                return proceed(user, now: now)
            case .refuse(let reason): return end(user, .failed(reason), at: now, now: now)
            case .accept: break
            }
        }
        let judge = ResponseJudge(
            user: user, data: program.data, scratch: scratch, matcher: matcher, serviceTime: now - user.sent)
        if let reason = judge.failure() {
            return end(user, .checkFailed(reason), at: now, now: now)
        }
        guard let run else { return }
        run.exchanges += 1
        run.lastEnd = now
        let recorder = run.recorders[step.index]
        let latency = now - min(now, user.scheduled)
        recorder.completed(latency: latency, serviceTime: now - user.sent)
        if recorder.isSlow(latency) {
            recorder.keep(record(of: user, latency: latency, end: now, in: run), trace: trace(of: user))
        }
        user.isFirstStep = false
        advance(user, scheduled: now, now: now)
    }

    /// Ends an exchange without success, and its flow with it.
    func end(_ user: VirtualUser, _ ending: Ending, at instant: UInt64, now: UInt64, rests: Bool = false) {
        guard user.state != .idle else { return }
        user.state = .idle
        guard let run else { return }
        run.exchanges += 1
        run.failedExchanges += 1
        run.lastEnd = max(run.lastEnd, now)
        let latency = instant - min(instant, user.scheduled)
        run.recorders[user.step.index].ended(
            ending, serviceTime: user.sent == 0 ? nil : instant - min(instant, user.sent),
            exchange: record(of: user, latency: latency, end: instant, in: run), trace: trace(of: user)
        )
        if ending.isSilence { metSilence(ending.reason, in: run) }
        flowEnded(user, failed: true, now: now)
        release(user, rests: rests, now: now)
    }

    /// Ends an exchange whose connection can no longer be used.
    func lose(_ user: VirtualUser, _ ending: Ending) {
        let now = clock()
        giveUp(user, ending, at: now, now: now)
    }

    /// Ends an exchange that is under way and closes its connection, or stops opening it.
    func giveUp(_ user: VirtualUser, _ ending: Ending, at instant: UInt64, now: UInt64) {
        disconnect(user)
        end(user, ending, at: instant, now: now)
    }

    func timeOut(_ user: VirtualUser, now: UInt64) {
        let shown = ReasonText.time(user.step.timeout)
        var what = "timed out"
        if user.state == .connecting {
            what = user.group?.current?.isOpen == true ? "waiting for a free stream timed out" : "connecting timed out"
            if let link = user.link ?? user.group?.current?.link, link.isConnecting { leave(link.address) }
        }
        doubt(user, now: now)
        giveUp(user, .timedOut("\(what) after \(shown)"), at: user.deadline, now: now)
        // Whoever waited for the same connection, if that was given up too, waits for another.
        if let group = user.group { sendWaiting(of: group) }
    }

    /// What is kept of an exchange, but for its trace.
    private func record(of user: VirtualUser, latency: UInt64, end: UInt64, in run: PhaseRun) -> ExchangeRecord {
        // What is complete came at once, so that its first byte came with the last.
        let firstByte = user.firstByte == 0 ? end : min(end, user.firstByte)
        var timing = ExchangeTiming(
            wait: user.begun - min(user.begun, user.scheduled) + user.streamWait, connect: user.connectTime,
            tls: user.secureTime)
        if user.sent > 0 {
            timing.firstByte = firstByte - min(firstByte, user.sent)
            timing.body = end - firstByte
        }
        return ExchangeRecord(
            trace: "", due: user.scheduled - min(user.scheduled, run.start), latency: latency,
            timing: timing, reason: nil)
    }

    private func trace(of user: VirtualUser) -> TraceContext {
        TraceContext(seed: seed, exchange: user.exchange, hop: user.hops)
    }
}
