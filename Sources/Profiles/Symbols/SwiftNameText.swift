/// Makes a demangled name of Swift short.
enum SwiftNameText {
    /// What stands before the function that the compiler made something of.
    private static let noise = [
        "merged ", "partial apply forwarder for ", "partial apply ObjC forwarder for ", "@objc ", "@nonobjc ",
        "dynamic ", "async function pointer to ", "dispatch thunk of ", "distributed thunk ", "curry thunk of ",
        "back deployment thunk for ", "back deployment fallback for ", "vtable thunk for ", "override ",
    ]

    /// The same, with something in angle brackets and `of` behind it.
    private static let specialisations = [
        "generic ", "function signature specialization ", "inlined generic function ",
    ]

    static func shortened(_ text: String) -> String {
        let bytes = withoutNoise(Array(text.utf8))
        let starts = { (word: String) in bytes.starts(with: word.utf8) }
        if starts("reabstraction thunk") { return "reabstraction thunk" }
        if starts("protocol witness for "), let witness = SwiftWitness.shortened(bytes) { return witness }
        return String(decoding: entity(bytes), as: UTF8.self)
    }

    private static func withoutNoise(_ text: [UInt8]) -> [UInt8] {
        var bytes = text
        strip: while true {
            for word in noise where bytes.starts(with: word.utf8) {
                bytes.removeFirst(word.utf8.count)
                continue strip
            }
            for word in specialisations where bytes.starts(with: word.utf8) {
                if let rest = behindAngles(bytes) {
                    bytes = rest
                    continue strip
                }
            }
            return bytes
        }
    }

    private static func behindAngles(_ bytes: [UInt8]) -> [UInt8]? {
        let of = Array(" of ".utf8)
        guard let open = bytes.firstIndex(of: UInt8(ascii: "<")), let end = Brackets.end(bytes, at: open),
            bytes[end...].starts(with: of)
        else { return nil }
        return Array(bytes[(end + of.count)...])
    }

    // MARK: Entities

    /// A function with what it lies in, each without types; `in` stands between them.
    static func entity(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        for end in separators(bytes) + [bytes.count] where end >= start {
            if !result.isEmpty { result += " in ".utf8 }
            result += part(Array(bytes[start..<end]))
            start = min(end + 4, bytes.count)
        }
        return result
    }

    /// Places of ` in ` outside of brackets.
    static func separators(_ bytes: [UInt8]) -> [Int] {
        let word = Array(" in ".utf8)
        var result: [Int] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "<") && !Brackets.isOperator(bytes, at: index) {
                guard let end = Brackets.end(bytes, at: index) else { return result }
                index = end
            } else if byte == UInt8(ascii: " "), bytes[index...].starts(with: word) {
                result.append(index)
                index += word.count
            } else {
                index += 1
            }
        }
        return result
    }

    /// One function, type or closure, without types, generics and the file that keeps it private.
    static func part(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var extended: [UInt8]?
        var index = 0
        if let numbered = numberEnd(bytes) {
            result += bytes[..<numbered]
            // A closure has a type and no name; a function within another has both.
            if bytes[..<numbered].starts(with: "closure".utf8) || contains(bytes[..<numbered], " closure") {
                return result
            }
            index = numbered
            if index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<"), !Brackets.isOperator(bytes, at: index) {
                guard let end = Brackets.end(bytes, at: index) else { break }
                index = end
            } else if byte == UInt8(ascii: "(") {
                guard let end = Brackets.end(bytes, at: index) else { break }
                let inside = Array(bytes[(index + 1)..<(end - 1)])
                index = end
                if inside.starts(with: "extension in ".utf8) {
                    extended = Array(inside.dropFirst("extension in ".utf8.count))
                    if index < bytes.count, bytes[index] == UInt8(ascii: ":") { index += 1 }
                } else if let name = privateName(inside) {
                    result += name
                } else {
                    result += labels(inside)
                    break
                }
            } else if byte == UInt8(ascii: "@") {
                // An attribute such as `@Sendable` belongs to the type.
                index = (bytes[index...].firstIndex(of: UInt8(ascii: " ")) ?? bytes.count - 1) + 1
            } else if byte == UInt8(ascii: " ") {
                let rest = bytes[index...]
                if endings.contains(where: { rest.starts(with: $0.utf8) }) { break }
                if let fix = fixes.first(where: { rest.starts(with: $0.utf8) }) {
                    index += fix.utf8.count
                } else {
                    if !result.isEmpty { result.append(byte) }
                    index += 1
                }
            } else {
                result.append(byte)
                index += 1
            }
        }
        return named(result, extended)
    }

    private static let endings = [
        " -> ", " : ", " async ", " throws", " and conformance ", " with unmangled suffix ", " dispatching to ",
    ]
    /// Where an operator stands.
    private static let fixes = [" infix", " prefix", " postfix"]

    /// With the words of an initialiser as they stand in the source, and the module of an extension of another one's
    /// type in front.
    private static func named(_ bytes: [UInt8], _ extended: [UInt8]?) -> [UInt8] {
        var name = String(decoding: bytes, as: UTF8.self)
        for (made, written) in [(".__allocating_init", ".init"), (".__deallocating_deinit", ".deinit")] {
            if let place = name[...].place(of: made) {
                name = name[..<place] + written + name[name.utf8.index(place, offsetBy: made.utf8.count)...]
            }
        }
        guard let extended else { return Array(name.utf8) }
        return Array(outside(String(decoding: extended, as: UTF8.self), name).utf8)
    }

    /// A member that a module gives to a type; said only where the type is another module's.
    static func outside(_ module: String, _ name: String) -> String {
        let isStatic = name.hasPrefix("static ")
        let path = isStatic ? name.dropFirst("static ".count) : name[...]
        let mark = "(extension in \(module)) "
        return path.hasPrefix(module + ".") || name.hasPrefix(mark) ? name : mark + name
    }

    // MARK: Pieces

    /// The place behind `#1`, where it comes before any bracket.
    private static func numberEnd(_ bytes: [UInt8]) -> Int? {
        let head = bytes.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "<") }
        guard let hash = head.firstIndex(of: UInt8(ascii: "#")), hash > 0, head[hash - 1] == UInt8(ascii: " ") else {
            return nil
        }
        let digits = head[(hash + 1)...].prefix { (0x30...0x39).contains($0) }.count
        return digits > 0 ? hash + 1 + digits : nil
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self)[...].place(of: word) != nil
    }

    /// `name in _0123ABCD`: private to a file.
    private static func privateName(_ bytes: [UInt8]) -> [UInt8]? {
        let word = Array(" in _".utf8)
        guard bytes.count > word.count else { return nil }
        for start in stride(from: bytes.count - word.count, to: 0, by: -1) where bytes[start...].starts(with: word) {
            let file = bytes[(start + word.count)...]
            let isHash = file.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
            return isHash ? Array(bytes[..<start]) : nil
        }
        return nil
    }

    /// `(to:_:)` from a list of parameters with their types.
    private static func labels(_ bytes: [UInt8]) -> [UInt8] {
        var result = Array("(".utf8)
        var start = 0
        var index = 0
        var label: [UInt8]?
        func close(_ end: Int) {
            if end > start { result += (label ?? Array("_".utf8)) + Array(":".utf8) }
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "<") && !Brackets.isOperator(bytes, at: index) {
                guard let end = Brackets.end(bytes, at: index) else { break }
                index = end
                continue
            }
            if byte == UInt8(ascii: ","), bytes[index...].starts(with: ", ".utf8) {
                close(index)
                start = index + 2
                label = nil
            } else if byte == UInt8(ascii: ":"), label == nil, bytes[index...].starts(with: ": ".utf8) {
                let text = bytes[start..<index]
                if !text.contains(UInt8(ascii: " ")) { label = Array(text) }
            }
            index += 1
        }
        close(bytes.count)
        return result + Array(")".utf8)
    }
}
