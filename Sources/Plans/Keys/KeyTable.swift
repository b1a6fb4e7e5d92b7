/// The keys of the documents as documentation.
package enum KeyTable {
    /// A Markdown table for each kind of object, ending with a line feed, by what the object is called.
    package static let all: [String: String] = {
        let lists: [KeyList] = [
            .plan, .service, .connection, .load, .stage, .capacityLimits, .loadEntry, .scenario, .data, .flow, .step,
            .think,
            .repetition,
            .choice, .condition, .auth, .formPart, .check, .thresholds, .limits(of: nil), .acceptance,
        ]
        return Dictionary(uniqueKeysWithValues: lists.map { ($0.title, markdown($0)) })
    }()

    private static func markdown(_ list: KeyList) -> String {
        var text = "| key | value | meaning |\n| --- | --- | --- |\n"
        for row in merged(rows(list, below: "")) {
            text += "| \(row.keys.joined(separator: ", ")) | \(row.value) | \(row.meaning) |\n"
        }
        return text
    }

    private struct Row {
        var keys: [String]
        var value: String
        var meaning: String
    }

    private static func rows(_ list: KeyList, below path: String) -> [Row] {
        list.keys.flatMap { key -> [Row] in
            let row = Row(
                keys: ["`\(path)\(key.name)`"], value: key.shape.inWords, meaning: key.meaning + need(key.need))
            guard case .object(let inner) = key.shape, inner.isInline else { return [row] }
            return [row] + rows(inner, below: path + key.name + ".")
        }
    }

    /// Neighbours of which the same is said share a row.
    private static func merged(_ rows: [Row]) -> [Row] {
        rows.reduce(into: []) { result, row in
            if let last = result.last, last.value == row.value, last.meaning == row.meaning {
                result[result.count - 1].keys += row.keys
            } else {
                result.append(row)
            }
        }
    }

    private static func need(_ need: Key.Need) -> String {
        switch need {
        case .required: "; required"
        case .optional: ""
        case .otherwise(let value): "; `\(value)` when left out"
        }
    }
}
