import Measures

extension StepSummary {
    /// Adds another step's results; of all reasons the 20 most frequent are kept by name.
    mutating func merge(_ other: StepSummary) {
        completed += other.completed
        failed += other.failed
        timedOut += other.timedOut
        checksFailed += other.checksFailed
        latency.merge(other.latency)
        serviceTime.merge(other.serviceTime)
        bytesReceived &+= other.bytesReceived
        for failure in other.failures {
            if let place = failures.firstIndex(where: { $0.reason == failure.reason }) {
                failures[place].count += failure.count
                failures[place].traces += failure.traces
                failures[place].traces = Array(failures[place].traces.prefix(StepRecorder.maximumTraces))
                let exchanges = (failures[place].exchanges ?? []) + (failure.exchanges ?? [])
                failures[place].exchanges = Array(exchanges.prefix(StepRecorder.maximumTraces))
            } else {
                failures.append(failure)
            }
        }
        let slow = ((slowest ?? []) + (other.slowest ?? [])).sorted { $0.latency > $1.latency }
        slowest = Array(slow.prefix(StepRecorder.slowestKept))
    }

    /// The same with its exchanges due so many nanoseconds later, as in a phase that began earlier.
    func moved(by delay: UInt64) -> Self {
        var result = self
        for place in (result.slowest ?? []).indices { result.slowest?[place].due += delay }
        for failure in result.failures.indices {
            for place in (result.failures[failure].exchanges ?? []).indices {
                result.failures[failure].exchanges?[place].due += delay
            }
        }
        return result
    }

    /// Adds another step's results to those of all steps, which keep no exchanges: the steps do.
    mutating func add(_ other: StepSummary) {
        merge(other)
        slowest = nil
        for place in failures.indices { failures[place].exchanges = nil }
    }

    /// Sorts the reasons, the most frequent first, and counts all after the nineteenth together.
    mutating func boundReasons() {
        failures.sort { $0.count != $1.count ? $0.count > $1.count : $0.reason < $1.reason }
        guard failures.count > StepRecorder.maximumReasons else { return }
        var other = FailureCount(reason: StepRecorder.otherReasons, count: 0, traces: [])
        var kept: [FailureCount] = []
        for failure in failures {
            if kept.count < StepRecorder.maximumReasons - 1, failure.reason != other.reason {
                kept.append(failure)
            } else {
                other.count += failure.count
                other.traces = Array((other.traces + failure.traces).prefix(StepRecorder.maximumTraces))
            }
        }
        failures = kept + [other]
    }
}
