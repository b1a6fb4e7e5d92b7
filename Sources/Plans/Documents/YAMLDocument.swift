internal import Yams

/// A reader of the part of YAML that means the same to everybody, with positions.
///
/// Anchors, aliases, merge keys, tags and several documents are refused: they let a small file mean a huge one, or
/// something else than it seems to say.
struct YAMLDocument {
    private let log: DiagnosticLog
    /// Keys whose first character was replaced so that the parser takes a second one of the same name.
    private var renamed: [Position: String] = [:]

    /// The document's tree, or nil after a report of what is wrong with its syntax.
    static func read(_ text: String, log: DiagnosticLog) -> DocumentNode? {
        guard DocumentText.check(text, log: log) else { return nil }
        var source = YAMLSource(text)
        if let (position, scalar) = source.firstControlCharacter {
            let name = String(scalar.value, radix: 16, uppercase: true)
            log.add(position, path: "", "the control character U+\(name) stands in the file")
            return nil
        }
        if let position = source.manyAliases {
            log.add(position, path: "", anchorMessage, hint: anchorHint)
            return nil
        }
        var document = Self(log: log)
        return document.compose(&source)
    }

    private static let anchorMessage = "anchors and aliases are not taken"
    private static let keyMessage = "a key is text, not a list or an object"
    private static let anchorHint = "write the value where it is used"

    private init(log: DiagnosticLog) {
        self.log = log
    }

    /// Parses, and again for every repeated key, at which the parser stops although the reader can go on.
    private mutating func compose(_ source: inout YAMLSource) -> DocumentNode? {
        while true {
            do {
                let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
                // An anchor is only known as long as its parser lives.
                return try withExtendedLifetime(parser) {
                    guard let root = try parser.singleRoot() else {
                        log.add(.start, path: "", "the file is empty")
                        return nil
                    }
                    return convert(root, path: "", depth: 0)
                }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let position = Position(line: context.mark.line, column: context.mark.column)
                if let key = keys.first, renamed.count < source.rereadings, renamed[position] == nil,
                    source.replaceKeyStart(key, at: position, number: renamed.count)
                {
                    renamed[position] = key
                    continue
                }
                reportKey(keys.first ?? "", at: position, source)
                return nil
            } catch {
                report(error, source: source)
                return nil
            }
        }
    }

    /// Reports a repeated key that could not be replaced: it is empty, escaped or no text at all.
    private func reportKey(_ key: String, at position: Position, _ source: YAMLSource) {
        switch source.scalar(at: position) {
        case "[", "{", "-", "?", "*", "&": log.add(position, path: "", Self.keyMessage)
        default: log.add(position, path: "", "the key \(quoted(key)) is written twice")
        }
    }

    private func report(_ error: any Error, source: YAMLSource) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let position = Position(line: mark.line, column: mark.column)
            if problem.hasPrefix("but found another document") {
                log.add(position, path: "", "a second document begins here", hint: "keep one document in the file")
            } else if problem.contains("undefined alias") {
                log.add(position, path: "", Self.anchorMessage, hint: Self.anchorHint)
            } else if source.isIndentedWithTab(line: position.line) {
                let start = Position(line: position.line, column: 1)
                log.add(start, path: "", "the line is indented with a tab", hint: "YAML is indented with spaces")
            } else if problem.hasPrefix("Maximum nesting") {
                log.add(position, path: "", "nested more than \(DocumentNode.deepest) deep")
            } else {
                let isFlow = problem.hasPrefix("did not find expected ','")
                let hint = "inside { } and [ ], a text with one of { } [ ] , stands in quotes"
                log.add(position, path: "", "this is not YAML: \(shortened(problem))", hint: isFlow ? hint : nil)
            }
        default:
            log.add(.start, path: "", "this is not YAML")
        }
    }

    /// The node without Yams, or nil after a report of something this format does not take.
    private func convert(_ node: Yams.Node, path: String, depth: Int) -> DocumentNode? {
        let position = node.mark.map { Position(line: $0.line, column: $0.column) } ?? .start
        guard depth <= DocumentNode.deepest else {
            log.add(position, path: "", "nested more than \(DocumentNode.deepest) deep")
            return nil
        }
        if node.anchor != nil {
            log.add(position, path: path, Self.anchorMessage, hint: Self.anchorHint)
            return nil
        }
        switch node {
        case .alias:
            log.add(position, path: path, Self.anchorMessage, hint: Self.anchorHint)
            return nil
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            let tag = scalar.tag.rawValue
            guard tag.isEmpty || (!isPlain && tag == Tag.Name.str.rawValue) else { return refuseTag(position, path) }
            let kind = isPlain ? YAMLDocument.kind(ofPlain: scalar.string) : .text
            return DocumentNode(
                position: position, value: .scalar(.init(kind: kind, text: scalar.string, isPlain: isPlain)))
        case .sequence(let sequence):
            guard sequence.tag.rawValue.isEmpty else { return refuseTag(position, path) }
            var items: [DocumentNode] = []
            for (index, item) in sequence.enumerated() {
                if let item = convert(item, path: "\(path)[\(index)]", depth: depth + 1) { items.append(item) }
            }
            // A list that lost an item would give the others wrong paths.
            return items.count == sequence.count ? DocumentNode(position: position, value: .list(items)) : nil
        case .mapping(let mapping):
            guard mapping.tag.rawValue.isEmpty else { return refuseTag(position, path) }
            return convert(mapping, at: position, path: path, depth: depth)
        }
    }

    private func convert(_ mapping: Yams.Node.Mapping, at start: Position, path: String, depth: Int) -> DocumentNode? {
        var entries: [DocumentNode.Entry] = []
        var isWhole = true
        for (key, value) in mapping {
            let position = key.mark.map { Position(line: $0.line, column: $0.column) } ?? start
            guard case .scalar(let scalar) = key, key.anchor == nil else {
                let isAnchor = key.anchor != nil
                log.add(
                    position, path: path, isAnchor ? Self.anchorMessage : Self.keyMessage,
                    hint: isAnchor ? Self.anchorHint : nil)
                isWhole = false
                continue
            }
            let name = renamed[position] ?? scalar.string
            if name == "<<", scalar.style == .plain {
                log.add(position, path: path, "merge keys are not taken", hint: Self.anchorHint)
                isWhole = false
                continue
            }
            let valuePath = Cursor.path(path, key: name)
            if let value = convert(value, path: valuePath, depth: depth + 1) {
                entries.append(.init(key: name, keyPosition: position, value: value))
            } else {
                isWhole = false
            }
        }
        return isWhole ? DocumentNode(position: start, value: .object(entries)) : nil
    }

    private func refuseTag(_ position: Position, _ path: String) -> DocumentNode? {
        log.add(position, path: path, "tags are not taken", hint: "write the value without the tag")
        return nil
    }
}
