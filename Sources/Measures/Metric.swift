/// A figure perfgate can gate: the one table of names, units, direction and class.
///
/// Documentation, validation and suggestions are made from it, so a metric is added here and nowhere else.
package enum Metric: String, Sendable, Hashable, CaseIterable, Codable, CodingKeyRepresentable {
    case latencyP50 = "latency.p50"
    case latencyP90 = "latency.p90"
    case latencyP95 = "latency.p95"
    case latencyP99 = "latency.p99"
    case latencyP999 = "latency.p999"
    case latencyMax = "latency.max"
    case latencyMean = "latency.mean"
    case throughput
    case throughputAtBudget = "throughput.atBudget"
    case errorsRate = "errors.rate"
    case checksFailedRate = "checks.failedRate"
    case allocationsPerRequest = "allocations.perRequest"
    case allocationsBytesPerRequest = "allocations.bytesPerRequest"
    case memoryGrowthPer1000 = "memory.growthPer1000"
    case memoryPeakRSS = "memory.peakRSS"
    case tasksPeak = "tasks.peak"
    case tasksLeakedPer1000 = "tasks.leakedPer1000"
    case tasksCreatedPerRequest = "tasks.createdPerRequest"
    case threadsPeak = "threads.peak"
    case descriptorsLeakedPer1000 = "fds.leakedPer1000"
    case cpuPerRequest = "cpu.perRequest"
    case instructionsPerRequest = "instructions.perRequest"
    case collectionsPer1000 = "gc.cyclesPer1000"
    case collectionPausePerRequest = "gc.pausePerRequest"

    /// How a metric's values behave from round to round, which decides how two sides are compared.
    package enum Evidence: String, Sendable, Codable {
        /// The same in every round but for a little slack: judged exactly, without a test.
        case count
        /// Almost the same in every round: a paired t test.
        case near
        /// Scattered: a paired t test on trimmed means.
        case noisy
    }

    /// Which way is worse.
    package enum Direction: String, Sendable, Codable {
        case higherIsWorse
        case lowerIsWorse
    }

    package var unit: Unit { facts.unit }
    /// What the functions that account for it are counted in: for a rate it is the time they take.
    package var costUnit: Unit { unit == .rate ? .time : unit }
    package var evidence: Evidence { facts.evidence }
    package var direction: Direction {
        self == .throughput || self == .throughputAtBudget ? .lowerIsWorse : .higherIsWorse
    }
    /// One line on what the number is.
    package var summary: String { facts.summary }
    /// Where the number comes from.
    package var source: String { facts.source }

    /// Whether zero is an ordinary value, so that sides are compared by difference and not by ratio.
    package var canBeZero: Bool {
        switch self {
        case .errorsRate, .checksFailedRate, .memoryGrowthPer1000, .tasksLeakedPer1000, .descriptorsLeakedPer1000,
            .tasksCreatedPerRequest, .collectionsPer1000, .collectionPausePerRequest:
            true
        default: false
        }
    }

    /// Whether the metric is a leak: growth that is left after the load, judged by the leak rule.
    package var isLeak: Bool { self == .tasksLeakedPer1000 || self == .descriptorsLeakedPer1000 }

    /// Whether the value depends on how much processor time the machine had to give.
    package var dependsOnProcessorTime: Bool {
        switch self {
        case .errorsRate, .checksFailedRate, .allocationsPerRequest, .allocationsBytesPerRequest, .memoryGrowthPer1000,
            .tasksLeakedPer1000, .tasksCreatedPerRequest, .descriptorsLeakedPer1000, .instructionsPerRequest:
            false
        default: true
        }
    }

    /// Whether another machine does the same work in another number, although it counts: its processor and its libraries
    /// choose among instructions that do the same.
    package var dependsOnMachine: Bool { self == .instructionsPerRequest }

    /// Whether the load generator knows the metric for each step as well as for the whole scenario.
    package var existsPerStep: Bool {
        switch self {
        case .latencyP50, .latencyP90, .latencyP95, .latencyP99, .latencyP999, .latencyMax, .latencyMean, .throughput,
            .errorsRate, .checksFailedRate:
            true
        default: false
        }
    }

    /// Whether it is a time from due to done.
    package var isLatency: Bool {
        switch self {
        case .latencyP50, .latencyP90, .latencyP95, .latencyP99, .latencyP999, .latencyMax, .latencyMean: true
        default: false
        }
    }

    /// The quantile a latency metric stands for, or nil.
    package var quantile: Double? {
        switch self {
        case .latencyP50: 0.5
        case .latencyP90: 0.9
        case .latencyP95: 0.95
        case .latencyP99: 0.99
        case .latencyP999: 0.999
        default: nil
        }
    }

    /// Requests expected beyond a gated quantile in each round.
    package static let requestsBeyondQuantile = 10.0

    /// The fewest requests of which enough lie beyond the quantile; nil where the metric is none.
    package var leastRequests: Int? {
        quantile.map { Int((Self.requestsBeyondQuantile / (1 - $0)).rounded()) }
    }
}

extension Metric {
    private struct Facts {
        let unit: Unit
        let evidence: Evidence
        let summary: String
        let source: String

        init(_ unit: Unit, _ evidence: Evidence, _ summary: String, from source: String) {
            self.unit = unit
            self.evidence = evidence
            self.summary = summary
            self.source = source
        }

        static func latency(_ summary: String) -> Self {
            Self(.time, .noisy, summary, from: "load generator, finished − scheduled")
        }
    }

    private var facts: Facts {
        switch self {
        case .latencyP50: .latency("half of the requests are at least this fast")
        case .latencyP90: .latency("nine of ten requests are at least this fast")
        case .latencyP95: .latency("95 % of the requests are at least this fast")
        case .latencyP99: .latency("99 % of the requests are at least this fast")
        case .latencyP999: .latency("999 of 1000 requests are at least this fast")
        case .latencyMax: .latency("the slowest request")
        case .latencyMean: .latency("the mean of all requests")
        case .throughput: Facts(.rate, .noisy, "requests completed per second", from: "load generator")
        case .throughputAtBudget:
            Facts(
                .rate, .noisy, "highest arrival rate at which the limits of the load hold, in flows per second",
                from: "load generator, `find-capacity`")
        case .errorsRate:
            Facts(.share, .count, "requests that failed, timed out or were refused a check", from: "load generator")
        case .checksFailedRate: Facts(.share, .count, "responses that failed a check", from: "load generator")
        case .allocationsPerRequest:
            Facts(.count, .count, "heap allocations per request", from: "Go: Mallocs; native: probe")
        case .allocationsBytesPerRequest:
            Facts(.bytes, .count, "bytes allocated on the heap per request", from: "Go: TotalAlloc; native: probe")
        case .memoryGrowthPer1000:
            Facts(
                .bytes, .near, "live heap left behind by 1000 requests",
                from: "Go: HeapAlloc after a collection; native: probe")
        case .memoryPeakRSS: Facts(.bytes, .near, "largest resident memory", from: "/proc")
        case .tasksPeak:
            Facts(
                .count, .near, "most tasks at once during the load", from: "Go: goroutines; Swift: probe; else threads")
        case .tasksLeakedPer1000:
            Facts(
                .count, .count, "tasks left behind by 1000 requests, after settling",
                from: "Go: goroutines; Swift: probe")
        case .tasksCreatedPerRequest:
            Facts(.count, .count, "tasks created per request", from: "Swift: probe")
        case .threadsPeak: Facts(.count, .near, "most threads at once during the load", from: "/proc")
        case .descriptorsLeakedPer1000:
            Facts(.count, .count, "descriptors left open by 1000 requests, after settling", from: "/proc")
        case .cpuPerRequest: Facts(.time, .near, "processor time per request", from: "/proc")
        case .instructionsPerRequest:
            Facts(
                .count, .count, "instructions in user mode per request",
                from: "perf_event_open, where the machine permits it")
        case .collectionsPer1000: Facts(.count, .near, "garbage collections per 1000 requests", from: "Go: NumGC")
        case .collectionPausePerRequest:
            Facts(.time, .near, "pause for garbage collection per request", from: "Go: PauseNs")
        }
    }
}
