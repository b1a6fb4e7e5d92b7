import HTTPWire
import Plans

/// A scenario made ready for running against one endpoint.
struct ScenarioProgram: Sendable {
    let flows: [FlowProgram]
    let stepNames: [String]
    let data: [DataBytes]
    /// The most variables any flow captures.
    let slotCount: Int
    /// The most loops any flow has.
    let loopCount: Int
    let longestTimeout: UInt64
    let shortestTimeout: UInt64
    /// The longest that the pauses of one flow can be together.
    let longestThinking: UInt64

    init(_ scenario: Scenario, load: Load, endpoint: Endpoint, seed: UInt64) throws(LoadError) {
        var data: [DataBytes] = []
        for set in scenario.data { data.append(try DataBytes(set, seed: seed)) }
        var flows: [FlowProgram] = []
        var names: [String] = []
        var slotCount = 0
        for flow in scenario.flows {
            let slots = Self.slots(of: flow)
            var known: [String: Int] = [:]
            let isStraight = flow.items.count == flow.steps.count
            let program = try FlowProgram(flow.items, slots: slots, data: data) { step throws(LoadError) in
                // Within a repetition a step can use what a later one has captured in the pass before.
                let program = try StepProgram(
                    step, index: names.count, endpoint: endpoint, timeout: step.timeout ?? load.timeout,
                    slots: isStraight ? known : slots, data: data
                )
                for capture in program.captures { known[capture.variable] = capture.slot }
                names.append(step.name)
                return program
            }
            slotCount = max(slotCount, slots.count)
            flows.append(program)
        }
        self.flows = flows
        self.data = data
        self.slotCount = slotCount
        stepNames = names
        loopCount = flows.map(\.loopCount).max() ?? 0
        let timeouts = flows.flatMap(\.steps).map(\.timeout)
        longestTimeout = timeouts.max() ?? 0
        shortestTimeout = timeouts.min() ?? 0
        longestThinking = scenario.flows.map { UInt64($0.items.extent().thinking) }.max() ?? 0
    }

    /// A number for everything a flow captures, in the order it is written.
    private static func slots(of flow: Scenario.Flow) -> [String: Int] {
        var slots: [String: Int] = [:]
        for capture in flow.steps.flatMap(\.captures) where slots[capture.variable] == nil {
            slots[capture.variable] = slots.count
        }
        return slots
    }
}
