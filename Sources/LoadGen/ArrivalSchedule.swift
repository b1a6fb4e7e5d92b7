package import Plans

/// When arrivals of an open loop are due: number *i* at *i* ÷ rate, always computed from *i*, never added up.
package struct ArrivalSchedule: Sendable, Equatable {
    /// Arrivals per second; of a ramp their mean.
    package let rate: Double
    package let count: Int
    /// What the rate follows, nil while it is constant.
    let ramp: RateRamp?

    /// The fastest rate and the longest schedule accepted; beyond them instants lose their nanoseconds.
    package static let maximumRate = 1e6
    package static let maximumCount = 1 << 40

    /// A schedule of so many arrivals.
    package init(rate: Double, count: Int) throws(LoadError) {
        guard rate.isFinite, rate > 0, rate <= Self.maximumRate else {
            throw .invalidPlan("a rate of \(rate) per second is not between 0 and \(Int(Self.maximumRate))")
        }
        guard (0...Self.maximumCount).contains(count), Double(count) / rate < 1e9 else {
            throw .invalidPlan("\(count) arrivals at \(rate) per second are too many for one phase")
        }
        self.rate = rate
        self.count = count
        ramp = nil
    }

    /// A schedule of all arrivals due before the last stage ends; the ramp's levels are arrivals per second.
    package init(ramp: Ramp) throws(LoadError) {
        let rates = try RateRamp(ramp)
        rate = ramp.mean
        count = rates.count
        self.ramp = rates
    }

    /// A schedule of all arrivals due before the duration is over.
    package init(rate: Double, duration: Duration) throws(LoadError) {
        let count = (duration.nanoseconds / 1e9 * rate).rounded(.up)
        guard count >= 0, count < Double(Self.maximumCount) else {
            throw .invalidPlan("a phase of \(duration) at \(rate) per second has too many arrivals")
        }
        try self.init(rate: rate, count: Int(count))
    }

    /// Nanoseconds from the start of the phase to the instant the arrival is due.
    @inline(__always)
    package func due(_ number: Int) -> UInt64 {
        if let ramp { return ramp.due(number) }
        return UInt64((Double(number) * 1e9 / rate).rounded())
    }
}

extension Duration {
    /// The duration in nanoseconds.
    var nanoseconds: Double { Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9 }

    /// The duration in whole nanoseconds, from 0 to about 292 years.
    var clampedNanoseconds: UInt64 {
        let value = nanoseconds
        return value <= 0 ? 0 : value >= 9.2e18 ? 9_200_000_000_000_000_000 : UInt64(value)
    }
}
