extension Plan {
    /// Requests one round makes: of one step, or of all; nil where that depends on how fast the service is.
    package func expectedRequests(of step: String?) -> Int? {
        var sum: Int?
        for load in loads where step == nil || load.runs(step, in: scenario) {
            guard let requests = load.expectedRequests(of: step, in: scenario) else { return nil }
            sum = (sum ?? 0) + requests
        }
        return sum
    }
}

extension Load {
    /// The flows it runs, in the order of the scenario.
    package func flows(of scenario: Scenario) -> [Scenario.Flow] {
        guard let flows else { return scenario.flows }
        return scenario.flows.filter { flows.contains($0.name) }
    }

    /// Requests a flow makes on average, by the weights.
    package func requestsPerFlow(in scenario: Scenario) -> Double {
        let flows = flows(of: scenario)
        let weights = flows.reduce(0.0) { $0 + Double($1.weight) }
        let requests = flows.reduce(0.0) { $0 + Double($1.weight) * Double($1.steps.count) }
        return weights > 0 ? requests / weights : 1
    }

    fileprivate func runs(_ step: String?, in scenario: Scenario) -> Bool {
        flows(of: scenario).contains { $0.steps.contains { $0.name == step } }
    }

    fileprivate func expectedRequests(of step: String?, in scenario: Scenario) -> Int? {
        let all: Double
        switch (work, executor) {
        case (.requests(let count), _): all = Double(count)
        case (.duration(let duration), .constantArrivalRate(let rate)):
            all = duration / .seconds(1) * rate * requestsPerFlow(in: scenario)
        case (.duration, .rampingArrivalRate(let ramp)): all = ramp.area * requestsPerFlow(in: scenario)
        case (.duration, .constantUsers), (.duration, .rampingUsers): return nil
        }
        guard let step else { return Int(all) }
        let flows = flows(of: scenario)
        guard let flow = flows.first(where: { $0.steps.contains { $0.name == step } }) else { return nil }
        let weights = flows.reduce(0.0) { $0 + Double($1.weight) * Double($1.steps.count) }
        return Int(all * Double(flow.weight) / weights)
    }
}
