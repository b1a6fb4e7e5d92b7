/// The first line of a goroutine in a stack dump.
///
///     goroutine 7 [chan send, 3 minutes, locked to thread]:
///     goroutine 7 gp=0xc000 m=nil [select (leaked)]:
///     goroutine 7 [running labels:{"path": "/"}]:      (Go 1.26)
///     goroutine 7 [running] {path: "/"}:               (Go 1.27)
struct TraceHeader {
    var number: Int
    var state: WaitState
    var minutes: Int?
    var leaked = false

    /// Whether a line, from its first byte, has the look of a header, readable or not.
    ///
    /// In the midst of other text only the bracket makes it one.
    static func isLikely(_ line: ArraySlice<UInt8>, strict: Bool) -> Bool {
        guard line.starts(with: "goroutine "), line.last == UInt8(ascii: ":") else { return false }
        var rest = line.dropFirst(10)
        guard rest.takeNumber() != nil, rest.first == UInt8(ascii: " ") else { return false }
        return !strict || rest.starts(with: " [") || rest.starts(with: " gp=")
    }

    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: "goroutine "), line.last == UInt8(ascii: ":") else { return nil }
        var rest = line.dropFirst(10)
        guard let number = rest.takeNumber() else { return nil }
        self.number = number
        guard let bracket = rest.firstRange(of: " [") else { return nil }
        guard Self.areAttributes(rest[..<bracket.lowerBound]) else { return nil }
        let content = rest[bracket.upperBound...]
        guard let end = Self.closingBracket(content) else { return nil }
        // After the bracket: nothing, or labels.
        let after = content[(end + 1)...]
        guard after.count == 1 || after.starts(with: " {") else { return nil }

        var inside = content[..<end]
        if let labels = inside.firstRange(of: " labels:{") { inside = inside[..<labels.lowerBound] }
        var parts = inside.text.split(separator: ", ", omittingEmptySubsequences: false)[...]
        guard var word = parts.popFirst(), !word.isEmpty else { return nil }
        var isStripped = true
        while isStripped {
            isStripped = false
            for mark in [" (scan)", " (leaked)", " (durable)", " (synctest)"] where word.hasSuffix(mark) {
                word = word.dropLast(mark.count)
                if mark == " (leaked)" { leaked = true }
                isStripped = true
            }
        }
        state = WaitState(label: String(word))
        for part in parts {
            guard part.hasSuffix(" minutes") || part.hasSuffix(" minute") else { continue }
            minutes = part.split(separator: " ").first.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// Nothing, or ` gp=0x1 m=2 mp=0x3`.
    private static func areAttributes(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: " ")).allSatisfy { $0.contains(UInt8(ascii: "=")) }
    }

    /// The bracket that ends the state: not one inside the braces or the quotation marks of labels.
    private static func closingBracket(_ text: ArraySlice<UInt8>) -> Int? {
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let byte = text[index]
            if isQuoted {
                if !isEscaped, byte == UInt8(ascii: "\"") { isQuoted = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "]") where depth <= 0: return index
            default: break
            }
        }
        return nil
    }
}
