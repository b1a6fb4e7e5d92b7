extension PlanReader {
    /// The most loads that run together.
    static let maximumLoads = 20

    /// One load, or a list of several that run together; `flows` are the names of the scenario's, nil where unknown.
    static func loads(_ cursor: Cursor, flows: [String]?) -> [Load]? {
        guard case .list = cursor.node.value else { return load(cursor).map { [$0] } }
        guard let items = cursor.items() else { return nil }
        if items.isEmpty { cursor.report("there is no load") }
        if items.count > maximumLoads {
            cursor.report("there are \(items.count) loads; at most \(maximumLoads) are taken")
        }
        var names: Set<String> = []
        let loads = items.prefix(maximumLoads).compactMap { entry($0, names: &names, flows: flows) }
        guard !items.isEmpty, loads.count == items.count else { return nil }
        let connections = loads.reduce(0) { $0 + $1.connections }
        guard connections <= Load.usersTaken.upperBound else {
            cursor.report(
                "the loads have \(connections) connections; at most \(Load.usersTaken.upperBound) are taken together")
            return nil
        }
        // A flow that is never run would be measured by nobody, and no budget would tell.
        let known = loads.allSatisfy { ($0.flows ?? []).allSatisfy { flows?.contains($0) ?? true } }
        for flow in flows ?? [] where known && !loads.contains(where: { $0.flows?.contains(flow) ?? true }) {
            cursor.report("no load runs the flow \(quoted(flow))", hint: "name it in the flows of a load, or remove it")
        }
        return loads
    }

    private static func entry(_ cursor: Cursor, names: inout Set<String>, flows known: [String]?) -> Load? {
        guard let fields = cursor.fields(.loadOfList) else { return nil }
        let name = fields.required("name", example: "name: browsers").flatMap {
            $0.line("a name", limit: ScenarioReader.maximumNameLength)
        }
        if let name, !names.insert(name).inserted, let place = fields.optional("name") {
            place.report("there is a load named \(quoted(name)) already")
        }
        if let executor = fields.optional("executor"), executor.scalar?.text == ExecutorName.findCapacity.rawValue {
            executor.report(
                "find-capacity runs alone: other loads would be part of what it finds",
                hint: "make it the only load, which is no list")
            return nil
        }
        let start = fields.optional("start").map { $0.duration(zero: true) } ?? Duration.zero
        let flows = fields.optional("flows").map { Self.flows($0, known: known) } ?? .some(nil)
        guard var load = load(fields), let name, let start, let flows else { return nil }
        load.name = name
        load.start = start
        load.flows = flows
        return load
    }

    /// The names of flows: nil where they are wrong.
    private static func flows(_ cursor: Cursor, known: [String]?) -> [String]?? {
        guard let items = cursor.items() else { return nil }
        if items.isEmpty {
            cursor.report("there is no flow", hint: "leave \"flows\" out to run all")
            return nil
        }
        var names: [String] = []
        for item in items {
            guard let name = item.line("the name of a flow", limit: ScenarioReader.maximumNameLength) else {
                return nil
            }
            if let known, !known.contains(name) {
                item.report("the scenario has no flow \(quoted(name))", hint: Cursor.choice(name, among: known))
            } else if names.contains(name) {
                item.report("the flow \(quoted(name)) is named twice")
            }
            names.append(name)
        }
        return names
    }
}
