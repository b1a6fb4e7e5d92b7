extension Plan {
    /// The names of all steps, in the order of the plan.
    package var stepNames: [String] {
        scenario.flows.flatMap { $0.steps.map(\.name) }
    }
}
