/// Text that is safe to place in Markdown as GitHub and GitLab render it, in a paragraph, a table cell or HTML.
///
/// A literal is trusted markup; what is interpolated into it is not, and is cleaned, bounded and escaped:
///
///     let line: MarkdownText = "**Step** \(step.name)"
///
/// Escapes are character references, because they mean the same in Markdown and inside HTML blocks. References to
/// people, issues and addresses are found by the hosts in the finished page, where a character reference no longer
/// shows; a word joiner (U+2060), which takes no room, breaks them.
struct MarkdownText: Sendable, Equatable, ExpressibleByStringInterpolation {
    private(set) var markup: String

    init(stringLiteral: String) {
        markup = stringLiteral
    }

    init(stringInterpolation: Interpolation) {
        markup = stringInterpolation.markup
    }

    /// Escapes a text from outside.
    init(escaping text: String, limit: Int = CleanText.limit) {
        markup = Self.escape(CleanText.scalars(of: text, limit: limit))
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { markup += literal }
        mutating func appendInterpolation(_ text: MarkdownText) { markup += text.markup }
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }
        mutating func appendInterpolation(numbers text: String) { markup += MarkdownText(numbers: text).markup }
        mutating func appendInterpolation(_ text: String, limit: Int = CleanText.limit) {
            markup += MarkdownText(escaping: text, limit: limit).markup
        }
    }

    static func + (left: MarkdownText, right: MarkdownText) -> MarkdownText {
        var result = left
        result.markup += right.markup
        return result
    }

    static func += (left: inout MarkdownText, right: MarkdownText) {
        left.markup += right.markup
    }

    /// Numbers with their units: escaped, and broken into lines only between them.
    init(numbers text: String) {
        var previous: Unicode.Scalar = " "
        var result = String.UnicodeScalarView()
        let scalars = CleanText.scalars(of: text)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            let isBound = ("0"..."9").contains(previous) && next != "(" && next != "→"
            result.append(scalar == " " && (isBound || previous == "≤" || previous == "≥") ? "\u{00A0}" : scalar)
            previous = scalar
        }
        markup = Self.escape(Array(result))
    }

    /// Length in bytes of UTF-8, which is no less than any host counts.
    var length: Int { markup.utf8.count }
}

extension MarkdownText {
    private static func escape(_ scalars: [Unicode.Scalar]) -> String {
        var result = String.UnicodeScalarView()
        result.reserveCapacity(scalars.count + 16)
        for (index, scalar) in scalars.enumerated() {
            let previous = index > 0 ? scalars[index - 1] : nil
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if needsReference(scalar, previous, next) {
                result.append(contentsOf: reference(scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
            if startsReference(scalars, index, next) { result.append("\u{2060}") }
        }
        return String(result)
    }

    private static func needsReference(
        _ scalar: Unicode.Scalar, _ previous: Unicode.Scalar?, _ next: Unicode.Scalar?
    ) -> Bool {
        switch scalar {
        case "&", "<", ">", "\"", "'", "|", "`", "*", "[", "]", "\\", "~", "#", "@", "$": true
        // Within a word an underscore means nothing, and most names have some.
        case "_": !(isWord(previous) && isWord(next))
        // At the start of a text these could begin a list or a rule.
        case "-", "+", "=": previous == nil && (next == nil || next == " " || next == scalar)
        default: false
        }
    }

    private static func reference(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        default: "&#\(scalar.value);"
        }
    }

    /// Whether what follows the scalar at `index` would be taken for a person, an issue or an address.
    private static func startsReference(_ scalars: [Unicode.Scalar], _ index: Int, _ next: Unicode.Scalar?) -> Bool {
        guard let next else { return false }
        switch scalars[index] {
        case "@": return true
        case "#", "!", "&", "$", "%", "~": return isDigit(next)
        case "-": return isDigit(next) && ends(scalars, before: index, with: "gh")
        case ":": return next == "/"
        case "w", "W": return next == "." && ends(scalars, before: index, with: "ww")
        default: return false
        }
    }

    private static func ends(_ scalars: [Unicode.Scalar], before index: Int, with word: String) -> Bool {
        let tail = scalars[max(0, index - word.unicodeScalars.count)..<index]
        return tail.map { $0.properties.lowercaseMapping }.joined() == word
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
