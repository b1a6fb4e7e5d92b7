extension Plan {
    /// Requests a flow makes on average, by the weights.
    package var requestsPerFlow: Double {
        let weights = scenario.flows.reduce(0.0) { $0 + Double($1.weight) }
        let requests = scenario.flows.reduce(0.0) { $0 + Double($1.weight) * Double($1.steps.count) }
        return weights > 0 ? requests / weights : 1
    }

    /// Requests one round makes: of one step, or of all; nil where that depends on how fast the service is.
    package func expectedRequests(of step: String?) -> Int? {
        let all: Double
        switch (load.work, load.executor) {
        case (.requests(let count), _): all = Double(count)
        case (.duration(let duration), .constantArrivalRate(let rate)):
            all = duration / .seconds(1) * rate * requestsPerFlow
        case (.duration, .rampingArrivalRate(let ramp)): all = ramp.area * requestsPerFlow
        case (.duration, .constantUsers), (.duration, .rampingUsers): return nil
        }
        guard let step else { return Int(all) }
        guard let flow = scenario.flows.first(where: { $0.steps.contains { $0.name == step } }) else { return nil }
        let weights = scenario.flows.reduce(0.0) { $0 + Double($1.weight) * Double($1.steps.count) }
        return Int(all * Double(flow.weight) / weights)
    }
}
