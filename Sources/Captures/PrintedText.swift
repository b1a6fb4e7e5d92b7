/// What a program printed, made fit to be quoted.
package enum PrintedText {
    private static let longestLine = 500

    /// The last non-empty lines, indented, cut, and without anything that a terminal would obey.
    package static func lines(of text: String, last count: Int) -> [String] {
        text.split(whereSeparator: \.isNewline).suffix(count).map { line in
            var result = "    "
            for scalar in line.unicodeScalars.prefix(longestLine) {
                result.unicodeScalars.append(isHarmless(scalar) ? scalar : "\u{FFFD}")
            }
            return result + (line.unicodeScalars.count > longestLine ? "…" : "")
        }
    }

    /// The whole text, its lines as they are, without anything that a terminal would obey.
    package static func harmless(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar == "\n" || isHarmless(scalar) ? scalar : "\u{FFFD}")
        }
        return String(result)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\t" { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }
}
