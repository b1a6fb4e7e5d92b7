/// How far a running phase is.
package struct LoadProgress: Sendable, Equatable {
    package var elapsed: Duration
    /// How long the phase is expected to take, nil where that depends on the service.
    package var expected: Duration?
    package var exchanges: Int
    /// Of `exchanges`: failed and timed out.
    package var failed: Int
    /// Flow starts per second so far.
    package var achievedRate: Double
    /// Of the latency of all exchanges so far, in nanoseconds.
    ///
    /// Sum and maximum are there anyway; a percentile would be a walk over every bucket on the generator's thread.
    package var latencySum: UInt64
    package var latencyMaximum: UInt64

    package init(
        elapsed: Duration, expected: Duration?, exchanges: Int, failed: Int, achievedRate: Double,
        latencySum: UInt64 = 0, latencyMaximum: UInt64 = 0
    ) {
        self.elapsed = elapsed
        self.expected = expected
        self.exchanges = exchanges
        self.failed = failed
        self.achievedRate = achievedRate
        self.latencySum = latencySum
        self.latencyMaximum = latencyMaximum
    }
}
