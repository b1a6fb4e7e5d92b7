import Measures
import Plans

extension LoadGenerator.Phase {
    /// How long arrivals may wait for a connection after the last was due, in nanoseconds; nil as long as the drain lasts.
    ///
    /// A rate that is not kept by then is none that holds: a hundredth of the window late is too late, and a stall of the
    /// machine at its very end is none of the service's.
    var waitingBound: UInt64? {
        guard case .window(_, let length, _) = self else { return nil }
        return max(200_000_000, length.clampedNanoseconds / 50)
    }
}

extension LoadGenerator {
    /// Tries rates one after the other until the highest that holds is known well enough.
    ///
    /// A window ends when nothing is waited for any more, and the next begins on open connections, so that what one left
    /// behind does not enter the next. The summary's figures are those of one window.
    func find(
        _ search: CapacitySearch, onProgress: (@Sendable (LoadProgress) -> Void)?
    ) async throws(LoadError) -> LoadSummary {
        var course = RateSearch(search)
        var windows: [CapacityRecord.Window] = []
        var best: (rate: Double, books: LoadSummary)?
        var last: LoadSummary?
        var first: UInt64 = 0
        var earlier = LoadProgress(elapsed: .zero, expected: nil, exchanges: 0, failed: 0, achievedRate: 0)
        let start = ContinuousClock.now
        while case .attempt(let rate) = course.next {
            try await openConnections()
            let phase = Phase.window(rate: rate, length: search.window, first: first)
            let books = try await run(phase) { [earlier] progress in
                var progress = progress.after(earlier)
                progress.elapsed = .now - start
                progress.expected = search.length
                onProgress?(progress)
            }
            earlier = books.progress.after(earlier)
            first += UInt64(books.arrivals)
            let (outcome, reason) = search.judge(books, length: search.window, limits: windowLimits)
            windows.append(
                .init(rate: rate, requests: books.total.exchanges, outcome: outcome, reason: reason))
            if outcome == .held { best = (rate, books) }
            last = books
            course.note(outcome)
            if case .attempt = course.next, books.total.timedOut > 0 { try await rest(search.window) }
        }
        guard case .ended(let ending) = course.next, var summary = best?.books ?? last else {
            throw .invalidPlan("no rate was tried")
        }
        summary.capacity = CapacityRecord(windows: windows, ending: ending, errorLimit: search.errorLimit)
        return summary
    }

    /// Requests that ran into their time-outs are out of sight, and the service may still be at them.
    private func rest(_ duration: Duration) async throws(LoadError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }
}

extension LoadSummary {
    /// What a phase that is over adds to the progress of those after it.
    fileprivate var progress: LoadProgress {
        LoadProgress(
            elapsed: .zero, expected: nil, exchanges: total.exchanges, failed: total.failed + total.timedOut,
            achievedRate: 0, latencySum: total.latency.sum, latencyMaximum: total.latency.maximum)
    }
}

extension LoadProgress {
    /// The same where others were counted before: whoever follows it sees sums that never fall.
    fileprivate func after(_ earlier: Self) -> Self {
        var result = self
        result.exchanges += earlier.exchanges
        result.failed += earlier.failed
        result.latencySum &+= earlier.latencySum
        result.latencyMaximum = max(latencyMaximum, earlier.latencyMaximum)
        return result
    }
}
