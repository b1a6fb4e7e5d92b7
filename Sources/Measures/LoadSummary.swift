/// What one phase of load was and what came of it.
///
/// Every arrival ends in exactly one of the named outcomes: ``arrivals`` is the sum of ``flowsCompleted``,
/// ``flowsFailed`` and ``dropped``; ``exchanges`` of all steps is the sum of completed, failed and timed out.
package struct LoadSummary: Sendable, Codable, Equatable {
    /// Asked rate in flow starts per second; nil in a closed loop.
    ///
    /// The mean where the rate is a ramp; nil where several loads ran together.
    package var requestedRate: Double?
    /// Flow starts that were due (open loop) or begun (closed loop).
    package var arrivals: Int
    package var flowsCompleted: Int
    package var flowsFailed: Int
    /// Arrivals that no connection could take before the backlog's bound.
    package var dropped: Int
    /// From the first due instant to the last response, in nanoseconds.
    package var elapsed: UInt64
    /// From the first to the last dispatch, in nanoseconds: what the achieved rate is computed from.
    package var dispatchSpan: UInt64
    /// Everything together; its name is empty.
    package var total: StepSummary
    /// By step, in the order of the plan.
    package var steps: [StepSummary]
    /// Dispatched − max(scheduled, connection became free): the generator's own fault.
    package var lateness: Histogram
    /// Connection became free − scheduled, where no connection or no stream of one was free: the service's fault.
    package var connectionWait: Histogram
    /// Requests of failed flows that were never sent; where conditions had still to decide, the fewest.
    package var skipped: Int
    package var connectionsOpened: Int
    /// Processor time of the generator's thread, in nanoseconds.
    package var generatorCPU: UInt64
    /// `SCHED_FIFO` where the machine permits it, else `SCHED_OTHER`.
    package var schedulingClass: String
    /// The address the service was reached at, looked up once ahead of the load; nil where no connection was opened, and
    /// in recordings older than that.
    package var address: String?
    /// By stage, where the rate was a ramp of arrivals; nil elsewhere.
    package var stages: [StageDelivery]?
    /// By load, where a plan has a list of them: each with its own books, of which these are the sum; nil elsewhere.
    package var loads: [LoadPart]?
    /// How the search went, where the load was one for the capacity; nil elsewhere.
    ///
    /// The rest is that of one window then: of the highest rate that held, or of the last where none did.
    package var capacity: CapacityRecord?

    package init(stepNames: [String], requestedRate: Double?) {
        self.requestedRate = requestedRate
        arrivals = 0
        flowsCompleted = 0
        flowsFailed = 0
        dropped = 0
        elapsed = 0
        dispatchSpan = 0
        total = StepSummary(name: "")
        steps = stepNames.map { StepSummary(name: $0) }
        lateness = Histogram()
        connectionWait = Histogram()
        skipped = 0
        connectionsOpened = 0
        generatorCPU = 0
        schedulingClass = "SCHED_OTHER"
    }
}

extension LoadSummary {
    /// Whether users wait for answers before they ask again, so that a slow service is asked less; of several loads, at
    /// least one.
    package var isClosedLoop: Bool {
        loads?.contains { $0.summary.isClosedLoop } ?? (requestedRate == nil && capacity == nil)
    }
}

/// One of several loads that ran together.
package struct LoadPart: Sendable, Codable, Equatable {
    package var name: String
    /// When it started, from the beginning of the phase, in nanoseconds.
    package var start: UInt64
    /// Of its processor time: what the thread of all loads took from its beginning to its end.
    package var summary: LoadSummary

    package init(name: String, start: UInt64, summary: LoadSummary) {
        self.name = name
        self.start = start
        self.summary = summary
    }
}

/// How one stage of a ramp of arrivals was delivered.
package struct StageDelivery: Sendable, Codable, Equatable {
    /// Asked flow starts per second, their mean over the stage.
    package var requestedRate: Double
    /// In nanoseconds.
    package var length: UInt64
    /// Flow starts that were due.
    package var arrivals: Int
    /// Dispatched − scheduled of the last flow that was started of this stage, in nanoseconds.
    package var lag: UInt64

    package init(requestedRate: Double, length: UInt64, arrivals: Int, lag: UInt64) {
        self.requestedRate = requestedRate
        self.length = length
        self.arrivals = arrivals
        self.lag = lag
    }

    /// Flow starts per second until the last was started; the rate asked where nothing was late.
    package var achievedRate: Double {
        length == 0 ? requestedRate : requestedRate / (1 + Double(lag) / Double(length))
    }
}

/// What came of one step, or of all steps together.
package struct StepSummary: Sendable, Codable, Equatable {
    package var name: String
    /// Responses that arrived whole and passed every check.
    package var completed: Int = 0
    /// Exchanges that ended without a whole response, or failed a check.
    package var failed: Int = 0
    package var timedOut: Int = 0
    /// Of `failed`: whole responses that failed a check.
    package var checksFailed: Int = 0
    /// Finished − scheduled, of every exchange; a failure counts at the instant it failed, a time-out at its limit.
    package var latency = Histogram()
    /// Finished − sent.
    package var serviceTime = Histogram()
    /// As they came over a connection; of HTTP/2, whose users share connections, those of bodies and of decoded heads.
    package var bytesReceived: UInt64 = 0
    /// Why exchanges failed, the most frequent first, at most 20 reasons.
    package var failures: [FailureCount] = []
    /// The slowest exchanges, the slowest first, at most 5; nil in recordings older than that, and in totals.
    package var slowest: [ExchangeRecord]?

    package init(name: String) {
        self.name = name
    }

    /// Completed, failed and timed out together.
    package var exchanges: Int { completed + failed + timedOut }
}

/// One reason for failed exchanges.
package struct FailureCount: Sendable, Codable, Equatable {
    /// In words: `status 500, expected 200`, `connection reset`, `timed out after 10 s`.
    package var reason: String
    package var count: Int
    /// Trace ids of up to three such exchanges, as sent in `traceparent`.
    package var traces: [String]
    /// Those exchanges themselves; nil in recordings older than that.
    package var exchanges: [ExchangeRecord]?

    package init(reason: String, count: Int, traces: [String], exchanges: [ExchangeRecord]? = nil) {
        self.reason = reason
        self.count = count
        self.traces = traces
        self.exchanges = exchanges
    }
}
