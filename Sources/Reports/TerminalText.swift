/// Text measured in the columns a terminal shows it in.
enum TerminalText {
    /// Columns of a cleaned text: combining marks take none, East Asian wide characters and emoji two.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + columns($1) }
    }

    /// The text cut to at most `columns` columns, with an ellipsis where something is missing.
    static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var result = String.UnicodeScalarView()
        var used = 1
        for scalar in text.unicodeScalars {
            used += self.columns(scalar)
            if used > columns { break }
            result.append(scalar)
        }
        return String(result) + "…"
    }

    /// A function's name cut to at most `columns` columns, what it is qualified with first: `…(*Sink).push`.
    static func cutQualifiers(_ name: String, to columns: Int) -> String {
        guard width(name) > columns else { return name }
        var rest = name[...]
        var text = name
        while width(text) > columns, let end = qualifierEnd(rest, "/") ?? qualifierEnd(rest, ".") {
            rest = rest[rest.index(after: end)...]
            text = "…" + rest
        }
        return cut(text, to: columns)
    }

    /// The first separator outside brackets with something behind it.
    private static func qualifierEnd(_ name: Substring, _ separator: Character) -> Substring.Index? {
        var depth = 0
        for index in name.indices.dropLast() {
            switch name[index] {
            case "(", "[", "<", "{": depth += 1
            case ")", "]", ">", "}": depth = max(0, depth - 1)
            case separator where depth == 0: return index
            default: break
            }
        }
        return nil
    }

    /// The text cut or filled up with spaces to exactly `columns` columns.
    static func pad(_ text: String, to columns: Int, right: Bool = false) -> String {
        let text = cut(text, to: columns)
        let space = String(repeating: " ", count: max(0, columns - width(text)))
        return right ? space + text : text + space
    }

    /// The words in lines of at most `columns` columns; a longer word is cut.
    static func wrap(_ text: String, to columns: Int) -> [String] {
        flow(text.split(separator: " ").map(String.init), separator: " ", to: columns)
    }

    /// Pieces that must not be broken, in lines of at most `columns` columns; a longer piece is cut.
    static func flow(_ pieces: [String], separator: String = "  ", to columns: Int) -> [String] {
        var lines: [String] = []
        for piece in pieces.map({ cut($0, to: columns) }) {
            if let last = lines.last, width(last) + width(separator) + width(piece) <= columns {
                lines[lines.count - 1] = last + separator + piece
            } else {
                lines.append(piece)
            }
        }
        return lines
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The blocks of East Asian width W and F, from UAX #11.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}

/// Colours of the terminal, or none.
struct TerminalStyle {
    enum Role: String {
        case bad = "31"
        case good = "32"
        case doubtful = "33"
        case strong = "1"
        case faint = "2"
    }

    let color: Bool

    func paint(_ text: String, _ roles: Role...) -> String {
        guard color, !text.isEmpty else { return text }
        return "\u{1B}[" + roles.map(\.rawValue).joined(separator: ";") + "m" + text + "\u{1B}[0m"
    }
}
