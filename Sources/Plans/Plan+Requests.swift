extension Plan {
    /// What is searched for, where the load is a search for the capacity, which is always the only one.
    package var search: CapacitySearch? { loads.lazy.compactMap(\.search).first }

    /// The plan with its search for the capacity replaced by a load of one rate, as long as the search at most; the same
    /// where there is no search.
    package func steady(at rate: Double) -> Plan {
        var plan = self
        for (index, load) in loads.enumerated() {
            guard let search = load.search else { continue }
            plan.loads[index].executor = .constantArrivalRate(perSecond: rate)
            plan.loads[index].work = .duration(min(search.length, .seconds(10)))
        }
        return plan
    }

    /// Requests one round makes: of one step, or of all.
    ///
    /// Nil where that depends on how fast the service is or, in flows with conditions, on what it answers.
    package func expectedRequests(of step: String?) -> Int? {
        var sum: Int?
        for load in loads where step == nil || load.runs(step, in: scenario) {
            guard let requests = load.expectedRequests(of: step, in: scenario) else { return nil }
            sum = (sum ?? 0) + requests
        }
        return sum
    }
}

extension Plan {
    /// How long the loads take together, in seconds, by a service that answers at once.
    package var expectedSeconds: Double {
        loads.map { $0.start / .seconds(1) + $0.expectedSeconds(in: scenario) }.max() ?? 0
    }
}

extension Load {
    /// What a closed loop is taken to need for a number of requests, besides its pauses: that is the service's choice.
    private static let secondsOfRequests = 2.0

    fileprivate func expectedSeconds(in scenario: Scenario) -> Double {
        switch work {
        case .duration(let duration): return duration / .seconds(1)
        case .requests(let count):
            let flows = Double(count) / requestsPerFlow(in: scenario)
            // At most, as they are drawn for every flow.
            let pauses = (average(in: scenario) { $0.extent().thinking } ?? 0) / 1e9
            if case .constantArrivalRate(let rate) = executor { return flows / rate + pauses }
            return Self.secondsOfRequests + (flows / Double(max(1, connections))).rounded(.up) * pauses
        }
    }

    /// The flows it runs, in the order of the scenario.
    package func flows(of scenario: Scenario) -> [Scenario.Flow] {
        guard let flows else { return scenario.flows }
        return scenario.flows.filter { flows.contains($0.name) }
    }

    /// Requests a flow makes on average, by the weights; where conditions decide, the fewest.
    package func requestsPerFlow(in scenario: Scenario) -> Double {
        average(in: scenario) { $0.extent().fewest } ?? 1
    }

    fileprivate func runs(_ step: String?, in scenario: Scenario) -> Bool {
        flows(of: scenario).contains { $0.steps.contains { $0.name == step } }
    }

    fileprivate func expectedRequests(of step: String?, in scenario: Scenario) -> Int? {
        let starts: Double
        switch (work, executor) {
        case (_, .findCapacity): return nil
        case (.requests(let count), _): starts = Double(count) / requestsPerFlow(in: scenario)
        case (.duration(let duration), .constantArrivalRate(let rate)): starts = duration / .seconds(1) * rate
        case (.duration, .rampingArrivalRate(let ramp)): starts = ramp.area
        case (.duration, .constantUsers), (.duration, .rampingUsers): return nil
        }
        guard flows(of: scenario).allSatisfy({ $0.items.extent(of: step).isFixed }) else { return nil }
        return average(in: scenario) { $0.extent(of: step).fewest }.map { Int(starts * $0) }
    }

    /// The average of a figure of the flows by their weights.
    private func average(in scenario: Scenario, _ figure: ([Scenario.Item]) -> Int) -> Double? {
        let flows = flows(of: scenario)
        let weights = flows.reduce(0.0) { $0 + Double($1.weight) }
        let sum = flows.reduce(0.0) { $0 + Double($1.weight) * Double(figure($1.items)) }
        return weights > 0 ? sum / weights : nil
    }
}
