/// Reads the scenario: data, flows and their steps.
struct ScenarioReader {
    let log: DiagnosticLog
    let environment: [String: String]
    /// The loads the scenario is for; nil where they could not be read.
    let loads: [Load]?
    let readFile: (String) -> Result<[UInt8], FileProblem>

    static let maximumSteps = 1000
    static let weightsTaken = 1...1_000_000
    static let maximumNameLength = 100

    /// What earlier parts of the scenario have made known.
    struct Known {
        var data: [LoadedData] = []
        /// By name, the place of the first step.
        var stepNames: [String: Place] = [:]
        var defaults = StepDefaults()
    }

    /// A data set whose name is taken; without content when its file could not be read.
    struct LoadedData {
        var name: String
        var content: DataTable?
        var order = Scenario.DataSet.Order.sequential
    }

    func read(_ cursor: Cursor) -> Scenario? {
        guard let fields = cursor.fields(.scenario) else { return nil }
        var known = Known()
        known.data = fields.optional("data").flatMap(DataReader(loads: loads, readFile: readFile).read) ?? []
        let cookies = fields.optional("cookies").map { $0.word(Scenario.Cookies.self) } ?? .flow
        known.defaults = StepDefaults(fields, data: known.data, environment: environment)
        var inherited = Variables(data: known.data, captured: [], capturedInFlow: [], environment: environment)
        let setup = part(.setup, fields, &inherited, &known)
        var tearing = inherited
        let userSetup = part(.userSetup, fields, &inherited, &known)
        let flows = fields.required("flows", example: "flows: [ { name: browse, steps: [ … ] } ]").map {
            self.flows($0, inherited, &known)
        }
        let teardown = part(.teardown, fields, &tearing, &known)
        if known.stepNames.count > Self.maximumSteps {
            cursor.report("there are \(known.stepNames.count) steps; at most \(Self.maximumSteps) are taken")
        }
        let sets = known.data.compactMap { loaded in
            loaded.content.map {
                Scenario.DataSet(name: loaded.name, columns: $0.columns, rows: $0.rows, order: loaded.order)
            }
        }
        guard log.isEmpty, let flows, let cookies else { return nil }
        return Scenario(
            data: sets, flows: flows, setup: setup, userSetup: userSetup, teardown: teardown, cookies: cookies)
    }

    private func flows(_ list: Cursor, _ inherited: Variables, _ known: inout Known) -> [Scenario.Flow] {
        guard let items = list.items() else { return [] }
        if items.isEmpty { list.report("there is no flow") }
        var names: Set<String> = []
        var flows: [Scenario.Flow] = []
        for item in items {
            if let flow = flow(item, inherited, names: &names, known: &known) { flows.append(flow) }
        }
        return flows
    }

    /// The steps of a part; `variables` are afterwards those that hold in what comes after it.
    private func part(
        _ part: Scenario.Part, _ fields: Fields, _ variables: inout Variables, _ known: inout Known
    ) -> [Scenario.Item] {
        guard let fields = fields.optional(part.rawValue)?.fields(.aroundLoad),
            let list = fields.required("steps", example: "steps: [ { name: log in, post: /login } ]")
        else { return [] }
        let names = list.node.capturedNames
        variables.capturedInFlow.formUnion(names)
        let items = FlowReader(readFile: readFile).read(list, variables: &variables, known: &known) ?? []
        variables.capturedBefore.formUnion(names)
        _ = FlowReader.isBounded(items.extent(), list)
        return items
    }

    private func flow(
        _ cursor: Cursor, _ inherited: Variables, names: inout Set<String>, known: inout Known
    ) -> Scenario.Flow? {
        guard let fields = cursor.fields(.flow) else { return nil }
        let name = fields.required("name", example: "name: browse").flatMap { self.name($0) }
        if let name, !names.insert(name).inserted, let place = fields.optional("name") {
            place.report("there is a flow named \(quoted(name)) already")
        }
        let weight = fields.optional("weight").map { $0.wholeNumber(Self.weightsTaken) } ?? 1
        guard let list = fields.required("steps", example: "steps: [ { name: list items, get: /items } ]") else {
            return nil
        }
        var variables = inherited
        variables.capturedInFlow.formUnion(list.node.capturedNames)
        let items = FlowReader(readFile: readFile).read(list, variables: &variables, known: &known)
        guard let name, let weight, let items else { return nil }
        checkLength(of: items, in: name, list)
        return Scenario.Flow(name: name, weight: weight, items: items)
    }

    private func checkLength(of items: [Scenario.Item], in flow: String, _ list: Cursor) {
        let extent = items.extent()
        guard !items.isEmpty, FlowReader.isBounded(extent, list) else { return }
        if extent.fewest == 0 {
            list.report(
                "the flow may end without a request",
                hint: "write one outside every \"if\", or in both \"steps\" and \"else\"")
        } else if !extent.isFixed, loads?.contains(where: { $0.counts(flow) }) ?? false {
            list.report(
                "the flow makes \(extent.fewest) to \(extent.most) requests, and a fixed number of requests takes flows "
                    + "with a fixed number", hint: "make as many in \"steps\" as in \"else\", or write load.duration")
        }
    }

    private func name(_ cursor: Cursor) -> String? {
        cursor.line("a name", limit: Self.maximumNameLength)
    }
}

extension Load {
    /// Whether it runs the flow until a fixed number of requests is reached.
    fileprivate func counts(_ flow: String) -> Bool {
        guard case .requests = work else { return false }
        return flows?.contains(flow) ?? true
    }
}
