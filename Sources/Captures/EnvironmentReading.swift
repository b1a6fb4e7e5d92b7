package import Recordings

/// What the kernel has counted of a machine and of a control group up to one moment.
///
/// A counter that cannot be read is nil, never zero.
package struct EnvironmentReading: Sendable, Equatable {
    /// Time on the monotonic clock, in nanoseconds.
    package var moment: UInt64?
    /// Processor time the hypervisor took away, and all of it, in ticks.
    package var stolen: UInt64?
    package var all: UInt64?
    /// Microseconds in which some task waited for a processor.
    package var waited: UInt64?
    /// Nanoseconds the control group was throttled, and each group around it, the own one first.
    package var throttled: [UInt64]
    /// Nanoseconds the machine has slept since it was started.
    package var slept: Int64?

    package init(
        moment: UInt64?, stolen: UInt64? = nil, all: UInt64? = nil, waited: UInt64? = nil, throttled: [UInt64] = [],
        slept: Int64? = nil
    ) {
        self.moment = moment
        self.stolen = stolen
        self.all = all
        self.waited = waited
        self.throttled = throttled
        self.slept = slept
    }

    /// What happened between this reading and a later one.
    ///
    /// A counter that went backwards, or for which no time passed, says nothing.
    package func environment(
        until end: EnvironmentReading, loadAverage: Double? = nil, frequency: Double? = nil
    ) -> Environment {
        var result = Environment(
            steal: Self.share(Self.growth(stolen, end.stolen), of: Self.growth(all, end.all)), loadAverage: loadAverage)
        let elapsed = Self.growth(moment, end.moment)
        // The two files are not read in the same instant, so a machine that waits all the time may seem to do more.
        result.pressure = Self.share(Self.growth(waited, end.waited), of: elapsed, unit: 1_000).map { min($0, 1) }
        if throttled.count == end.throttled.count {
            // A group is held up by its own limit or by one around it: the one that held it up longest counts.
            let shares = zip(throttled, end.throttled).map { Self.share(Self.growth($0, $1), of: elapsed) }
            if !shares.contains(nil) { result.throttled = shares.compactMap { $0 }.max() }
        }
        result.frequency = frequency
        if let slept, let later = end.slept { result.suspended = Self.sleep(from: slept, to: later) }
        return result
    }

    /// What the two clocks can seem to drift apart while one is read after the other.
    private static let clockError: Int64 = 1_000_000

    private static func sleep(from start: Int64, to end: Int64) -> Double? {
        let (growth, overflow) = end.subtractingReportingOverflow(start)
        guard !overflow, growth > -clockError else { return nil }
        return growth < clockError ? 0 : Double(growth) / 1e9
    }

    private static func growth(_ start: UInt64?, _ end: UInt64?) -> UInt64? {
        guard let start, let end, end >= start else { return nil }
        return end - start
    }

    private static func share(_ part: UInt64?, of whole: UInt64?, unit: Double = 1) -> Double? {
        guard let part, let whole, whole > 0 else { return nil }
        return Double(part) * unit / Double(whole)
    }
}
