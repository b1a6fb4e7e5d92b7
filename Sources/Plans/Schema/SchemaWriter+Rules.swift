extension SchemaWriter {
    /// What the keys of an object have to do with one another, as keywords beside its properties.
    func keywords(_ rules: [KeyList.Rule]) -> [Entry] {
        var entries: [Entry] = []
        var dependents: [Entry] = []
        var conditions: [[Entry]] = []
        for rule in rules {
            switch rule {
            case .notEmpty: entries.append(("minProperties", .number("1")))
            case .exactlyOne(let keys): conditions.append([("oneOf", .list(keys.map(Self.has)))])
            case .atMostOne(let keys):
                let none = JSONTree.object([("not", .object([Self.any(of: keys)]))])
                conditions.append([("oneOf", .list([none] + keys.map(Self.has)))])
            case .oneOrMore(let keys): conditions.append([Self.any(of: keys)])
            case .needs(let key, let others): dependents.append((key, .object([Self.any(of: others)])))
            case .excludes(let key, let others):
                dependents.append((key, .object([("properties", Self.none(of: others))])))
            case .when(let key, let word, let needed, let others, let choice):
                var then: [Entry] = [("required", .texts(needed)), ("properties", Self.none(of: others))]
                if !choice.isEmpty { then.append(("oneOf", .list(choice.map(Self.has)))) }
                conditions.append([("if", Self.isSo(key, word)), ("then", .object(then))])
            case .whenText(let key, let word, let other, let form):
                let pattern: [Entry] = form.pattern.map { [("pattern", .text($0))] } ?? []
                let then = JSONTree.object([("properties", .object([(other, .object(pattern))]))])
                conditions.append([("if", Self.isSo(key, word)), ("then", then)])
            case .whenNumber(let key, let word, let other, let range):
                let bounds: [Entry] = [
                    ("minimum", .number("\(range.lowerBound)")), ("maximum", .number("\(range.upperBound)")),
                ]
                let then = JSONTree.object([("properties", .object([(other, .object(bounds))]))])
                conditions.append([("if", Self.isSo(key, word)), ("then", then)])
            case .narrows(let key, let other, let words):
                let property = JSONTree.object([(other, .object([("enum", .texts(words))]))])
                dependents.append((key, .object([("properties", property)])))
            }
        }
        entries += Self.merged(dependents)
        if conditions.count == 1 { return entries + conditions[0] }
        return entries + (conditions.isEmpty ? [] : [("allOf", .list(conditions.map { .object($0) }))])
    }

    /// The schemas that hold where a key is, with those of one key together.
    private static func merged(_ dependents: [Entry]) -> [Entry] {
        var merged: [Entry] = []
        for dependent in dependents {
            if let index = merged.firstIndex(where: { $0.key == dependent.key }) {
                merged[index].value = .object([("allOf", .list([merged[index].value, dependent.value]))])
            } else {
                merged.append(dependent)
            }
        }
        return merged.isEmpty ? [] : [("dependentSchemas", .object(merged))]
    }

    private static func isSo(_ key: String, _ word: String) -> JSONTree {
        .object([("properties", .object([(key, .object([("const", .text(word))]))])), ("required", .texts([key]))])
    }

    private static func has(_ key: String) -> JSONTree { .object([("required", .texts([key]))]) }

    private static func any(of keys: [String]) -> Entry {
        keys.count == 1 ? ("required", .texts(keys)) : ("anyOf", .list(keys.map(has)))
    }

    private static func none(of keys: [String]) -> JSONTree { .object(keys.map { ($0, .bool(false)) }) }
}
