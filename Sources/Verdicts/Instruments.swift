package import Measures
package import Recordings

extension Metric {
    /// The instrument whose pass explains this metric, or nil where the rounds' own captures do.
    package var instrument: Explanation.Instrument? {
        switch self {
        case .allocationsPerRequest, .allocationsBytesPerRequest, .tasksCreatedPerRequest, .memoryGrowthPer1000,
            .memoryPeakRSS, .collectionsPer1000, .collectionPausePerRequest:
            .allocations
        case .cpuPerRequest, .latencyP50, .latencyP90, .latencyP95, .latencyP99, .latencyP999, .latencyMax,
            .latencyMean, .throughput, .throughputAtBudget:
            .time
        case .tasksLeakedPer1000, .tasksPeak, .threadsPeak, .descriptorsLeakedPer1000, .errorsRate,
            .checksFailedRate, .instructionsPerRequest:
            nil
        }
    }
}

extension Verdict {
    /// The metrics to be explained, in the order of the findings, each once.
    package var regressedMetrics: [Metric] {
        var seen: Set<Metric> = []
        return findings.filter { $0.kind == .regressed }.map(\.key.metric).filter { seen.insert($0).inserted }
    }
}
