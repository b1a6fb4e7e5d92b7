/// The characters of a YAML text by line and column, for what must be known before or after the parser looks at them.
struct YAMLSource {
    private var scalars: [Unicode.Scalar]
    /// Where each line begins in ``scalars``.
    private let lines: [Int]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lines = [0]
        for (index, scalar) in scalars.enumerated() where Self.isBreak(scalar) {
            if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { continue }
            lines.append(index + 1)
        }
        self.lines = lines
    }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// How often the text may be parsed again, so that a large one with many mistakes is still answered soon.
    var rereadings: Int { max(3, min(100, 1_000_000 / max(1, scalars.count))) }

    /// The first character YAML does not allow in a file.
    var firstControlCharacter: (Position, Unicode.Scalar)? {
        for (index, scalar) in scalars.enumerated() where !Self.isPrintable(scalar) {
            return (position(of: index), scalar)
        }
        return nil
    }

    /// The first anchor, when there may be so many aliases that composing them could take for ever.
    ///
    /// The parser hashes keys, and a key may be an alias of aliases; sixteen of them cannot make more than a few
    /// hundred values. What looks like an alias in a text counts too, which only matters beside an anchor.
    var manyAliases: Position? {
        var anchor: Int?
        var aliases = 0
        for index in scalars.indices.dropLast() where scalars[index] == "&" || scalars[index] == "*" {
            guard index == 0 || Self.mayPrecede(scalars[index - 1]), Self.isName(scalars[index + 1]) else { continue }
            if scalars[index] == "*" { aliases += 1 } else { anchor = anchor ?? index }
        }
        guard aliases > 16, let anchor else { return nil }
        return position(of: anchor)
    }

    /// Whether a tab stands before the first other character of the line.
    func isIndentedWithTab(line: Int) -> Bool {
        guard lines.indices.contains(line - 1) else { return false }
        return scalars[lines[line - 1]...].prefix { $0 == " " || $0 == "\t" }.contains("\t")
    }

    /// The character at a place of the text.
    func scalar(at position: Position) -> Unicode.Scalar? {
        guard lines.indices.contains(position.line - 1) else { return nil }
        let index = lines[position.line - 1] + position.column - 1
        return scalars.indices.contains(index) ? scalars[index] : nil
    }

    /// Replaces the first character of a key by one nobody writes, so that the key is unique; false when it cannot.
    mutating func replaceKeyStart(_ key: String, at position: Position, number: Int) -> Bool {
        guard lines.indices.contains(position.line - 1), let first = key.unicodeScalars.first else { return false }
        var index = lines[position.line - 1] + position.column - 1
        guard scalars.indices.contains(index) else { return false }
        if scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard scalars.indices.contains(index), scalars[index] == first, first != "\\", first != "'",
            let replacement = Unicode.Scalar(0xE000 + UInt32(number))
        else { return false }
        scalars[index] = replacement
        return true
    }

    private func position(of index: Int) -> Position {
        let line = lines.partitioningIndex { $0 > index }
        return Position(line: line, column: index - lines[line - 1] + 1)
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    private static func mayPrecede(_ scalar: Unicode.Scalar) -> Bool {
        isBreak(scalar) || [" ", "\t", "[", "{", ",", ":", "-", "?", "!"].contains(scalar)
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-")
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x85, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }
}

extension [Int] {
    /// The first index of a sorted array at which the condition holds, else the count.
    fileprivate func partitioningIndex(where condition: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
