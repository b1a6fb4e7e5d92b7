import Measures
import Plans

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

package extension LoadReport {
    /// The load for programs: `schema` 1, keys sorted, equal loads are equal bytes.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(LoadDocument(self)), as: UTF8.self) + "\n"
    }
}

/// A moment in milliseconds since 1970 as `2026-11-23T20:37:12.000Z`.
func isoText(_ milliseconds: UInt64) -> String {
    // The text is cut and not rounded, and a fraction in binary may be a little less than it should.
    Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
        .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}

/// `LoadReport` as JSON.
///
/// Times are nanoseconds, rates per second, sizes bytes. What is not known is left out.
private struct LoadDocument: Encodable {
    /// What was asked for.
    struct Asked: Encodable {
        struct Stage: Encodable {
            let rate: Double?
            let users: Double?
            let duration: Double
        }

        /// Rates per second, the window in nanoseconds, limits by metric in the metric's unit.
        struct Search: Encodable {
            let from: Double
            let to: Double
            let precision: Double
            let window: Double
            let limits: [String: Double]

            init(_ search: CapacitySearch) {
                (from, to, precision) = (search.from, search.to, search.precision)
                window = search.window / .nanoseconds(1)
                limits = Dictionary(search.limits.map { ($0.metric.rawValue, $0.maximum) }) { $1 }
            }
        }

        let name: String?
        let executor: String
        let loop: String
        /// Flow starts per second, at the beginning where there are stages.
        let rate: Double?
        let users: Double?
        let stages: [Stage]?
        let search: Search?
        let connections: Int
        let requests: Int?
        let start: Double
        let duration: Double?
        let warmup: Double
        let timeout: Double

        init(_ load: Load) {
            name = load.name
            loop = load.isOpenLoop ? "open" : "closed"
            switch load.executor {
            case .constantArrivalRate(let perSecond):
                (executor, rate, users, stages) = ("constant-arrival-rate", perSecond, nil, nil)
            case .rampingArrivalRate(let ramp):
                let all = ramp.stages.map { Stage(rate: $0.level, users: nil, duration: $0.duration / .nanoseconds(1)) }
                (executor, rate, users, stages) = ("ramping-arrival-rate", ramp.start, nil, all)
            case .constantUsers(let count):
                (executor, rate, users, stages) = ("constant-vus", nil, Double(count), nil)
            case .rampingUsers(let ramp):
                let all = ramp.stages.map { Stage(rate: nil, users: $0.level, duration: $0.duration / .nanoseconds(1)) }
                (executor, rate, users, stages) = ("ramping-vus", nil, ramp.start, all)
            case .findCapacity: (executor, rate, users, stages) = ("find-capacity", nil, nil, nil)
            }
            search = load.search.map { Search($0) }
            connections = load.connections
            switch load.work {
            case .requests(let count): (requests, duration) = (count, nil)
            case .duration(let length): (requests, duration) = (nil, length / .nanoseconds(1))
            }
            start = load.start / .nanoseconds(1)
            warmup = load.warmup / .nanoseconds(1)
            timeout = load.timeout / .nanoseconds(1)
        }
    }

    struct Delivery: Encodable {
        let arrivals: Int
        let dropped: Int
        let achievedRate: Double?
        let lateness: Distribution
        let connectionWait: Distribution
        let connections: Int
        let connectionsOpened: Int
        let generatorCPU: UInt64
        let schedulingClass: String

        init(_ report: LoadReport) {
            let summary = report.summary
            arrivals = summary.arrivals
            dropped = summary.dropped
            achievedRate = finite(summary.achievedRate)
            lateness = Distribution(summary.lateness)
            connectionWait = Distribution(summary.connectionWait)
            connections = report.connections
            connectionsOpened = summary.connectionsOpened
            generatorCPU = summary.generatorCPU
            schedulingClass = summary.schedulingClass
        }
    }

    struct Exchanges: Encodable {
        let name: String?
        let requests: Int
        let completed: Int
        let failed: Int
        let timedOut: Int
        let checksFailed: Int
        let bytesReceived: UInt64
        let latency: Distribution
        let serviceTime: Distribution
        let failures: [FailureCount]
        let slowest: [ExchangeRecord]?

        init(_ step: StepSummary) {
            name = step.name.isEmpty ? nil : step.name
            requests = step.exchanges
            completed = step.completed
            failed = step.failed
            timedOut = step.timedOut
            checksFailed = step.checksFailed
            bytesReceived = step.bytesReceived
            latency = Distribution(step.latency)
            serviceTime = Distribution(step.serviceTime)
            failures = step.failures
            slowest = step.slowest
        }
    }

    /// Count, mean, least, greatest and percentiles of a histogram, in nanoseconds; of nothing, only the count.
    struct Distribution: Encodable {
        let histogram: Histogram

        init(_ histogram: Histogram) { self.histogram = histogram }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            try container.encode(histogram.count, forKey: Name("count"))
            guard histogram.count > 0 else { return }
            try container.encodeIfPresent(histogram.mean, forKey: Name("mean"))
            try container.encode(histogram.minimum, forKey: Name("min"))
            try container.encode(histogram.maximum, forKey: Name("max"))
            for (name, share) in LoadReport.percentiles {
                try container.encodeIfPresent(histogram.value(at: share), forKey: Name(name))
            }
        }
    }

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    let schema = 1
    let tool: String
    let outcome: String
    let problems: [String]
    let url: String
    let plan: String?
    /// Where the address was reached.
    let address: String?
    let seed: UInt64
    /// When the counted part began, in UTC.
    let startedAt: String
    let elapsed: UInt64
    let requestsPerSecond: Double?
    let loads: [Asked]
    /// Of a search; the other figures are those of one window then.
    let capacity: CapacityDocument?
    let delivery: Delivery
    let flowsCompleted: Int
    let flowsFailed: Int
    let skipped: Int
    let total: Exchanges
    let steps: [Exchanges]

    init(_ report: LoadReport) {
        let summary = report.summary
        tool = report.tool
        outcome = report.outcome.rawValue
        problems = report.problems
        url = report.url
        plan = report.plan
        address = summary.address
        seed = report.seed
        startedAt = isoText(report.start)
        elapsed = summary.elapsed
        requestsPerSecond = finite(report.perSecond(Double(summary.total.exchanges)))
        loads = report.loads.map(Asked.init)
        capacity = summary.capacity.map { CapacityDocument($0) }
        delivery = Delivery(report)
        flowsCompleted = summary.flowsCompleted
        flowsFailed = summary.flowsFailed
        skipped = summary.skipped
        total = Exchanges(summary.total)
        steps = summary.steps.map(Exchanges.init)
    }
}
