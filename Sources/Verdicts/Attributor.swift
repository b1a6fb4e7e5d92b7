import Measures
package import Recordings

/// Why a stored profile cannot be read, in words.
package struct UnreadableProfile: Error, Sendable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

extension Comparison.Subject {
    /// Whether anything was captured that could name a function.
    fileprivate var hasProfiles: Bool {
        recording.explanations.contains { $0.side == side }
            || sided.halves.contains { !$0.half.before.profiles.isEmpty || !$0.half.after.profiles.isEmpty }
    }
}

/// Finds what accounts for the metrics that regressed, from the profiles stored beside the recordings.
///
/// Pure but for `read`, which gives the bytes of a profile by the comparison's side and its recorded name.
package struct Attributor {
    package typealias Reader = (Side, String) -> Result<[UInt8], UnreadableProfile>

    let comparison: Comparison
    let read: Reader

    package init(comparison: Comparison, read: @escaping Reader) {
        self.comparison = comparison
        self.read = read
    }

    /// One attribution per regressed metric, in the order of the findings.
    package func attribute(_ verdict: Verdict) -> [Attribution] {
        verdict.regressedMetrics.map { metric in
            switch metric {
            case .tasksLeakedPer1000, .tasksPeak: TaskAttribution(comparison, read).attribute(metric)
            case .allocationsPerRequest, .tasksCreatedPerRequest: functions(metric, "alloc_objects")
            case .allocationsBytesPerRequest, .collectionsPer1000, .collectionPausePerRequest:
                functions(metric, "alloc_space")
            case .memoryGrowthPer1000, .memoryPeakRSS: functions(metric, "inuse_space")
            case .cpuPerRequest: functions(metric, "cpu")
            case .latencyP50, .latencyP90, .latencyP95, .latencyP99, .latencyP999, .latencyMax, .latencyMean,
                .throughput, .throughputAtBudget:
                functions(metric, nil)
            case .instructionsPerRequest:
                // Sampled processor time is in another unit, and another matter where a function waits for memory.
                Attribution(
                    metric: metric, content: .nothing,
                    notes: [
                        "Instructions are counted of the service as a whole; a budget for cpu.perRequest names functions."
                    ])
            case .errorsRate, .checksFailedRate:
                Attribution(metric: metric, content: .nothing, notes: comparison.candidate.failureNotes())
            case .descriptorsLeakedPer1000:
                Attribution(metric: metric, content: .nothing, notes: comparison.candidate.descriptorNotes())
            case .threadsPeak:
                Attribution(
                    metric: metric, content: .nothing, notes: ["Threads are counted; nothing says who started them."])
            }
        }
    }

    /// Functions by what they cost per request on both sides; a nil sample type means time, from where tasks were.
    private func functions(_ metric: Metric, _ sampleType: String?) -> Attribution {
        guard comparison.candidate.hasProfiles else {
            let note = "Nothing looked inside the service (service.capture), so no function can be named."
            return Attribution(metric: metric, content: .nothing, notes: [note])
        }
        var notes: [String] = []
        func costs(_ side: Side) -> FunctionCosts? {
            guard let subject = side == .candidate ? comparison.candidate : comparison.baseline else { return nil }
            do {
                let costs = try FunctionCosts(
                    subject, metric: metric, sampleType: sampleType, read: { read(side, $0) })
                for note in costs.notes where !notes.contains(note) { notes.append(note) }
                return costs
            } catch {
                notes.append("\(side.rawValue): \(error.reason)")
                return nil
            }
        }
        let baseline = comparison.baseline == nil ? FunctionCosts.none : costs(.baseline)
        let candidate = costs(.candidate)
        guard let candidate, let baseline else {
            return Attribution(metric: metric, content: .nothing, notes: notes)
        }
        let shares = candidate.shares(against: baseline)
        if shares.isEmpty {
            let reference = comparison.baseline == nil ? "anything" : "more than in the baseline"
            notes.insert("No function costs \(reference), as far as the profiles tell.", at: 0)
        }
        return Attribution(metric: metric, content: shares.isEmpty ? .nothing : .functions(shares), notes: notes)
    }
}
