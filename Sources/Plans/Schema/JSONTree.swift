/// A JSON document to be written.
indirect enum JSONTree: Sendable {
    case text(String)
    /// As it is written.
    case number(String)
    case bool(Bool)
    case list([JSONTree])
    /// Keys and values in the order in which they are written.
    case object([(key: String, value: JSONTree)])

    static func texts(_ texts: [String]) -> Self { .list(texts.map { .text($0) }) }

    /// The document, indented by two spaces; what fits into a line of 100 columns and holds no object is one line.
    var pretty: String { pretty(indent: 0, column: 0) + "\n" }

    private func pretty(indent: Int, column: Int) -> String {
        let line = self.line
        if isFlat, column + line.count <= 100 { return line }
        let inner = String(repeating: " ", count: indent + 2)
        let parts: [String]
        let brackets: (String, String)
        switch self {
        case .text, .number, .bool: return line
        case .list(let items):
            brackets = ("[", "]")
            parts = items.map { $0.pretty(indent: indent + 2, column: indent + 2) }
        case .object(let entries):
            brackets = ("{", "}")
            parts = entries.map { entry in
                let key = "\"\(JSONText.escaped(entry.key))\": "
                return key + entry.value.pretty(indent: indent + 2, column: indent + 2 + key.count)
            }
        }
        let end = String(repeating: " ", count: indent) + brackets.1
        return brackets.0 + "\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n" + end
    }

    private var line: String {
        switch self {
        case .text(let text): "\"\(JSONText.escaped(text))\""
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .list(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
        case .object(let entries) where entries.isEmpty: "{}"
        case .object(let entries):
            "{ " + entries.map { "\"\(JSONText.escaped($0.key))\": \($0.value.line)" }.joined(separator: ", ") + " }"
        }
    }

    private var isFlat: Bool {
        switch self {
        case .text, .number, .bool: true
        case .list(let items): items.allSatisfy(\.isLeaf)
        case .object(let entries): entries.allSatisfy { $0.value.isLeaf || $0.value.isListOfLeaves }
        }
    }

    private var isLeaf: Bool {
        switch self {
        case .text, .number, .bool: true
        case .list, .object: false
        }
    }

    private var isListOfLeaves: Bool {
        if case .list(let items) = self { items.allSatisfy(\.isLeaf) } else { false }
    }
}
