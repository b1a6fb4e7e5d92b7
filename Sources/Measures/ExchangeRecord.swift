/// One exchange worth a look: among the slowest of its step, or failed.
package struct ExchangeRecord: Sendable, Codable, Equatable {
    /// The trace id, as sent in `traceparent`.
    package var trace: String
    /// From the start of the phase to the instant the exchange was due, in nanoseconds.
    package var due: UInt64
    /// Finished − due, in nanoseconds; of a time-out its limit.
    package var latency: UInt64
    package var timing: ExchangeTiming
    /// Why it failed, nil where it did not.
    package var reason: String?

    package init(trace: String, due: UInt64, latency: UInt64, timing: ExchangeTiming, reason: String?) {
        self.trace = trace
        self.due = due
        self.latency = latency
        self.timing = timing
        self.reason = reason
    }
}

/// Where the time of an exchange went, in nanoseconds; parts that were not reached are 0.
package struct ExchangeTiming: Sendable, Codable, Equatable {
    /// Due → begun, and until a shared connection had a free stream: no connection was free, or the generator was late.
    package var wait: UInt64
    /// Until the connection was open, 0 where it was open already.
    package var connect: UInt64
    /// Until TLS was agreed on.
    package var tls: UInt64
    /// Sent → first byte of the response.
    package var firstByte: UInt64
    /// First byte → end, with the redirects that were followed.
    package var body: UInt64

    package init(wait: UInt64 = 0, connect: UInt64 = 0, tls: UInt64 = 0, firstByte: UInt64 = 0, body: UInt64 = 0) {
        self.wait = wait
        self.connect = connect
        self.tls = tls
        self.firstByte = firstByte
        self.body = body
    }
}
