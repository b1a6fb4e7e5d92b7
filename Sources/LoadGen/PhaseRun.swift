import Measures
import Plans

/// One phase that is running: what is still to start, and what has come of the rest.
final class PhaseRun {
    /// What makes flows start.
    enum Source {
        case open(ArrivalSchedule)
        /// So many flows, or all that can begin before the instant.
        case closedCount(Int)
        case closedUntil(UInt64)
        /// All that can begin while the ramp lasts, by as many users as it has.
        case closedRamp(UserRamp)
        /// So many users, each once, some at a time.
        case each(Int)
    }

    struct Arrival {
        var number: Int
        var scheduled: UInt64
    }

    let source: Source
    /// The part of the scenario every arrival does; nil where it runs a flow.
    let part: Scenario.Part?
    /// Added to an arrival's number to give its iteration.
    let iterationOffset: UInt64
    let start: UInt64
    let expected: UInt64?
    /// How long arrivals may wait for a connection once the last was due, in nanoseconds; nil while the drain lasts.
    let waitingBound: UInt64?
    let onProgress: ((LoadProgress) -> Void)?
    let completion: (Result<PhaseOutcome, LoadError>) -> Void

    /// Arrivals counted so far; the next one's number.
    private(set) var arrivals = 0
    @exclusivity(unchecked) private var backlog: Ring<Int>
    private(set) var isExhausted = false
    /// When it was asked to end early, nil where it was not.
    private(set) var stoppedAt: UInt64?
    /// Users that a ramp keeps active, as of the instant at which it was followed last.
    var activeUsers = 0
    var followed: UInt64 = 0
    var started = 0
    var inFlight = 0
    var flowsCompleted = 0
    var flowsFailed = 0
    private(set) var dropped = 0
    var skipped = 0
    /// Steps of all flows that were started.
    var plannedSteps = 0
    var exchanges = 0
    var failedExchanges = 0
    /// Requests in a row to which the service said nothing at all, and how many bytes it had sent when the last began.
    var silences = 0
    var receivedAtSilence: UInt64 = 0
    /// Why the next tick is to end it.
    var failure: LoadError?
    var connectionsOpened = 0
    var firstDispatch: UInt64 = 0
    var lastDispatch: UInt64 = 0
    var lastEnd: UInt64 = 0
    @exclusivity(unchecked) var lateness = Histogram()
    @exclusivity(unchecked) var connectionWait = Histogram()
    var recorders: [StepRecorder]
    /// Of every stage of a ramp of arrivals: dispatched − scheduled of its last flow, in nanoseconds.
    private(set) var lags: [UInt64] = []
    private var stage = 0

    init(
        source: Source, part: Scenario.Part? = nil, stepNames: [String], backlogBound: Int, iterationOffset: UInt64,
        start: UInt64, expected: UInt64?, waitingBound: UInt64? = nil, onProgress: ((LoadProgress) -> Void)?,
        completion: @escaping (Result<PhaseOutcome, LoadError>) -> Void
    ) {
        self.source = source
        self.part = part
        self.iterationOffset = iterationOffset
        self.start = start
        self.expected = expected
        self.waitingBound = waitingBound
        self.onProgress = onProgress
        self.completion = completion
        backlog = Ring(capacity: backlogBound)
        recorders = stepNames.map { StepRecorder(name: $0) }
        lastEnd = start
        if case .open(let schedule) = source, let ramp = schedule.ramp {
            lags = [UInt64](repeating: 0, count: ramp.bounds.count)
        }
    }

    var isOpenLoop: Bool {
        if case .open = source { true } else { false }
    }

    /// When the next arrival is due or the next user begins, nil where none is left or none has a due time.
    var nextDue: UInt64? {
        switch source {
        case .open(let schedule): isExhausted ? nil : start + schedule.due(arrivals)
        case .closedRamp(let ramp):
            isExhausted ? nil : ramp.rise(above: activeUsers, after: followed - start).map { start + $0 }
        case .closedCount, .closedUntil, .each: nil
        }
    }

    /// Takes every arrival that is due into the backlog; what it cannot hold is dropped.
    @inline(__always)
    func admit(_ now: UInt64) {
        guard stoppedAt == nil else { return }
        switch source {
        case .open(let schedule):
            while arrivals < schedule.count, start + schedule.due(arrivals) <= now {
                if !backlog.append(arrivals) { dropped += 1 }
                arrivals += 1
            }
            if arrivals == schedule.count { isExhausted = true }
        case .closedCount(let count), .each(let count): if arrivals >= count { isExhausted = true }
        case .closedUntil(let end): if now >= end { isExhausted = true }
        case .closedRamp(let ramp): if now - start >= ramp.length { isExhausted = true }
        }
    }

    /// The arrival a free connection is to take now.
    @inline(__always)
    func next(_ now: UInt64) -> Arrival? {
        switch source {
        case .open(let schedule):
            guard let number = backlog.popFirst() else { return nil }
            return Arrival(number: number, scheduled: start + schedule.due(number))
        case .closedCount, .closedUntil, .closedRamp, .each:
            guard !isExhausted else { return nil }
            if case .each(let count) = source, inFlight >= LoadGeneratorOptions.usersAtOnce || arrivals >= count {
                return nil
            }
            defer { arrivals += 1 }
            return Arrival(number: arrivals, scheduled: now)
        }
    }

    /// Notes that a flow was started, for the books of the ramp's stages; flows start in the order of their numbers.
    @inline(__always)
    func dispatched(_ arrival: Arrival, at now: UInt64) {
        if !lags.isEmpty { noteLag(of: arrival, at: now) }
    }

    private func noteLag(of arrival: Arrival, at now: UInt64) {
        guard case .open(let schedule) = source, let ramp = schedule.ramp else { return }
        while stage + 1 < lags.count, arrival.number >= ramp.bounds[stage] { stage += 1 }
        lags[stage] = now - min(now, arrival.scheduled)
    }

    /// Nothing more will start.
    var hasNothingLeft: Bool { isExhausted && backlog.isEmpty }

    /// Nothing more will start, and everything started has ended.
    var isOver: Bool { hasNothingLeft && inFlight == 0 }

    /// Starts nothing more; what waits to be started is as if it had never been due.
    func stop(at now: UInt64) {
        stoppedAt = now
        isExhausted = true
        while backlog.popFirst() != nil { arrivals -= 1 }
    }

    /// Gives up the arrivals still waiting, and those not yet due.
    func abandonBacklog() {
        while backlog.popFirst() != nil { dropped += 1 }
        isExhausted = true
    }
}
