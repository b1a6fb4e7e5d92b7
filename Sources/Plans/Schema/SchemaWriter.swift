/// Turns shapes into the keywords of a JSON Schema.
struct SchemaWriter {
    typealias Entry = (key: String, value: JSONTree)

    /// What is referred to by name, in the order of first use.
    private(set) var definitions: [Entry] = []

    /// The keywords of an object with known keys.
    mutating func object(_ list: KeyList) -> [Entry] {
        let keys = list.keys.filter(\.isTaken)
        var properties: [Entry] = []
        for key in keys { properties.append((key.name, property(key))) }
        let required = keys.filter { $0.need == .required }.map(\.name)
        var entries: [Entry] = [("type", .text("object"))]
        entries.append(("properties", .object(properties)))
        if !required.isEmpty { entries.append(("required", .texts(required))) }
        entries.append(("additionalProperties", .bool(false)))
        return entries + keywords(list.rules)
    }

    private mutating func property(_ key: Key) -> JSONTree {
        var entries: [Entry] = [("description", .text(Self.sentence(key.meaning)))]
        entries += keywords(key.shape)
        if case .otherwise(let value) = key.need {
            switch key.shape {
            case .wholeNumber: entries.append(("default", .number(value)))
            case .truth: entries.append(("default", .bool(value == "true")))
            default: entries.append(("default", .text(value)))
            }
        }
        return .object(entries)
    }

    private static func sentence(_ meaning: String) -> String {
        meaning.prefix(1).uppercased() + meaning.dropFirst() + "."
    }

    private mutating func keywords(_ shape: Shape) -> [Entry] {
        switch shape {
        case .constant(let number): return [("const", .number("\(number)"))]
        case .wholeNumber(let range):
            return [
                ("type", .text("integer")), ("minimum", .number("\(range.lowerBound)")),
                ("maximum", .number("\(range.upperBound)")),
            ]
        case .plainNumber:
            return reference("number") { _ in
                [
                    ("description", .text("A number without unit and quotes.")), ("type", .text("number")),
                    ("minimum", .number("0")), ("exclusiveMaximum", .number("\(Int(Cursor.numberBound))")),
                ]
            }
        case .truth: return [("type", .text("boolean"))]
        case .text(let form):
            guard let name = form.name else { return Self.keywords(form) }
            return reference(name) { _ in [("description", .text(Self.sentence(form.words)))] + Self.keywords(form) }
        case .printed(let isEmptyTaken):
            let length: [Entry] = isEmptyTaken ? [] : [("minLength", .number("1"))]
            return [("type", .texts(["string", "number", "boolean"]))] + length
        case .scalar: return [("type", .texts(["string", "number", "boolean", "null"]))]
        case .anything: return []
        case .recursive(let name, let shape): return reference(name) { $0.keywords(shape()) }
        case .words(let words, _): return [("enum", .texts(words))]
        case .object(let list): return reference(list.title) { $0.object(list) }
        case .map(let names, let value, _, let isEmptyTaken):
            let least: [Entry] = isEmptyTaken ? [] : [("minProperties", .number("1"))]
            return [("type", .text("object"))] + Self.keywords(names)
                + [("additionalProperties", .object(keywords(value)))] + least
        case .list(let item, _, let isEmptyTaken):
            let least: [Entry] = isEmptyTaken ? [] : [("minItems", .number("1"))]
            return [("type", .text("array")), ("items", .object(keywords(item)))] + least
        case .either(let shapes):
            var choices: [JSONTree] = []
            for shape in shapes { choices.append(.object(keywords(shape))) }
            return [("anyOf", .list(choices))]
        }
    }

    private static func keywords(_ form: TextForm) -> [Entry] {
        var entries: [Entry] = [("type", .text("string"))]
        if let pattern = form.pattern { entries.append(("pattern", .text(pattern))) }
        if !form.isEmptyTaken, form.pattern == nil { entries.append(("minLength", .number("1"))) }
        if let limit = form.limit { entries.append(("maxLength", .number("\(limit)"))) }
        return entries
    }

    private static func keywords(_ names: NameForm) -> [Entry] {
        guard let pattern = names.pattern else { return [] }
        var entries: [Entry] = [("pattern", .text(pattern))]
        if !names.reserved.isEmpty { entries.append(("not", .object([("enum", .texts(names.reserved))]))) }
        return [("propertyNames", .object(entries))]
    }

    /// Refers to a definition, which is made when it is not there yet.
    private mutating func reference(_ name: String, _ make: (inout Self) -> [Entry]) -> [Entry] {
        if !definitions.contains(where: { $0.key == name }) {
            // Its place is taken first, so that it stands before what it refers to itself.
            let index = definitions.count
            definitions.append((name, .object([])))
            definitions[index].value = .object(make(&self))
        }
        return [("$ref", .text("#/$defs/\(name)"))]
    }
}
