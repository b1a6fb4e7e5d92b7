extension Plan {
    /// Requests a flow makes on average, by the weights; where conditions decide, the fewest.
    package var requestsPerFlow: Double { average { $0.extent().fewest } ?? 1 }

    /// Requests one round makes: of one step, or of all.
    ///
    /// Nil where that depends on how fast the service is or, in flows with conditions, on what it answers.
    package func expectedRequests(of step: String?) -> Int? {
        let flows: Double
        switch (load.work, load.executor) {
        case (.requests(let count), _): flows = Double(count) / requestsPerFlow
        case (.duration(let duration), .constantArrivalRate(let rate)): flows = duration / .seconds(1) * rate
        case (.duration, .constantUsers): return nil
        }
        guard scenario.flows.allSatisfy({ $0.items.extent(of: step).isFixed }) else { return nil }
        if let step, !stepNames.contains(step) { return nil }
        return average { $0.extent(of: step).fewest }.map { Int(flows * $0) }
    }

    /// The average of a figure of the flows by their weights.
    private func average(_ figure: ([Scenario.Item]) -> Int) -> Double? {
        let weights = scenario.flows.reduce(0.0) { $0 + Double($1.weight) }
        let sum = scenario.flows.reduce(0.0) { $0 + Double($1.weight) * Double(figure($1.items)) }
        return weights > 0 ? sum / weights : nil
    }
}
