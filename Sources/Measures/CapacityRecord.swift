/// How a search for the highest arrival rate at which limits hold went.
package struct CapacityRecord: Sendable, Codable, Equatable {
    /// One rate that was tried for a while.
    package struct Window: Sendable, Codable, Equatable {
        /// In flow starts per second.
        package var rate: Double
        /// Requests that ended.
        package var requests: Int
        package var outcome: Outcome
        /// Why it did not hold or says nothing, in words; nil where it held.
        package var reason: String?

        package init(rate: Double, requests: Int, outcome: Outcome, reason: String? = nil) {
            self.rate = rate
            self.requests = requests
            self.outcome = outcome
            self.reason = reason
        }
    }

    package enum Outcome: String, Sendable, Codable {
        /// The load was delivered and every limit held.
        case held
        /// The service could not take the load, or a limit did not hold.
        case missed
        /// The generator did not deliver the load, so that the window says nothing of the service.
        case undelivered
    }

    package enum Ending: String, Sendable, Codable {
        case found
        /// Even the lowest rate did not hold.
        case belowRange
        /// Even the highest rate held, so that the capacity is that or more.
        case aboveRange
        /// A rate could not be delivered twice.
        case undelivered
    }

    /// In the order they were tried.
    package var windows: [Window]
    package var ending: Ending
    /// The largest share of requests that was allowed to fail in a window.
    package var errorLimit: Double

    package init(windows: [Window], ending: Ending, errorLimit: Double) {
        self.windows = windows
        self.ending = ending
        self.errorLimit = errorLimit
    }

    /// The highest rate that held, in flow starts per second; nil unless a higher one that did not was tried as well.
    package var rate: Double? {
        ending == .found ? windows.filter { $0.outcome == .held }.map(\.rate).max() : nil
    }

    /// Why there is no such rate, and what to change in the plan, in words without a final stop; nil where there is one.
    package var problem: String? {
        let last = windows.last
        let rate = last.map { Unit.rate.text($0.rate) } ?? "–"
        let reason = last?.reason ?? "no reason is known"
        return switch ending {
        case .found: self.rate == nil ? "no rate that was tried held" : nil
        case .belowRange: "even the lowest rate, \(rate), did not hold: \(reason); lower load.from"
        case .aboveRange:
            "even the highest rate, \(rate), held, so that the capacity is that or more; raise load.to"
        case .undelivered: "\(rate) was tried twice, and \(reason)"
        }
    }
}
