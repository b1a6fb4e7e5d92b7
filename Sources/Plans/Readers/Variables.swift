/// What `{{name}}` may stand for at one step of a flow.
struct Variables {
    var data: [ScenarioReader.LoadedData]
    /// Captured by the steps before this one.
    var captured: [String]
    /// Captured anywhere in the flow.
    var capturedInFlow: Set<String>
    /// Captured in one branch only of what stands before this step.
    var capturedInBranches: Set<String> = []
    /// Captured anywhere in the repetitions around this step.
    var capturedInLoop: Set<String> = []
    /// Captured ahead of the flow, by what sets the round up.
    var capturedBefore: Set<String> = []
    var environment: [String: String]

    /// Names that cannot be given to data or captured values.
    static let reserved: Set<String> = ["env", "iteration", "user"]

    /// Whether the text can name data or a captured value: a letter, then letters, digits, `-` and `_`.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else { return false }
        return text.utf8.count <= 100
            && text.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
            }
    }

    /// What one name between braces turned out to be.
    enum Meaning: Equatable {
        case variable(Template.Variable)
        /// The value of an environment variable.
        case value(String)
    }

    /// What a name means, or nil after a report.
    func meaning(of name: String, at cursor: Cursor) -> Meaning? {
        switch name {
        case "": cursor.report("\"{{}}\" names no variable")
        case "iteration": return .variable(.iteration)
        case "user": return .variable(.user)
        case _ where name.hasPrefix("env."): return environmentValue(String(name.dropFirst(4)), at: cursor)
        case _ where name.contains("."): return column(name, at: cursor)
        case _ where captured.contains(name): return .variable(.captured(name))
        default: reportUndefined(name, at: cursor)
        }
        return nil
    }

    func reportUndefined(_ name: String, at cursor: Cursor) {
        if capturedInBranches.contains(name) {
            cursor.report(
                "\(quoted(name)) is captured in some branches only",
                hint: "use it in the steps of if: { captured: \(name), exists: true }")
        } else if capturedInFlow.contains(name) {
            cursor.report(
                "\(quoted(name)) is not captured yet", hint: "a variable can be used in the steps after its capture")
        } else if let set = data.first(where: { $0.name == name }) {
            let column = set.content?.columns.first ?? "column"
            cursor.report("\(quoted(name)) is data; name one of its columns", hint: "write {{\(name).\(column)}}")
        } else {
            cursor.report("no variable \(quoted(name))", hint: hint(for: name))
        }
    }

    private func hint(for name: String) -> String {
        let columns = data.flatMap { set in (set.content?.columns ?? []).map { "\(set.name).\($0)" } }
        return Cursor.choice(name, among: captured + columns + ["iteration", "user"])
    }

    private func environmentValue(_ name: String, at cursor: Cursor) -> Meaning? {
        guard PlanReader.isEnvironmentName(name) else {
            cursor.report("\(quoted(name)) is not the name of an environment variable")
            return nil
        }
        guard let value = environment[name] else {
            cursor.report("the environment has no variable \(quoted(name))", hint: "set it before perfgate starts")
            return nil
        }
        return .value(value)
    }

    private func column(_ name: String, at cursor: Cursor) -> Meaning? {
        let set = name.prefix { $0 != "." }
        let column = String(name.dropFirst(set.count + 1))
        guard let index = data.firstIndex(where: { $0.name == set }) else {
            cursor.report("no variable \(quoted(name))", hint: hint(for: name))
            return nil
        }
        // A file that could not be read was reported where it is named.
        guard let content = data[index].content else { return nil }
        if let found = content.columns.firstIndex(of: column) { return .variable(.data(set: index, column: found)) }
        cursor.report(
            "the data \(quoted(String(set))) has no column \(quoted(column))",
            hint: Cursor.choice(column, among: content.columns))
        return nil
    }

    /// Whether any row has a control character in the column, which a header cannot carry.
    func hasControlCharacters(set: Int, column: Int) -> Bool {
        data[set].content?.columnsWithControlCharacters.contains(column) ?? false
    }
}
