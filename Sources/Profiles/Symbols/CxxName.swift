internal import CDemangle

#if canImport(Glibc)
    internal import Glibc
#endif

/// Names of C++ functions, and of Rust's in the form they had before they had one of their own.
package enum CxxName {
    /// What no function's name is longer than, and what demangling is not asked to try.
    private static let maximum = 8192

    /// `swift::Mutex::lock`: no parameters, no template arguments, no result; nil for what is no mangled name.
    package static func readable(_ linkerName: String) -> String? {
        let name = linkerName.prefix { $0 != "@" }
        guard name.hasPrefix("_Z"), name.utf8.count <= maximum, let text = demangled(String(name)) else { return nil }
        return shortened(text)
    }

    private static func demangled(_ name: String) -> String? {
        var status: Int32 = 0
        guard let text = __cxa_demangle(name, nil, nil, &status) else { return nil }
        defer { free(text) }
        return status == 0 ? String(cString: text) : nil
    }

    static func shortened(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if let length = operatorLength(bytes, at: index) {
                result += bytes[index..<(index + length)]
                index += length
            } else if byte == UInt8(ascii: "<") {
                guard let end = Brackets.end(bytes, at: index) else { break }
                index = end
            } else if byte == UInt8(ascii: "(") {
                // A namespace without a name, and a class that is local to a function: not parameters.
                let anonymous = Array("(anonymous namespace)".utf8)
                if bytes[index...].starts(with: anonymous) {
                    result += anonymous
                    index += anonymous.count
                    continue
                }
                guard let end = Brackets.end(bytes, at: index) else { break }
                guard bytes[end...].starts(with: "::".utf8) else { break }
                index = end
            } else if byte == UInt8(ascii: " "), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "<") {
                index += 1
            } else if byte == UInt8(ascii: " ") {
                // What stood before a space is a result, unless it introduces something the compiler made.
                if !result.elementsEqual("operator".utf8), !isIntroduction(result) {
                    result = []
                } else {
                    result.append(byte)
                }
                index += 1
            } else if byte == UInt8(ascii: "{") {
                // A lambda's signature is its name.
                let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count - 1
                result += bytes[index...end]
                index = end + 1
            } else if byte == UInt8(ascii: "[") {
                break
            } else {
                result.append(byte)
                index += 1
            }
        }
        let name = String(decoding: result, as: UTF8.self)
        return withoutRustHash(name.isEmpty ? text : name)
    }

    /// `operator()`, `operator<<`, `operator new[]`, `operator std::string`: brackets and spaces of the name itself.
    private static func operatorLength(_ bytes: [UInt8], at index: Int) -> Int? {
        let word = Array("operator".utf8)
        guard bytes[index...].starts(with: word), index == 0 || !isIdentifier(bytes[index - 1]) else { return nil }
        let rest = bytes[(index + word.count)...]
        guard let next = rest.first, !isIdentifier(next) else { return nil }
        if let sign = signs.first(where: { rest.starts(with: $0.utf8) }) { return word.count + sign.utf8.count }
        let end = rest.firstIndex(of: UInt8(ascii: "(")) ?? rest.endIndex
        return end - index
    }

    /// Longer ones first, as the language reads them.
    private static let signs = [
        "<<=", ">>=", "<=>", "->*", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=",
        "|=", "^=", "++", "--", "->", "()", "[]", "+", "-", "*", "/", "%", "^", "&", "|", "~", "!", "=", "<", ">", ",",
    ]

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    private static func isIntroduction(_ words: [UInt8]) -> Bool {
        let starts = ["vtable", "typeinfo", "guard", "non-virtual", "virtual", "covariant", "construction", "VTT"]
        return starts.contains { words.starts(with: $0.utf8) }
    }

    /// Rust's older names end with a hash of the compiler's, which is another one in every build.
    private static func withoutRustHash(_ name: String) -> String {
        guard name.utf8.count > 19,
            let start = name.utf8.index(name.utf8.endIndex, offsetBy: -19, limitedBy: name.utf8.startIndex)
        else { return name }
        let end = name[start...]
        guard end.hasPrefix("::h"), end.dropFirst(3).allSatisfy(\.isHexDigit) else { return name }
        return String(name[..<start])
    }
}
