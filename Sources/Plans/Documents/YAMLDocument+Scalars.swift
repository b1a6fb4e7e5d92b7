extension YAMLDocument {
    /// What a scalar without quotes is, by the core schema of YAML 1.2.
    static func kind(ofPlain text: String) -> DocumentNode.Scalar.Kind {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        default: isNumber(text) ? .number : .text
        }
    }

    /// Whether the text is a number of the core schema: decimal, octal `0o`, hexadecimal `0x`, infinite or not one.
    private static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.hasPrefix("0x") { return isAll(rest.dropFirst(2)) { $0.isHexDigit } }
        if rest.hasPrefix("0o") { return isAll(rest.dropFirst(2)) { ("0"..."7").contains($0) } }
        if [".nan", ".NaN", ".NAN"].contains(text) { return true }
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        if [".inf", ".Inf", ".INF"].contains(rest) { return true }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = Substring()
        if rest.first == "." {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { return false }
        guard rest.first == "e" || rest.first == "E" else { return rest.isEmpty }
        rest = rest.dropFirst()
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        return isAll(rest, isDigit)
    }

    private static func isDigit(_ character: Character) -> Bool {
        ("0"..."9").contains(character)
    }

    private static func isAll(_ text: Substring, _ condition: (Character) -> Bool) -> Bool {
        !text.isEmpty && text.allSatisfy(condition)
    }

    /// Whether older readers of YAML take this unquoted text for a truth value.
    static func isOldBool(_ scalar: DocumentNode.Scalar) -> Bool {
        scalar.isPlain && scalar.kind == .text
            && ["yes", "no", "on", "off", "y", "n"].contains(scalar.text.lowercased())
    }
}
