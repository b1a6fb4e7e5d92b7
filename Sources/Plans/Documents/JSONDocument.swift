/// A strict reader of JSON (RFC 8259) that keeps positions.
///
/// Nothing beyond the standard is taken: no comments, trailing commas, single quotes, `NaN` or leading zeros.
struct JSONDocument {
    let bytes: [UInt8]
    private(set) var index = 0
    private var position = Position.start

    struct Problem: Error {
        var position: Position
        var message: String
        var hint: String?
    }

    /// A document of bytes that are UTF-8, whose first line has the number.
    init(_ bytes: [UInt8], line: Int = 1) {
        self.bytes = bytes
        position.line = line
    }

    /// The document's tree, or nil after a report of the first mistake in its syntax.
    static func read(_ text: String, log: DiagnosticLog) -> DocumentNode? {
        guard DocumentText.check(text, log: log) else { return nil }
        var reader = Self(Array(text.utf8))
        do {
            return try reader.document()
        } catch {
            log.add(error.position, path: "", error.message, hint: error.hint)
            return nil
        }
    }

    mutating func document() throws(Problem) -> DocumentNode {
        try refuseByteOrderMark()
        skipSpace()
        let node = try value(depth: 0)
        skipSpace()
        if index < bytes.count { throw problem("expected the end of the file, found \(found)") }
        return node
    }

    func refuseByteOrderMark() throws(Problem) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw problem("the file begins with a byte order mark", hint: "save it as UTF-8 without one")
        }
    }

    mutating func value(depth: Int) throws(Problem) -> DocumentNode {
        let start = position
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try list(depth: depth + 1)
        case UInt8(ascii: "\""):
            let text = try string()
            return scalar(.text, text, isPlain: false, at: start)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte):
            return scalar(.number, try number(), isPlain: true, at: start)
        default:
            return try word(at: start)
        }
    }

    private func scalar(
        _ kind: DocumentNode.Scalar.Kind, _ text: String, isPlain: Bool, at position: Position
    ) -> DocumentNode {
        DocumentNode(position: position, value: .scalar(.init(kind: kind, text: text, isPlain: isPlain)))
    }

    private mutating func word(at start: Position) throws(Problem) -> DocumentNode {
        let rest = bytes[index...].prefix(40)
        let word = String(decoding: rest.prefix { isLetter($0) }, as: UTF8.self)
        let kind: DocumentNode.Scalar.Kind
        switch word {
        case "true": kind = .bool(true)
        case "false": kind = .bool(false)
        case "null": kind = .null
        default: throw problem("expected a value, found \(found)", hint: hintForValue(word))
        }
        for _ in word.utf8 { advance() }
        return scalar(kind, word, isPlain: true, at: start)
    }

    private func hintForValue(_ word: String) -> String? {
        if ["true", "false", "null"].contains(word.lowercased()) { return "write \(word.lowercased())" }
        if ["nan", "infinity", "inf"].contains(word.lowercased()) { return "JSON has no such number" }
        return switch peek {
        case UInt8(ascii: "'"): "text stands in double quotes"
        case UInt8(ascii: "/"): "JSON has no comments"
        case UInt8(ascii: "+"): "a number has no plus sign"
        case UInt8(ascii: "."): "a number begins with a digit"
        case UInt8(ascii: "]"), UInt8(ascii: "}"): "JSON takes no comma after the last value"
        default: word.isEmpty ? nil : "text stands in double quotes"
        }
    }

    private mutating func object(depth: Int) throws(Problem) -> DocumentNode {
        let start = position
        try enter(depth)
        var entries: [DocumentNode.Entry] = []
        skipSpace()
        if take("}") { return DocumentNode(position: start, value: .object([])) }
        while true {
            let keyPosition = position
            guard peek == UInt8(ascii: "\"") else {
                throw problem("expected a key in double quotes, found \(found)", hint: hintForKey(after: entries.count))
            }
            let key = try string()
            skipSpace()
            guard take(":") else { throw problem("expected \":\" after the key, found \(found)") }
            skipSpace()
            entries.append(.init(key: key, keyPosition: keyPosition, value: try value(depth: depth)))
            skipSpace()
            if take("}") { return DocumentNode(position: start, value: .object(entries)) }
            guard take(",") else { throw problem("expected \",\" or \"}\", found \(found)", hint: hintForSeparator) }
            skipSpace()
        }
    }

    private mutating func list(depth: Int) throws(Problem) -> DocumentNode {
        let start = position
        try enter(depth)
        var items: [DocumentNode] = []
        skipSpace()
        if take("]") { return DocumentNode(position: start, value: .list([])) }
        while true {
            items.append(try value(depth: depth))
            skipSpace()
            if take("]") { return DocumentNode(position: start, value: .list(items)) }
            guard take(",") else { throw problem("expected \",\" or \"]\", found \(found)", hint: hintForSeparator) }
            skipSpace()
        }
    }

    private func hintForKey(after count: Int) -> String? {
        if peek == UInt8(ascii: "/") { return "JSON has no comments" }
        return count > 0 && peek == UInt8(ascii: "}") ? "JSON takes no comma after the last value" : nil
    }

    private var hintForSeparator: String? {
        peek == UInt8(ascii: "/") || peek == UInt8(ascii: "#") ? "JSON has no comments" : nil
    }

    private mutating func enter(_ depth: Int) throws(Problem) {
        if depth > DocumentNode.deepest {
            throw problem("nested more than \(DocumentNode.deepest) deep")
        }
        advance()
    }

    private mutating func number() throws(Problem) -> String {
        let first = index
        let start = position
        _ = take("-")
        let whole = digits()
        if whole.isEmpty { throw problem("expected a digit, found \(found)") }
        if whole.count > 1, whole.first == UInt8(ascii: "0") {
            let hint = "write it without the leading zero"
            throw Problem(position: start, message: "a number does not begin with 0", hint: hint)
        }
        if take("."), digits().isEmpty { throw problem("expected a digit after the point, found \(found)") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            if digits().isEmpty { throw problem("expected a digit in the exponent, found \(found)") }
        }
        if let next = peek, isLetter(next) || next == UInt8(ascii: "_") {
            throw problem("expected the end of the number, found \(found)", hint: "a number with a unit is text")
        }
        return String(decoding: bytes[first..<index], as: UTF8.self)
    }

    private mutating func digits() -> ArraySlice<UInt8> {
        let first = index
        while let byte = peek, isDigit(byte) { advance() }
        return bytes[first..<index]
    }

    private mutating func string() throws(Problem) -> String {
        let start = position
        advance()
        var result: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                advance()
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &result)
            case 0..<0x20:
                throw problem("a control character stands in a text", hint: "write it as an escape such as \\n")
            default:
                result.append(byte)
                advance()
            }
        }
        throw Problem(position: start, message: "the text has no closing quote")
    }

    private mutating func escape(into result: inout [UInt8]) throws(Problem) {
        let start = position
        advance()
        guard let byte = peek else { return }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            advance()
            let scalar = try unicodeEscape(at: start)
            result.append(contentsOf: Array(String(Character(scalar)).utf8))
            return
        default: throw Problem(position: start, message: "unknown escape \(found)", hint: "a backslash is written \\\\")
        }
        advance()
    }

    private mutating func unicodeEscape(at start: Position) throws(Problem) -> Unicode.Scalar {
        let first = try fourHexDigits(at: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = Problem(position: start, message: "half of a surrogate pair stands alone")
        guard first < 0xDC00, take("\\"), take("u") else { throw lone }
        let second = try fourHexDigits(at: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw lone }
        return scalar
    }

    private mutating func fourHexDigits(at start: Position) throws(Problem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw Problem(position: start, message: "expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            advance()
        }
        return value
    }

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        advance()
        return true
    }

    private mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == 0x0A {
            position = Position(line: position.line + 1, column: 1)
        } else if index == bytes.count || bytes[index] & 0xC0 != 0x80 {
            position.column += 1
        }
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { advance() }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// What stands at the current place: a word, one character or the end.
    private var found: String {
        guard let byte = peek else { return "the end of the file" }
        if byte == UInt8(ascii: "\"") { return "a quote" }
        let word = bytes[index...].prefix { isLetter($0) }
        if !word.isEmpty { return quoted(String(decoding: word.prefix(70), as: UTF8.self)) }
        let rest = String(decoding: bytes[index...].prefix(8), as: UTF8.self)
        return quoted(rest.unicodeScalars.first.map { String($0) } ?? "")
    }

    func problem(_ message: String, hint: String? = nil) -> Problem {
        Problem(position: position, message: message, hint: hint)
    }
}
