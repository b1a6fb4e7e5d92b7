extension StepSummary {
    /// The value of a metric of single requests, in its unit; nil where nothing was exchanged, or where requests do not
    /// tell it.
    package func value(of metric: Metric) -> Double? {
        guard exchanges > 0 else { return nil }
        switch metric {
        case .latencyMax: return latency.count > 0 ? Double(latency.maximum) : nil
        case .latencyMean: return latency.mean
        case .errorsRate: return Double(failed + timedOut) / Double(exchanges)
        case .checksFailedRate: return Double(checksFailed) / Double(exchanges)
        default: return metric.quantile.flatMap { latency.value(at: $0) }.map { Double($0) }
        }
    }
}
