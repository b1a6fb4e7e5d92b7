internal import Measures

/// One value of a document together with its path, from which mistakes are reported.
///
/// Whatever is asked of a cursor and is not there is reported and answered with nil, so that reading goes on and all
/// mistakes are found at once.
struct Cursor {
    let node: DocumentNode
    let path: String
    let log: DiagnosticLog

    /// Reports a mistake at this value.
    func report(_ message: String, hint: String? = nil) {
        log.add(node.position, path: path, message, hint: hint)
    }

    var place: Place {
        Place(file: log.file, line: node.position.line, column: node.position.column, path: path)
    }

    var isNull: Bool { scalar?.kind == .null }

    var scalar: DocumentNode.Scalar? {
        if case .scalar(let scalar) = node.value { scalar } else { nil }
    }

    /// The path of a key below another path: `load.rate`, `budgets["latency.p50"]`.
    static func path(_ path: String, key: String) -> String {
        let isName =
            !key.isEmpty
            && key.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
            }
        if !isName { return "\(path)[\(quoted(key))]" }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    /// Reports that something else was expected here.
    func expected(_ what: String, hint: String? = nil) {
        report("expected \(what), found \(node.kindText)", hint: hint)
    }

    /// The items of a list.
    func items() -> [Cursor]? {
        guard case .list(let nodes) = node.value else {
            expected("a list")
            return nil
        }
        return nodes.enumerated().map { Cursor(node: $1, path: "\(path)[\($0)]", log: log) }
    }

    /// The values of an object with free keys, in the order written; a repeated key is reported and left out.
    func members(_ what: String = "an object") -> [Member]? {
        guard case .object(let entries) = node.value else {
            expected(what)
            return nil
        }
        var seen: Set<String> = []
        var members: [Member] = []
        for entry in entries {
            let path = Self.path(path, key: entry.key)
            if seen.insert(entry.key).inserted {
                let value = Cursor(node: entry.value, path: path, log: log)
                members.append(Member(key: entry.key, keyPosition: entry.keyPosition, value: value))
            } else {
                log.add(entry.keyPosition, path: path, "the key \(quoted(entry.key)) is written twice")
            }
        }
        return members
    }

    /// The values of an object with known keys; others are reported.
    func fields(_ list: KeyList) -> Fields? {
        guard let members = members() else { return nil }
        let known = list.names
        var values: [String: Member] = [:]
        for member in members {
            if known.contains(member.key) {
                values[member.key] = member
            } else {
                member.report("unknown key \(quoted(member.key))", hint: Self.choice(member.key, among: known))
            }
        }
        return Fields(owner: self, known: known, values: values)
    }

    /// The nearest of the known words, or all of them.
    static func choice(_ word: String, among known: [String]) -> String {
        if let nearest = Suggestion.nearest(to: word, in: known) { return "did you mean \(quoted(nearest))?" }
        return "known: \(known.map(shortened).prefix(40).joined(separator: ", "))"
    }
}

/// A key and its value.
struct Member {
    let key: String
    let keyPosition: Position
    let value: Cursor

    /// Reports a mistake at the key.
    func report(_ message: String, hint: String? = nil) {
        value.log.add(keyPosition, path: value.path, message, hint: hint)
    }

    var place: Place {
        Place(file: value.log.file, line: keyPosition.line, column: keyPosition.column, path: value.path)
    }
}

/// The values of an object whose keys are known.
struct Fields {
    let owner: Cursor
    fileprivate let known: [String]
    fileprivate let values: [String: Member]

    func optional(_ key: String) -> Cursor? { member(key)?.value }

    func member(_ key: String) -> Member? {
        // A key that is read without being described would be refused by the schemas and in every document.
        assert(known.contains(key), "no description of \(key)")
        return values[key]
    }

    /// The value of a key that must be there.
    func required(_ key: String, example: String) -> Cursor? {
        if let value = optional(key) { return value }
        owner.report("\(quoted(key)) is missing", hint: "for example \(example)")
        return nil
    }

    /// Those of the keys that are there, in the order given.
    func present(_ keys: [String]) -> [Member] {
        keys.compactMap { member($0) }
    }
}
