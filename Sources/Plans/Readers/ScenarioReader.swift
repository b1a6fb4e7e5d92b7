/// Reads the scenario: data, flows and their steps.
struct ScenarioReader {
    let log: DiagnosticLog
    let environment: [String: String]
    /// The load the scenario is for; nil where it could not be read.
    let load: Load?
    let readFile: (String) -> Result<[UInt8], FileProblem>

    static let maximumSteps = 1000
    static let weightsTaken = 1...1_000_000
    static let maximumNameLength = 100

    /// What earlier parts of the scenario have made known.
    struct Known {
        var data: [LoadedData] = []
        /// By name, the place of the first step.
        var stepNames: [String: Place] = [:]
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
        known.data = fields.optional("data").flatMap(DataReader(load: load, readFile: readFile).read) ?? []
        guard let list = fields.required("flows", example: "flows: [ { name: browse, steps: [ … ] } ]"),
            let items = list.items()
        else { return nil }
        if items.isEmpty { list.report("there is no flow") }
        var names: Set<String> = []
        var flows: [Scenario.Flow] = []
        for item in items {
            if let flow = flow(item, names: &names, known: &known) { flows.append(flow) }
        }
        if known.stepNames.count > Self.maximumSteps {
            list.report("there are \(known.stepNames.count) steps; at most \(Self.maximumSteps) are taken")
        }
        let sets = known.data.compactMap { loaded in
            loaded.content.map {
                Scenario.DataSet(name: loaded.name, columns: $0.columns, rows: $0.rows, order: loaded.order)
            }
        }
        return log.isEmpty ? Scenario(data: sets, flows: flows) : nil
    }

    private func flow(_ cursor: Cursor, names: inout Set<String>, known: inout Known) -> Scenario.Flow? {
        guard let fields = cursor.fields(.flow) else { return nil }
        let name = fields.required("name", example: "name: browse").flatMap { self.name($0) }
        if let name, !names.insert(name).inserted, let place = fields.optional("name") {
            place.report("there is a flow named \(quoted(name)) already")
        }
        let weight = fields.optional("weight").map { $0.wholeNumber(Self.weightsTaken) } ?? 1
        guard let list = fields.required("steps", example: "steps: [ { name: list items, get: /items } ]"),
            let items = list.items()
        else { return nil }
        if items.isEmpty { list.report("there is no step") }
        let declared = Set(items.flatMap { Self.captureNames($0.node) })
        var variables = Variables(data: known.data, captured: [], capturedInFlow: declared, environment: environment)
        var steps: [Scenario.Step] = []
        for item in items {
            if let step = StepReader(variables: variables, readFile: readFile).read(item, known: &known) {
                steps.append(step)
            }
            // Also of a step that is wrong elsewhere, so that its mistake is told once.
            variables.captured += Self.captureNames(item.node)
        }
        guard let name, let weight else { return nil }
        return Scenario.Flow(name: name, weight: weight, steps: steps)
    }

    private func name(_ cursor: Cursor) -> String? {
        cursor.line("a name", limit: Self.maximumNameLength)
    }

    private static func captureNames(_ step: DocumentNode) -> [String] {
        guard case .object(let entries)? = step.member("capture")?.value else { return [] }
        return entries.map(\.key)
    }
}
