/// Text as XML 1.0 takes it, in content and in attributes.
enum XMLText {
    /// Escapes markup; a scalar that XML forbids, even as a reference, becomes U+FFFD.
    ///
    /// Line breaks and tabs are kept in content; in an attribute they are written as references, since a parser would
    /// turn them into spaces.
    static func escape(_ text: String, attribute: Bool = false) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"" where attribute: result += "&quot;"
            case "\t", "\n": result += attribute ? "&#\(scalar.value);" : String(scalar)
            case "\r": result += "&#13;"
            default: result.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    /// The production `Char` of XML 1.0, without the discouraged C1 controls.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}
