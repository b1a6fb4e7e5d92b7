/// Reads the steps of a flow, those that are requests and those that are not.
struct FlowReader {
    let readFile: (String) -> Result<[UInt8], FileProblem>

    static let repetitionsTaken = 1...10_000
    /// How deep repetitions and conditions may be nested.
    static let deepest = 8
    /// Requests and pauses of one pass through a flow, every repetition counted.
    static let longest = 10_000
    /// All pauses of one pass through a flow.
    static let longestThinking = Duration.seconds(3600)

    /// The steps, nil after a report; `variables` are afterwards those that hold behind them.
    func read(
        _ list: Cursor, variables: inout Variables, known: inout ScenarioReader.Known, depth: Int = 0
    ) -> [Scenario.Item]? {
        guard let items = list.items() else { return nil }
        if items.isEmpty { list.report("there is no step") }
        if depth > Self.deepest {
            list.report("steps are nested more than \(Self.deepest) deep")
            return nil
        }
        // Every mistake is told, so reading goes on after one.
        var result: [Scenario.Item?] = []
        for item in items {
            if item.node.member("think") != nil {
                result.append(think(item))
            } else if item.node.member("repeat") != nil {
                result.append(repetition(item, &variables, &known, depth))
            } else if item.node.member("if") != nil {
                result.append(choice(item, &variables, &known, depth))
            } else {
                let step = StepReader(variables: variables, readFile: readFile).read(item, known: &known)
                result.append(step.map { .request($0) })
                // Also of a step that is wrong elsewhere, so that its mistake is told once.
                variables.captured += item.node.capturedNames
            }
        }
        return result.contains { $0 == nil } ? nil : result.compactMap(\.self)
    }

    /// Reports a flow that is longer than a virtual user can take.
    static func isBounded(_ extent: Scenario.Extent, _ list: Cursor) -> Bool {
        let steps = extent.most + extent.pauses
        if steps > longest {
            list.report("one pass through the flow may have more than \(longest) requests and pauses")
        } else if Duration.nanoseconds(extent.thinking) > longestThinking {
            list.report("the pauses of one pass through the flow may last longer than an hour")
        } else {
            return true
        }
        return false
    }

    // MARK: the kinds of steps

    private func think(_ cursor: Cursor) -> Scenario.Item? {
        guard let value = cursor.fields(.think)?.optional("think") else { return nil }
        guard case .object = value.node.value else {
            return value.duration().map { .think(Scenario.Think(from: $0, to: $0)) }
        }
        guard let fields = value.fields(.span) else { return nil }
        let from = fields.required("from", example: "from: 100ms").flatMap { $0.duration(zero: true) }
        let to = fields.required("to", example: "to: 300ms")
        guard let longest = to.flatMap({ $0.duration() }), let from else { return nil }
        guard from <= longest else {
            to?.report("\"to\" is shorter than \"from\"")
            return nil
        }
        return .think(Scenario.Think(from: from, to: longest))
    }

    private func repetition(
        _ cursor: Cursor, _ variables: inout Variables, _ known: inout ScenarioReader.Known, _ depth: Int
    ) -> Scenario.Item? {
        guard let fields = cursor.fields(.repetition) else { return nil }
        let times = fields.optional("repeat")?.wholeNumber(Self.repetitionsTaken)
        guard let list = fields.required("steps", example: "steps: [ { name: list items, get: /items } ]") else {
            return nil
        }
        let around = variables.capturedInLoop
        variables.capturedInLoop.formUnion(list.node.capturedNames)
        let items = read(list, variables: &variables, known: &known, depth: depth + 1)
        variables.capturedInLoop = around
        guard let times, let items else { return nil }
        return .repetition(times, items)
    }

    private func choice(
        _ cursor: Cursor, _ variables: inout Variables, _ known: inout ScenarioReader.Known, _ depth: Int
    ) -> Scenario.Item? {
        guard let fields = cursor.fields(.choice) else { return nil }
        let condition = fields.optional("if").flatMap { self.condition($0, variables) }
        var inside = variables
        var outside = variables
        if let condition {
            // What has a value where the steps are done can be used there.
            if condition.isNegated {
                outside.captured.append(condition.variable)
            } else {
                inside.captured.append(condition.variable)
            }
        }
        let items = fields.required("steps", example: "steps: [ { name: list items, get: /items } ]").flatMap {
            read($0, variables: &inside, known: &known, depth: depth + 1)
        }
        let others = fields.optional("else").map { read($0, variables: &outside, known: &known, depth: depth + 1) }
        variables.join(inside, outside)
        guard let condition, let items, let otherwise = others ?? [] else { return nil }
        return .choice(condition, items, otherwise: otherwise)
    }

    private func condition(_ cursor: Cursor, _ variables: Variables) -> Scenario.Condition? {
        guard let fields = cursor.fields(.condition) else { return nil }
        let name = fields.required("captured", example: "captured: state").flatMap { captured($0, variables) }
        let present = fields.present(KeyList.tests)
        guard let first = present.first else {
            cursor.report("nothing is asked of the value", hint: "for example equals: accepted")
            return nil
        }
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(first.key)): one thing is asked of the value")
        }
        guard let (test, isNegated) = test(first, variables), let name else { return nil }
        return Scenario.Condition(variable: name, test: test, isNegated: isNegated)
    }

    private func captured(_ cursor: Cursor, _ variables: Variables) -> String? {
        guard let name = cursor.text("the name of a captured value") else { return nil }
        let known = variables.captured + (variables.capturedInBranches.union(variables.capturedInLoop)).sorted()
        if known.contains(name) { return name }
        if variables.capturedInFlow.contains(name) {
            variables.reportUndefined(name, at: cursor)
        } else {
            let hint = known.isEmpty ? nil : Cursor.choice(name, among: known)
            cursor.report("no earlier step captures \(quoted(name))", hint: hint)
        }
        return nil
    }

    private func test(_ member: Member, _ variables: Variables) -> (Scenario.Condition.Test, isNegated: Bool)? {
        if member.key == "exists" {
            guard case .bool(let exists)? = member.value.scalar?.kind else {
                member.value.expected("true or false")
                return nil
            }
            return (.exists, isNegated: !exists)
        }
        guard let text = member.value.scalarText("a text") else { return nil }
        let isEquality = member.key.hasSuffix("equals")
        if text.isEmpty, !isEquality {
            member.value.report("every value contains the empty text", hint: "for example exists: true")
            return nil
        }
        let reader = TemplateReader(variables: variables, cursor: member.value)
        guard let template = reader.read(text, for: .check) else { return nil }
        return (isEquality ? .equals(template) : .contains(template), isNegated: member.key.hasPrefix("not-"))
    }
}

extension Variables {
    /// What holds after one branch or the other: captured in both, or in one only.
    fileprivate mutating func join(_ a: Variables, _ b: Variables) {
        captured = a.captured.filter(Set(b.captured).contains)
        capturedInBranches = a.capturedInBranches.union(b.capturedInBranches).union(a.captured).union(b.captured)
            .subtracting(captured)
    }
}

extension DocumentNode {
    /// The requests below a list of steps, as far as it is one.
    var requests: [DocumentNode] {
        guard case .list(let items) = value else { return [] }
        return items.flatMap { item -> [DocumentNode] in
            if item.member("steps") == nil, item.member("else") == nil { return [item] }
            return (item.member("steps")?.requests ?? []) + (item.member("else")?.requests ?? [])
        }
    }

    /// The names a step, or all steps of a list, give to what they capture.
    var capturedNames: [String] {
        if case .list = value { return requests.flatMap(\.capturedNames) }
        guard case .object(let entries)? = member("capture")?.value else { return [] }
        return entries.map(\.key)
    }
}
