import Measures

/// What came of one load's phase, with the instants that only the loads together need.
struct PhaseOutcome {
    var summary: LoadSummary
    /// When the phase began, when the first and the last flow were started, and when the last response was there.
    var start: UInt64
    var firstDispatch: UInt64
    var lastDispatch: UInt64
    var lastEnd: UInt64
}

extension LoadSummary {
    /// The books of loads that ran together, once they balance; every load keeps its own beside them.
    static func together(
        _ parts: [LoadPart], _ outcomes: [PhaseOutcome], stepNames: [String]
    ) throws(LoadError) -> LoadSummary {
        let rate = parts.count == 1 ? parts[0].summary.requestedRate : nil
        var all = LoadSummary(stepNames: stepNames, requestedRate: rate)
        var places: [String: Int] = [:]
        for (place, name) in stepNames.enumerated() { places[name] = place }
        for part in parts {
            let summary = part.summary
            all.arrivals += summary.arrivals
            all.flowsCompleted += summary.flowsCompleted
            all.flowsFailed += summary.flowsFailed
            all.dropped += summary.dropped
            all.skipped += summary.skipped
            all.connectionsOpened += summary.connectionsOpened
            all.lateness.merge(summary.lateness)
            all.connectionWait.merge(summary.connectionWait)
            for step in summary.steps {
                guard let place = places[step.name] else { throw .accounting("no step is named \"\(step.name)\"") }
                all.steps[place].merge(step.moved(by: part.start))
            }
        }
        for place in all.steps.indices {
            all.steps[place].boundReasons()
            all.total.add(all.steps[place])
        }
        all.total.boundReasons()
        let began = outcomes.filter { $0.firstDispatch > 0 }
        if let first = began.map(\.firstDispatch).min(), let last = began.map(\.lastDispatch).max() {
            all.dispatchSpan = last - first
        }
        if let start = outcomes.map(\.start).min(), let end = outcomes.map(\.lastEnd).max() {
            all.elapsed = end - start
        }
        all.loads = parts
        let ended = all.flowsCompleted + all.flowsFailed + all.dropped
        guard all.arrivals == ended else {
            throw .accounting("\(all.arrivals) arrivals of all loads, but \(ended) completed, failed or dropped")
        }
        let exchanges = parts.reduce(0) { $0 + $1.summary.total.exchanges }
        guard all.total.exchanges == exchanges, all.total.latency.count == UInt64(exchanges) else {
            throw .accounting("\(exchanges) exchanges of all loads, but \(all.total.exchanges) recorded")
        }
        return all
    }
}
