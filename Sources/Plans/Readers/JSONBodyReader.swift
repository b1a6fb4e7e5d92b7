/// Turns a tree of YAML into the JSON text it describes, with places for variables inside its texts.
struct JSONBodyReader {
    let variables: Variables

    func read(_ cursor: Cursor) -> Template? {
        var segments: [Template.Segment] = []
        guard write(cursor, to: &segments) else { return nil }
        return Template(segments: segments, escaping: .json)
    }

    private func write(_ cursor: Cursor, to segments: inout [Template.Segment]) -> Bool {
        switch cursor.node.value {
        case .scalar(let scalar): return write(scalar, cursor, to: &segments)
        case .list:
            guard let items = cursor.items() else { return false }
            var isWhole = true
            append("[", to: &segments)
            for (index, item) in items.enumerated() {
                if index > 0 { append(",", to: &segments) }
                isWhole = write(item, to: &segments) && isWhole
            }
            append("]", to: &segments)
            return isWhole
        case .object:
            guard let members = cursor.members() else { return false }
            var isWhole = true
            append("{", to: &segments)
            for (index, member) in members.enumerated() {
                append(index > 0 ? "," : "", to: &segments)
                isWhole = write(text: member.key, member.value, to: &segments) && isWhole
                append(":", to: &segments)
                isWhole = write(member.value, to: &segments) && isWhole
            }
            append("}", to: &segments)
            return isWhole
        }
    }

    private func write(_ scalar: DocumentNode.Scalar, _ cursor: Cursor, to segments: inout [Template.Segment]) -> Bool {
        switch scalar.kind {
        case .null: append("null", to: &segments)
        case .bool(let value): append(value ? "true" : "false", to: &segments)
        case .number:
            guard JSONText.isNumber(scalar.text) else {
                cursor.report(
                    "\(shortened(scalar.text)) is not a number of JSON", hint: "write it in decimal, or in quotes")
                return false
            }
            append(scalar.text, to: &segments)
        case .text:
            guard CheckReader.isUnambiguous(scalar, cursor) else { return false }
            return write(text: scalar.text, cursor, to: &segments)
        }
        return true
    }

    private func write(text: String, _ cursor: Cursor, to segments: inout [Template.Segment]) -> Bool {
        let reader = TemplateReader(variables: variables, cursor: cursor)
        guard let parts = reader.segments(text, for: .json, escaping: .json) else { return false }
        append("\"", to: &segments)
        for part in parts {
            if case .literal(let text) = part { append(text, to: &segments) } else { segments.append(part) }
        }
        append("\"", to: &segments)
        return true
    }

    private func append(_ text: String, to segments: inout [Template.Segment]) {
        if case .literal(let before)? = segments.last {
            segments[segments.count - 1] = .literal(before + text)
        } else {
            segments.append(.literal(text))
        }
    }
}
