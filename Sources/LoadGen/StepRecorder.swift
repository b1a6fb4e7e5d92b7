import Measures

/// What came of one step so far.
final class StepRecorder {
    static let maximumReasons = 20
    static let otherReasons = "other reasons"
    static let maximumTraces = 3
    static let slowestKept = 5

    @exclusivity(unchecked) private var summary: StepSummary
    private var places: [String: Int] = [:]
    private var slowest: [(exchange: ExchangeRecord, trace: TraceContext)] = []
    /// What an exchange must exceed to be among the slowest.
    private var slowestBound: UInt64?

    init(name: String) {
        summary = StepSummary(name: name)
    }

    var bytesReceived: UInt64 { summary.bytesReceived }
    /// Of the latency so far, in nanoseconds.
    var latencySum: UInt64 { summary.latency.sum }
    var latencyMaximum: UInt64 { summary.latency.maximum }

    @inline(__always)
    func received(_ bytes: Int) { summary.bytesReceived &+= UInt64(bytes) }

    /// Whether an exchange of this latency is one to be kept by ``keep(_:)``.
    @inline(__always)
    func isSlow(_ latency: UInt64) -> Bool { slowestBound.map { latency > $0 } ?? true }

    /// Keeps an exchange among the slowest; while latency grows that is every one, so that the trace is worded later.
    func keep(_ exchange: ExchangeRecord, trace: TraceContext) {
        let place = slowest.firstIndex { $0.exchange.latency < exchange.latency } ?? slowest.count
        slowest.insert((exchange, trace), at: place)
        if slowest.count > Self.slowestKept { slowest.removeLast() }
        if slowest.count == Self.slowestKept { slowestBound = slowest[Self.slowestKept - 1].exchange.latency }
    }

    @inline(__always)
    func completed(latency: UInt64, serviceTime: UInt64) {
        summary.completed += 1
        summary.latency.record(latency)
        summary.serviceTime.record(serviceTime)
    }

    /// Records an exchange that did not succeed; `serviceTime` is nil where nothing was sent.
    func ended(_ ending: Ending, serviceTime: UInt64?, exchange: ExchangeRecord, trace: TraceContext) {
        switch ending.kind {
        case .failed: summary.failed += 1
        case .checkFailed:
            summary.failed += 1
            summary.checksFailed += 1
        case .timedOut: summary.timedOut += 1
        }
        summary.latency.record(exchange.latency)
        if let serviceTime { summary.serviceTime.record(serviceTime) }
        var exchange = exchange
        let reason = ReasonText.bounded(ending.reason)
        exchange.reason = reason
        if isSlow(exchange.latency) { keep(exchange, trace: trace) }
        count(reason, exchange, trace)
    }

    private func count(_ reason: String, _ exchange: ExchangeRecord, _ trace: TraceContext) {
        let known = places[reason]
        // The last of the twenty places is kept for everything that came too late.
        let key = known != nil || places.count < Self.maximumReasons - 1 ? reason : Self.otherReasons
        let place: Int
        if let found = places[key] {
            place = found
        } else {
            place = summary.failures.count
            places[key] = place
            summary.failures.append(FailureCount(reason: key, count: 0, traces: [], exchanges: []))
        }
        summary.failures[place].count += 1
        if summary.failures[place].traces.count < Self.maximumTraces {
            var exchange = exchange
            exchange.trace = trace.traceID
            summary.failures[place].traces.append(exchange.trace)
            summary.failures[place].exchanges?.append(exchange)
        }
    }

    /// The summary, its most frequent failures first.
    func finished() -> StepSummary {
        var result = summary
        result.slowest = slowest.map { exchange, trace in
            var exchange = exchange
            exchange.trace = trace.traceID
            return exchange
        }
        result.failures.sort { $0.count != $1.count ? $0.count > $1.count : $0.reason < $1.reason }
        return result
    }
}

/// Why an exchange did not succeed.
struct Ending {
    enum Kind {
        case failed
        case checkFailed
        case timedOut
    }

    var kind: Kind
    var reason: String
    /// Whether the service said nothing at all: it could not be connected to, or let the time pass.
    var isSilence = false

    static func failed(_ reason: String) -> Ending { Ending(kind: .failed, reason: reason) }
    static func unreachable(_ reason: String) -> Ending { Ending(kind: .failed, reason: reason, isSilence: true) }
    static func checkFailed(_ reason: String) -> Ending { Ending(kind: .checkFailed, reason: reason) }
    static func timedOut(_ reason: String) -> Ending { Ending(kind: .timedOut, reason: reason, isSilence: true) }
}
