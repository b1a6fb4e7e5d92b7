/// A text from outside made fit to be shown: one line, nothing invisible, bounded.
///
/// Names of functions, steps and commits come from profiles, responses and plans, so they may hold anything: line
/// breaks, terminal control sequences, characters that reverse the direction of a line.
enum CleanText {
    /// Scalars kept of one name unless somebody needs fewer.
    static let limit = 160
    /// Combining marks kept on one character.
    private static let markLimit = 4
    private static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// The cleaned scalars, with an ellipsis in the middle when there are more than `limit`.
    static func scalars(of text: String, limit: Int = limit) -> [Unicode.Scalar] {
        let all = text.unicodeScalars
        guard all.count > limit else { return clean(all) }
        let head = max(1, limit * 2 / 3)
        let tail = max(0, limit - head - 1)
        return clean(all.prefix(head)) + ["…"] + clean(all.suffix(tail))
    }

    static func string(_ text: String, limit: Int = limit) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars(of: text, limit: limit))
        return String(result)
    }

    private static func clean(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var marks = 0
        for scalar in scalars {
            guard scalar.value >= 0x7F else {
                marks = 0
                result.append(scalar.value >= 0x20 ? scalar : isBreak(scalar) ? " " : replacement)
                continue
            }
            switch scalar.properties.generalCategory {
            case .lineSeparator, .paragraphSeparator, .spaceSeparator:
                result.append(" ")
                marks = 0
            case .control:
                result.append(isBreak(scalar) ? " " : replacement)
                marks = 0
            case .format, .surrogate, .privateUse, .unassigned:
                result.append(replacement)
                marks = 0
            case .nonspacingMark, .enclosingMark:
                // Presentation selectors change nothing that matters here and would count as a column.
                if scalar.properties.isVariationSelector { continue }
                marks += 1
                if marks <= markLimit { result.append(scalar) }
            default:
                result.append(scalar.properties.isDefaultIgnorableCodePoint ? replacement : scalar)
                marks = 0
            }
        }
        return result
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        (0x09...0x0D).contains(scalar.value) || scalar.value == 0x85
    }
}
