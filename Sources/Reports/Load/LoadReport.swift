package import Measures
package import Plans

/// What came of load that was made without a gate around it.
package struct LoadReport: Sendable {
    package enum Outcome: String, Sendable {
        /// The load was delivered, and every request and the teardown succeeded; of a search, the capacity was found.
        case succeeded
        /// It was delivered, and requests or the teardown failed; of a search, the capacity lies outside its rates.
        case failed
        /// It was not the load that was asked for.
        case undelivered
    }

    package var tool: String
    /// The address as it was given, or the plan's.
    package var url: String
    /// The file of the plan that load and scenario come from, nil for one request from the command line.
    package var plan: String?
    /// One, or those of a plan that run together.
    package var loads: [Load]
    package var seed: UInt64
    /// When the counted part began, in milliseconds since 1970.
    package var start: UInt64
    /// How many were open when it began; 0 where every flow or request opens its own.
    package var connections: Int
    package var summary: LoadSummary
    /// Most requests at once on one connection; 1 but for HTTP/2.
    package var streams = 1
    /// Whether it was ended before its work was done.
    package var isInterrupted = false
    /// Why what was set up could not be taken down, in a sentence without its final stop; nil where it was.
    package var teardownProblem: String?

    package init(
        tool: String, url: String, plan: String?, loads: [Load], seed: UInt64, start: UInt64, connections: Int,
        summary: LoadSummary
    ) {
        self.tool = tool
        self.url = url
        self.plan = plan
        self.loads = loads
        self.seed = seed
        self.start = start
        self.connections = connections
        self.summary = summary
    }

    package var outcome: Outcome {
        if isInterrupted || summary.deliveryProblem() != nil { return .undelivered }
        if teardownProblem != nil { return .failed }
        if let capacity = summary.capacity { return capacity.rate == nil ? .failed : .succeeded }
        return failedRequests == 0 ? .succeeded : .failed
    }

    var failedRequests: Int { summary.total.failed + summary.total.timedOut }

    /// Why the load was no success, each in sentences without their final stop; empty where it was one.
    package var problems: [String] {
        var problems: [String] = []
        if isInterrupted {
            problems.append("the load was interrupted after \(Unit.time.text(Double(summary.elapsed)))")
        } else if let problem = summary.deliveryProblem() {
            let words =
                plan == nil ? problem.words(rate: "--rate", connections: "--connections") : problem.description
            problems.append("the load was not delivered: " + words)
        }
        if let capacity = summary.capacity {
            if let problem = capacity.problem, problems.isEmpty {
                problems.append("the capacity was not found: " + problem)
            }
        } else if failedRequests > 0 {
            let reason = summary.total.failures.first.map { ", most often: \(CleanText.string($0.reason, limit: 200))" }
            problems.append("\(failedRequests) of \(summary.total.exchanges) requests failed" + (reason ?? ""))
        }
        if let teardownProblem { problems.append(teardownProblem) }
        return problems
    }

    /// What to know when reading the figures, in sentences with their final stops.
    var notes: [String] {
        guard summary.isClosedLoop else { return [] }
        let advice = plan == nil ? "ask for a rate, such as --rate 500/s" : "use executor: constant-arrival-rate"
        var notes = [
            "A closed loop sends a request only when the one before it has ended, so a slow answer also keeps back the "
                + "requests that would have waited for it, and their wait is counted nowhere (coordinated omission): "
                + "this latency is hardly more than service time. For the latency that users meet, \(advice)."
        ]
        if busyShare > DeliveryLimits().busyShare {
            notes.append(
                "The load generator was busy \(Unit.share.text(busyShare)) of the time on its one processor, so that the "
                    + "requests per second may be its limit and not the service's.")
        }
        return notes
    }

    /// The part of the time the generator's thread was busy.
    var busyShare: Double {
        summary.elapsed > 0 ? Double(summary.generatorCPU) / Double(summary.elapsed) : 0
    }

    /// Something per second over the whole of the load, nil where it took no time.
    func perSecond(_ count: Double) -> Double? {
        summary.elapsed > 0 ? count * 1e9 / Double(summary.elapsed) : nil
    }

    /// The percentiles that are shown, with their shares.
    static let percentiles: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999), ("p99.99", 0.9999),
    ]
}
