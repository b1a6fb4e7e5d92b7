/// Makes texts that come from a response fit for a report.
enum ReasonText {
    static let maximumBytes = 200

    /// The text without control and direction characters, at most 200 bytes of it.
    static func bounded(_ text: String) -> String {
        var result = ""
        var size = 0
        for scalar in text.unicodeScalars {
            let kept = isPlain(scalar) ? scalar : "\u{FFFD}"
            let width = UTF8.width(kept)
            // Three bytes are kept free for the mark of the cut.
            if size + width > maximumBytes - 3 { return result + "…" }
            result.unicodeScalars.append(kept)
            size += width
        }
        return result
    }

    /// Some bytes of a response, shortened to be quoted inside a reason.
    static func excerpt(_ bytes: UnsafeRawBufferPointer, limit: Int = 60) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        return bytes.count > limit ? text + "…" : text
    }

    /// Numbers in words, three or more in a row as a range: `200 to 299 or 304`.
    static func ranges(_ numbers: [Int]) -> String {
        var parts: [String] = []
        var rest = numbers[...]
        while let first = rest.first {
            var length = 1
            while length < rest.count, rest[rest.startIndex + length] == first + length { length += 1 }
            if length > 2 {
                parts.append("\(first) to \(first + length - 1)")
            } else {
                length = 1; parts.append("\(first)")
            }
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: " or ")
    }

    /// A length of time in nanoseconds, in the largest unit that shows it exactly.
    static func time(_ nanoseconds: UInt64) -> String {
        let units: [(name: String, size: UInt64)] = [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1000)]
        let unit = units.first { nanoseconds % $0.size == 0 } ?? ("ns", 1)
        return "\(nanoseconds / unit.size) \(unit.name)"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: true
        }
    }
}
