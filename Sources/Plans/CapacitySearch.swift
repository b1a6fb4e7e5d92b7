package import Measures

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What `find-capacity` searches for: the highest arrival rate at which every limit holds.
package struct CapacitySearch: Sendable, Equatable {
    /// The lowest rate, in flow starts per second, at which the limits are expected to hold.
    package var from: Double
    /// The highest rate, at which they are expected not to.
    package var to: Double
    /// How far apart the highest rate that held and the lowest that did not may stay, as a share of the former.
    package var precision: Double
    /// How long one rate is tried.
    package var window: Duration
    /// At least the one for `errors.rate`: a service that refuses everything is fast.
    package var limits: [Limit]

    /// The most a metric may be in a window that holds.
    package struct Limit: Sendable, Equatable {
        package var metric: Metric
        /// In the metric's unit.
        package var maximum: Double

        package init(_ metric: Metric, maximum: Double) {
            self.metric = metric
            self.maximum = maximum
        }
    }

    package init(from: Double, to: Double, precision: Double, window: Duration, limits: [Limit]) {
        self.from = from
        self.to = to
        self.precision = precision
        self.window = window
        self.limits = limits
    }

    /// How many rates are tried at most: both ends, and a halving of what is between them on a logarithmic scale until
    /// that is within the precision.
    package var mostRates: Int {
        guard from > 0, to > from, precision > 0 else { return 2 }
        let precisions = log(to / from) / log1p(precision)
        return 2 + (precisions > 1 ? Int(log2(precisions).rounded(.up)) : 0)
    }

    /// How long the windows take together, without what is repeated.
    package var length: Duration { window * mostRates }

    /// The largest share of requests that may fail in a window that holds.
    package var errorLimit: Double { limits.first { $0.metric == .errorsRate }?.maximum ?? 0 }

    /// What a window can be held to: what the load generator knows of every request.
    package static let metrics = Metric.allCases.filter { $0.isLatency || $0 == .errorsRate || $0 == .checksFailedRate }
}
