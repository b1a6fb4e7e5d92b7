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

    /// Where every phase begins.
    package static let beginning = LoadProgress(
        elapsed: .zero, expected: nil, exchanges: 0, failed: 0, achievedRate: 0)

    /// The mean latency of the exchanges since an earlier report, in nanoseconds.
    ///
    /// Nil where there were none, and where the reports are not of one phase.
    package func meanLatency(since earlier: Self) -> Double? {
        guard exchanges > earlier.exchanges, latencySum >= earlier.latencySum else { return nil }
        return Double(latencySum - earlier.latencySum) / Double(exchanges - earlier.exchanges)
    }
}
