/// Splits a text at its variables.
struct TemplateReader {
    let variables: Variables
    let cursor: Cursor

    /// Where the text will be used, which decides what it may contain.
    enum Use: Equatable {
        case target, header, body, json, check
    }

    /// The template, or nil after a report.
    func read(_ text: String, for use: Use) -> Template? {
        let escaping: Template.Escaping =
            switch use {
            case .target: .url
            case .json: .json
            case .header, .body, .check: .none
            }
        guard let segments = segments(text, for: use, escaping: escaping) else { return nil }
        return Template(segments: segments, escaping: escaping)
    }

    /// The text's parts, neighbouring literals as one.
    func segments(_ text: String, for use: Use, escaping: Template.Escaping) -> [Template.Segment]? {
        var result: [Template.Segment] = []
        var isWhole = true
        var rest = Substring(text)
        if use == .target, rest.isEmpty || rest.hasPrefix("{{") {
            cursor.report("expected a path that begins with \"/\", found \(quoted(text))")
            return nil
        }
        while let open = rest.firstRange(of: "{{") {
            isWhole = literal(rest[..<open.lowerBound], of: text, for: use, escaping, into: &result) && isWhole
            let inside = rest[open.upperBound...]
            guard let close = inside.firstRange(of: "}}") else {
                cursor.report("\"{{\" has no \"}}\" after it", hint: "a variable is written {{name}}")
                return nil
            }
            let name = Self.trimmed(inside[..<close.lowerBound])
            isWhole = slot(name, for: use, escaping, into: &result) && isWhole
            rest = inside[close.upperBound...]
        }
        isWhole = literal(rest, of: text, for: use, escaping, into: &result) && isWhole
        return isWhole ? result : nil
    }

    private func literal(
        _ part: Substring, of text: String, for use: Use, _ escaping: Template.Escaping,
        into result: inout [Template.Segment]
    ) -> Bool {
        if part.isEmpty { return true }
        if use == .target {
            let isStart = part.startIndex == text.startIndex
            if let problem = TargetText.problem(in: String(part), isStart: isStart) {
                cursor.report(problem.message, hint: problem.hint)
                return false
            }
        } else if part.contains("{port}") {
            cursor.report(TargetText.portProblem.message, hint: TargetText.portProblem.hint)
            return false
        } else if use == .header, Self.hasControlCharacter(part) {
            cursor.report("a header's value contains a control character")
            return false
        }
        append(escaping == .json ? JSONText.escaped(String(part)) : String(part), to: &result)
        return true
    }

    private func slot(
        _ name: String, for use: Use, _ escaping: Template.Escaping, into result: inout [Template.Segment]
    ) -> Bool {
        switch variables.meaning(of: name, at: cursor) {
        case nil: return false
        case .variable(let variable):
            if use == .header, case .data(let set, let column) = variable,
                variables.hasControlCharacters(set: set, column: column)
            {
                cursor.report(
                    "the column \(quoted(name)) has values with control characters, which no header can carry")
                return false
            }
            result.append(.variable(variable))
        case .value(let value):
            // The value may be a secret: no message shows it.
            if use == .header, Self.hasControlCharacter(value) {
                cursor.report("the value of \(quoted(name)) has control characters, which no header can carry")
                return false
            }
            switch escaping {
            case .none: append(value, to: &result)
            case .json: append(JSONText.escaped(value), to: &result)
            case .url: append(Self.percentEncoded(value), to: &result)
            }
        }
        return true
    }

    private func append(_ text: String, to result: inout [Template.Segment]) {
        if case .literal(let before)? = result.last {
            result[result.count - 1] = .literal(before + text)
        } else if !text.isEmpty {
            result.append(.literal(text))
        }
    }

    static func hasControlCharacter(_ text: some StringProtocol) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }

    /// Everything but the unreserved characters of RFC 3986 as percent and two hexadecimal digits.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
