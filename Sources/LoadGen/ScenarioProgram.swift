import HTTPWire
import Plans

/// A scenario made ready for running against one endpoint.
struct ScenarioProgram: Sendable {
    /// Steps of every flow, in order.
    let flows: [[StepProgram]]
    let stepNames: [String]
    let data: [DataBytes]
    /// The most variables any flow captures.
    let slotCount: Int
    let longestTimeout: UInt64
    let shortestTimeout: UInt64

    init(_ scenario: Scenario, load: Load, endpoint: Endpoint, seed: UInt64) throws(LoadError) {
        var data: [DataBytes] = []
        for set in scenario.data { data.append(try DataBytes(set, seed: seed)) }
        var flows: [[StepProgram]] = []
        var names: [String] = []
        var slotCount = 0
        for flow in scenario.flows {
            var slots: [String: Int] = [:]
            var steps: [StepProgram] = []
            for step in flow.steps {
                let program = try StepProgram(
                    step, index: names.count, endpoint: endpoint, timeout: step.timeout ?? load.timeout, slots: slots,
                    data: data
                )
                for capture in program.captures { slots[capture.variable] = capture.slot }
                steps.append(program)
                names.append(step.name)
            }
            slotCount = max(slotCount, slots.count)
            flows.append(steps)
        }
        self.flows = flows
        self.data = data
        self.slotCount = slotCount
        stepNames = names
        let timeouts = flows.joined().map(\.timeout)
        longestTimeout = timeouts.max() ?? 0
        shortestTimeout = timeouts.min() ?? 0
    }
}
