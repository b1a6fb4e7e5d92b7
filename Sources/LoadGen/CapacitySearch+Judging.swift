package import Measures
import Plans

extension DeliveryLimits {
    /// For one window of a search: of windows shorter than two seconds one late last arrival is more than a hundredth, and
    /// a longer grace would be a higher rate.
    package static let ofWindow: Self = {
        var limits = Self()
        limits.grace = 20_000_000
        return limits
    }()
}

extension CapacitySearch {
    /// What a window at a rate says, in words unless it held.
    ///
    /// The generator is looked at first: while it is late or busy, whatever else was seen may be its own doing.
    func judge(
        _ books: LoadSummary, length: Duration, limits: DeliveryLimits = .ofWindow
    ) -> (outcome: CapacityRecord.Outcome, reason: String?) {
        var limits = limits
        // Half of the strictest latency at most, so that no limit is missed by the generator alone.
        let strictest = self.limits.filter(\.metric.isLatency).map(\.maximum).min() ?? .infinity
        limits.lateness = UInt64(min(Double(limits.lateness), strictest / 2))
        var own = books
        // Nobody is busy while the last requests run into their time-outs.
        own.elapsed = min(books.elapsed, max(length.clampedNanoseconds, books.dispatchSpan))
        if let problem = own.generatorProblem(limits) { return (.undelivered, words(problem)) }
        switch own.deliveryProblem(limits: limits) {
        case nil: break
        case .dropped(let count, let arrivals):
            return (.missed, "\(count) of \(arrivals) arrivals found no free connection in time")
        case .tooSlow(let achieved, let asked, connectionsWereBusy: true):
            return (
                .missed,
                "\(Unit.rate.text(achieved)) of \(Unit.rate.text(asked)) were started because all connections were busy"
            )
        case let problem?: return (.undelivered, words(problem))
        }
        let misses = self.limits.compactMap { miss($0, books.total) }
        return misses.isEmpty ? (.held, nil) : (.missed, misses.joined(separator: ", "))
    }

    private func words(_ problem: DeliveryProblem) -> String {
        problem.words(rate: "load.to", connections: "load.connections")
    }

    private func miss(_ limit: Limit, _ total: StepSummary) -> String? {
        let (name, unit) = (limit.metric.rawValue, limit.metric.unit)
        guard let value = total.value(of: limit.metric) else { return "\(name) is not known" }
        guard value > limit.maximum else { return nil }
        return "\(name) was \(unit.text(value)), over \(unit.text(limit.maximum))"
    }
}
