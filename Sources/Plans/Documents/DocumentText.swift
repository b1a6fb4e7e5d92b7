/// The text of a document, before anything is known of its notation.
package enum DocumentText {
    /// The most bytes a plan or a file of budgets may have.
    package static let limit = 1 << 20

    /// The bytes as text.
    ///
    /// - Throws: a diagnostic when there are too many of them or they are not UTF-8.
    package static func decode(_ bytes: [UInt8], file: String) throws(Diagnostics) -> String {
        let log = DiagnosticLog(file: file)
        if bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) { return text }
        if bytes.count > limit {
            log.add(.start, path: "", tooLarge(bytes.count))
        } else {
            log.add(firstInvalid(bytes), path: "", "the file is not UTF-8", hint: "save it as UTF-8")
        }
        throw log.collected
    }

    /// Reports a text that is too large or holds nothing; true when it can be read.
    static func check(_ text: String, log: DiagnosticLog) -> Bool {
        let count = text.utf8.count
        guard count <= limit else {
            log.add(.start, path: "", tooLarge(count))
            return false
        }
        let isBlank = text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        if isBlank { log.add(.start, path: "", "the file is empty") }
        return !isBlank
    }

    private static func tooLarge(_ count: Int) -> String {
        "the file has \(count) bytes; at most \(limit) are read"
    }

    /// Where decoding first needs a replacement, counted as if every byte before it were good.
    static func firstInvalid(_ bytes: [UInt8]) -> Position {
        var position = Position.start
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            if scalar == "\n" {
                position = Position(line: position.line + 1, column: 1)
            } else {
                position.column += 1
            }
        }
        return position
    }
}
