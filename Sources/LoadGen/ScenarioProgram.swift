import HTTPWire
import Plans

/// A scenario made ready for running against one endpoint.
struct ScenarioProgram: Sendable {
    let flows: [FlowProgram]
    let stepNames: [String]
    /// What is done around the load, with the names of its steps.
    let parts: [Scenario.Part: (flow: FlowProgram, stepNames: [String])]
    let data: [DataBytes]
    let cookies: Scenario.Cookies
    /// Variables of the setup, which all users share.
    let sharedSlots: Int
    /// The most variables a user can have.
    let slotCount: Int
    /// The most loops any flow has.
    let loopCount: Int
    let longestTimeout: UInt64
    let shortestTimeout: UInt64
    /// The longest that the pauses of one flow can be together.
    let longestThinking: UInt64

    init(
        _ scenario: Scenario, load: Load, endpoint: Endpoint, keepAlive: Service.Connection.KeepAlive,
        data: [DataBytes]
    ) throws(LoadError) {
        let compiler = Compiler(load: load, endpoint: endpoint, keepAlive: keepAlive, data: data)
        var parts: [Scenario.Part: (flow: FlowProgram, stepNames: [String])] = [:]
        func compile(_ part: Scenario.Part, _ slots: [String: Int], from first: Int) throws(LoadError) -> [String: Int]
        {
            let items = scenario.items(of: part)
            if items.isEmpty { return slots }
            var names: [String] = []
            let (flow, known) = try compiler.flow(items, after: slots, firstSlot: first, &names)
            parts[part] = (flow, names)
            return known
        }
        let shared = try compile(.setup, [:], from: 0)
        let own = try compile(.userSetup, shared, from: shared.count)
        // Its own variables lie behind those of the users, whom it does not know.
        var slotCount = try compile(.teardown, shared, from: own.count).values.max().map { $0 + 1 } ?? 0
        var flows: [FlowProgram] = []
        var names: [String] = []
        for flow in scenario.flows {
            let (program, slots) = try compiler.flow(flow.items, after: own, firstSlot: own.count, &names)
            slotCount = max(slotCount, slots.count)
            flows.append(program)
        }
        self.flows = flows
        self.data = data
        cookies = scenario.cookies
        self.slotCount = max(slotCount, own.count)
        self.parts = parts
        sharedSlots = shared.count
        stepNames = names
        let all = flows + parts.values.map(\.flow)
        loopCount = all.map(\.loopCount).max() ?? 0
        let timeouts = all.flatMap(\.steps).map(\.timeout)
        longestTimeout = timeouts.max() ?? 0
        shortestTimeout = timeouts.min() ?? 0
        let items = scenario.flows.map(\.items) + Scenario.Part.allCases.map(scenario.items(of:))
        longestThinking = items.map { UInt64($0.extent().thinking) }.max() ?? 0
    }

    private struct Compiler {
        let load: Load
        let endpoint: Endpoint
        let keepAlive: Service.Connection.KeepAlive
        let data: [DataBytes]

        /// The items as a program, and the numbers of everything that is captured in them or before.
        ///
        /// `after` numbers what was captured before; the steps' names are added to `names`.
        func flow(
            _ items: [Scenario.Item], after inherited: [String: Int], firstSlot: Int, _ names: inout [String]
        ) throws(LoadError) -> (FlowProgram, slots: [String: Int]) {
            var slots = inherited
            var next = firstSlot
            for capture in items.requests.flatMap(\.captures) where slots[capture.variable] == nil {
                slots[capture.variable] = next
                next += 1
            }
            var added = names
            let program = try FlowProgram(items, slots: slots, firstSlot: firstSlot, data: data) {
                step throws(LoadError) in
                let program = try StepProgram(
                    step, index: added.count, endpoint: endpoint, keepAlive: keepAlive,
                    timeout: step.timeout ?? load.timeout, slots: slots, data: data
                )
                added.append(step.name)
                return program
            }
            names = added
            return (program, slots)
        }
    }
}
