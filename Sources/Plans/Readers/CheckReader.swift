/// Reads what a response must satisfy.
struct CheckReader {
    let variables: Variables

    static let statusesTaken = 100...599
    static let maximumPatterns = 20

    func read(_ cursor: Cursor) -> [Scenario.Check]? {
        guard let fields = cursor.fields(.check) else { return nil }
        if case .object(let entries) = cursor.node.value, entries.isEmpty {
            cursor.report("nothing is checked", hint: "for example check: { status: 200 }")
        }
        var checks: [Scenario.Check] = []
        if let status = fields.optional("status").flatMap(status) { checks.append(.status(status)) }
        checks += fields.optional("header").flatMap(headers) ?? []
        checks += fields.optional("body").flatMap(bodies) ?? []
        checks += fields.optional("matches").flatMap(patterns) ?? []
        checks += fields.optional("json").flatMap(json) ?? []
        if let size = fields.optional("size").flatMap(size) { checks.append(size) }
        if let time = fields.optional("time").flatMap(time) { checks.append(.time(maximum: time)) }
        return checks
    }

    private func status(_ cursor: Cursor) -> [Int]? {
        guard case .list = cursor.node.value else { return cursor.wholeNumber(Self.statusesTaken).map { [$0] } }
        guard let items = cursor.items() else { return nil }
        if items.isEmpty { cursor.report("the list of statuses is empty") }
        return items.compactMap { $0.wholeNumber(Self.statusesTaken) }
    }

    private func headers(_ cursor: Cursor) -> [Scenario.Check]? {
        cursor.members("an object of names and texts")?.compactMap { member in
            guard HeaderName.check(member), let text = member.value.scalarText("a text") else { return nil }
            return template(text, member.value).map { .header(name: member.key, contains: $0) }
        }
    }

    private func bodies(_ cursor: Cursor) -> [Scenario.Check]? {
        let cursors: [Cursor]?
        if case .list = cursor.node.value { cursors = cursor.items() } else { cursors = [cursor] }
        return cursors?.compactMap { cursor in
            guard let text = cursor.scalarText("a text") else { return nil }
            if text.isEmpty {
                cursor.report("every body contains the empty text", hint: "leave the check out")
                return nil
            }
            return template(text, cursor).map { .bodyContains($0) }
        }
    }

    private func patterns(_ cursor: Cursor) -> [Scenario.Check]? {
        let cursors: [Cursor]?
        if case .list = cursor.node.value { cursors = cursor.items() } else { cursors = [cursor] }
        if let count = cursors?.count, count > Self.maximumPatterns {
            cursor.report("there are \(count) patterns; at most \(Self.maximumPatterns) are taken")
            return nil
        }
        return cursors?.compactMap { $0.pattern().map { .bodyMatches($0) } }
    }

    private func template(_ text: String, _ cursor: Cursor) -> Template? {
        TemplateReader(variables: variables, cursor: cursor).read(text, for: .check)
    }

    private func json(_ cursor: Cursor) -> [Scenario.Check]? {
        cursor.members("an object of paths and values")?.compactMap { member in
            guard let path = JSONPath(member.key) else {
                member.report("\(quoted(member.key)) is not a path", hint: "for example $.items[0].id")
                return nil
            }
            return scalar(member.value).map { .json(path: path, equals: $0) }
        }
    }

    private func size(_ cursor: Cursor) -> Scenario.Check? {
        guard let fields = cursor.fields(.sizeCheck) else { return nil }
        let present = fields.present(KeyList.sizeCheck.names)
        if present.isEmpty { cursor.report("nothing is checked", hint: "for example size: { max: 10KB }") }
        let minimum = fields.optional("min").map { $0.byteCount() }
        let maximum = fields.optional("max").map { $0.byteCount() }
        if let least = minimum ?? nil, let most = maximum ?? nil, most < least {
            fields.member("max")?.report("\"max\" is below \"min\"")
        }
        return .size(minimum: minimum ?? nil, maximum: maximum ?? nil)
    }

    private func time(_ cursor: Cursor) -> Duration? {
        guard let fields = cursor.fields(.timeCheck) else { return nil }
        return fields.required("max", example: "time: { max: 200ms }").flatMap { $0.duration() }
    }

    private func scalar(_ cursor: Cursor) -> JSONScalar? {
        guard let scalar = cursor.scalar else {
            cursor.expected("a text, a number, true, false or null")
            return nil
        }
        switch scalar.kind {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number:
            guard JSONText.isNumber(scalar.text) else {
                cursor.report(
                    "\(shortened(scalar.text)) is not a number of JSON", hint: "write it in decimal, or in quotes")
                return nil
            }
            return cursor.number().map { .number($0) }
        case .text:
            if scalar.text.contains("{{") {
                cursor.report("a value of JSON is compared with a fixed one, without variables")
                return nil
            }
            return Self.isUnambiguous(scalar, cursor) ? .string(scalar.text) : nil
        }
    }

    /// Reports a word such as `yes`, which is a text here and a truth value elsewhere.
    static func isUnambiguous(_ scalar: DocumentNode.Scalar, _ cursor: Cursor) -> Bool {
        guard YAMLDocument.isOldBool(scalar) else { return true }
        let isTrue = ["yes", "on", "y"].contains(scalar.text.lowercased())
        cursor.report(
            "\(scalar.text) is a text for some readers and \(isTrue) for others",
            hint: "write \(isTrue) or \(quoted(scalar.text))")
        return false
    }
}
