import Measures

extension PhaseRun {
    /// The phase's summary, once its books balance.
    func summary(stepNames: [String], generatorCPU: UInt64, schedulingClass: String) throws(LoadError) -> LoadSummary {
        var rate: Double?
        if case .open(let schedule) = source { rate = schedule.rate }
        var summary = LoadSummary(stepNames: stepNames, requestedRate: rate)
        summary.arrivals = arrivals
        summary.flowsCompleted = flowsCompleted
        summary.flowsFailed = flowsFailed
        summary.dropped = dropped
        summary.elapsed = lastEnd - start
        summary.dispatchSpan = lastDispatch - firstDispatch
        summary.steps = recorders.map { $0.finished() }
        for step in summary.steps { summary.total.add(step) }
        summary.total.boundReasons()
        summary.lateness = lateness
        summary.connectionWait = connectionWait
        summary.skipped = skipped
        summary.connectionsOpened = connectionsOpened
        summary.generatorCPU = generatorCPU
        summary.schedulingClass = schedulingClass
        summary.stages = stages
        try balance(summary)
        return summary
    }

    private var stages: [StageDelivery]? {
        guard case .open(let schedule) = source, let ramp = schedule.ramp else { return nil }
        var first = 0
        return ramp.stages.indices.map { index in
            defer { first = ramp.bounds[index] }
            return StageDelivery(
                requestedRate: ramp.stages[index].rate, length: ramp.stages[index].length,
                arrivals: ramp.bounds[index] - first, lag: lags[index])
        }
    }

    private func balance(_ summary: LoadSummary) throws(LoadError) {
        let ended = summary.flowsCompleted + summary.flowsFailed + summary.dropped
        guard summary.arrivals == ended else {
            throw .accounting("\(summary.arrivals) arrivals, but \(ended) completed, failed or dropped")
        }
        guard summary.total.exchanges == exchanges, summary.total.latency.count == UInt64(exchanges) else {
            throw .accounting("\(exchanges) exchanges, but \(summary.total.exchanges) recorded")
        }
        guard exchanges + skipped == plannedSteps else {
            throw .accounting("\(plannedSteps) steps begun, but \(exchanges) exchanges and \(skipped) skipped")
        }
    }

    /// How far the phase is.
    func progress(at now: UInt64) -> LoadProgress {
        let elapsed = now - start
        let span = Double(lastDispatch - firstDispatch) / 1e9
        return LoadProgress(
            elapsed: .nanoseconds(Int64(clamping: elapsed)),
            expected: expected.map { .nanoseconds(Int64(clamping: $0)) },
            exchanges: exchanges, failed: failedExchanges,
            achievedRate: span > 0 ? Double(started - 1) / span : 0,
            latencySum: recorders.reduce(0) { $0 &+ $1.latencySum },
            latencyMaximum: recorders.reduce(0) { max($0, $1.latencyMaximum) }
        )
    }
}
