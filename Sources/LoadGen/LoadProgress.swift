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

    package init(elapsed: Duration, expected: Duration?, exchanges: Int, failed: Int, achievedRate: Double) {
        self.elapsed = elapsed
        self.expected = expected
        self.exchanges = exchanges
        self.failed = failed
        self.achievedRate = achievedRate
    }
}
