/// Writing JSON.
enum JSONText {
    /// The text as it stands between the quotes of a JSON string.
    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case 0x0A: result += Array("\\n".utf8)
            case 0x0D: result += Array("\\r".utf8)
            case 0x09: result += Array("\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                result += Array("\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether the text is a number by JSON's grammar, so that it can be sent as it was written.
    static func isNumber(_ text: String) -> Bool {
        let log = DiagnosticLog(file: "")
        guard let node = JSONDocument.read(text, log: log), case .scalar(let scalar) = node.value else { return false }
        return scalar.kind == .number && scalar.text == text
    }
}
