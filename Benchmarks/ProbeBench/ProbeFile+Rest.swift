import ProbeReader

extension ProbeFile {
    /// The counters when they have not moved for fifty milliseconds.
    ///
    /// A service still tidies up after its last response; a reading before that would lend a part of a request to the
    /// next one.
    func countersAtRest() async throws -> ProbeCounters {
        let clock = ContinuousClock()
        let start = clock.now
        var still = start
        var last = try counters()
        while start.duration(to: clock.now) < .seconds(5) {
            try await Task.sleep(for: .milliseconds(10))
            let now = try counters()
            if now != last {
                last = now
                still = clock.now
            } else if still.duration(to: clock.now) >= .milliseconds(50) {
                return now
            }
        }
        throw ProbeBench.Trouble(description: "the counters did not come to rest within 5 s")
    }
}
