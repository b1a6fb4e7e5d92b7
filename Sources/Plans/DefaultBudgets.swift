internal import Measures

/// The budgets of a service that has none of its own yet: the one source of them.
///
/// Each is about one and a half times what twenty rounds tell apart on a typical shared runner, or more.
package enum DefaultBudgets {
    /// What diagnostics and recordings call them.
    package static let file = "default budgets"

    /// The default budgets that a load can hold; `requests` is how many a round makes, nil when unknown.
    ///
    /// In an open loop the throughput is what was asked for, and a quantile needs requests beyond it.
    package static func all(isClosedLoop: Bool, requests: Int?, isSearch: Bool = false) -> [Budget] {
        every.filter { budget in
            // A search for the capacity tells that and nothing else, and no other load tells it.
            if isSearch || budget.metric == .throughputAtBudget {
                return isSearch && budget.metric == .throughputAtBudget
            }
            if budget.metric == .throughput { return isClosedLoop }
            guard let needed = budget.metric.leastRequests else { return true }
            return needed <= requests ?? requestsOfAnyLoad
        }
    }

    /// The default budgets of which some load can hold each, however few its requests.
    package static let ofAnyLoad =
        all(isClosedLoop: true, requests: nil) + all(isClosedLoop: false, requests: nil, isSearch: true)

    /// Requests that every load worth measuring makes in a round.
    private static let requestsOfAnyLoad = 100

    private static let every = [
        budget(.latencyP50, increase: 0.08, floor: 200e3),
        budget(.latencyP90, increase: 0.1, floor: 500e3),
        budget(.latencyP99, increase: 0.25, floor: 1e6, severity: .warn),
        budget(.throughput, decrease: 0.08),
        budget(.throughputAtBudget, decrease: 0.1),
        budget(.cpuPerRequest, increase: 0.05, floor: 20e3),
        budget(.allocationsPerRequest, increase: 0.01, floor: 0.5),
        budget(.allocationsBytesPerRequest, increase: 0.02, floor: 256),
        budget(.memoryGrowthPer1000, increase: 0.1, floor: 512 * 1024),
        budget(.tasksLeakedPer1000, maximum: 0),
        budget(.tasksCreatedPerRequest, increase: 0.01, floor: 0.1),
        budget(.tasksPeak, increase: 0.2, floor: 20),
        budget(.descriptorsLeakedPer1000, maximum: 0),
        budget(.errorsRate, maximum: 0.001),
    ]

    private static func budget(
        _ metric: Metric, maximum: Double? = nil, increase: Double? = nil, decrease: Double? = nil, floor: Double = 0,
        severity: Budget.Severity = .error
    ) -> Budget {
        Budget(
            metric: metric, step: nil, maximum: maximum, minimum: nil, maximumIncrease: increase,
            maximumDecrease: decrease, floor: floor, severity: severity, decide: .proven, accepted: nil,
            place: Place(file: file, line: 0, column: 0, path: "budgets[\"\(metric.rawValue)\"]"))
    }
}
