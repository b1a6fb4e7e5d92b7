import HTTPWire
import Plans

/// Finds one value in a JSON document without building anything from it; the whole document is checked on the way.
///
/// Where an object has a key twice the last one counts. Bytes inside strings are not checked for UTF-8.
struct JSONScanner {
    /// What stands at the path.
    enum Found: Equatable {
        case nothing
        /// The bytes between the quotation marks, escapes not yet undone.
        case string(Range<Int>)
        case number(Range<Int>)
        case bool(Bool)
        case null
        case object
        case array
    }

    enum Failure: Error, Equatable {
        /// Offset of the first byte that cannot stand where it does.
        case malformed(at: Int)
        case tooDeep
    }

    static let maximumDepth = 128

    private let bytes: UnsafeRawBufferPointer
    private let path: [Element]
    private var index = 0
    private var found = Found.nothing

    enum Element: Sendable {
        case key([UInt8])
        case index(Int)

        init(_ element: JSONPath.Element) {
            switch element {
            case .key(let key): self = .key(Array(key.utf8))
            case .index(let index): self = .index(index)
            }
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, path: [Element]) {
        self.bytes = bytes
        self.path = path
    }

    /// Looks the path up.
    static func find(_ path: [Element], in bytes: UnsafeRawBufferPointer) throws(Failure) -> Found {
        var scanner = JSONScanner(bytes, path: path)
        scanner.skipBlanks()
        try scanner.value(depth: 0, matched: 0)
        scanner.skipBlanks()
        guard scanner.index == bytes.count else { throw .malformed(at: scanner.index) }
        return scanner.found
    }

    /// Reads a value; `matched` elements of the path lead to it, or it is beside the path when that is -1.
    private mutating func value(depth: Int, matched: Int) throws(Failure) {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        let isWanted = matched == path.count
        switch peek {
        case 0x7B:
            if isWanted { found = .object }
            try object(depth: depth, matched: isWanted ? -1 : matched)
        case 0x5B:
            if isWanted { found = .array }
            try array(depth: depth, matched: isWanted ? -1 : matched)
        case 0x22:
            let range = try string()
            if isWanted { found = .string(range) }
        case 0x74:
            try word("true")
            if isWanted { found = .bool(true) }
        case 0x66:
            try word("false")
            if isWanted { found = .bool(false) }
        case 0x6E:
            try word("null")
            if isWanted { found = .null }
        default:
            let range = try number()
            if isWanted { found = .number(range) }
        }
    }

    private mutating func object(depth: Int, matched: Int) throws(Failure) {
        index += 1
        skipBlanks()
        if peek == 0x7D {
            index += 1
            return
        }
        while true {
            guard peek == 0x22 else { throw .malformed(at: index) }
            let key = try string()
            skipBlanks()
            guard peek == 0x3A else { throw .malformed(at: index) }
            index += 1
            skipBlanks()
            var next = -1
            if matched >= 0, case .key(let wanted) = path[matched], JSONText.equals(bytes, key, wanted) {
                next = matched + 1
                found = .nothing
            }
            try value(depth: depth + 1, matched: next)
            skipBlanks()
            let byte = peek
            index += 1
            if byte == 0x7D { return }
            guard byte == 0x2C else { throw .malformed(at: index - 1) }
            skipBlanks()
        }
    }

    private mutating func array(depth: Int, matched: Int) throws(Failure) {
        index += 1
        skipBlanks()
        if peek == 0x5D {
            index += 1
            return
        }
        var position = 0
        while true {
            var next = -1
            if matched >= 0, case .index(let wanted) = path[matched], wanted == position { next = matched + 1 }
            try value(depth: depth + 1, matched: next)
            position += 1
            skipBlanks()
            let byte = peek
            index += 1
            if byte == 0x5D { return }
            guard byte == 0x2C else { throw .malformed(at: index - 1) }
            skipBlanks()
        }
    }

    /// Reads a string from its opening quotation mark and returns what is between the marks.
    private mutating func string() throws(Failure) -> Range<Int> {
        let start = index + 1
        index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                return start..<(index - 1)
            }
            guard byte >= 0x20 else { throw .malformed(at: index) }
            index += 1
            if byte == 0x5C { try escape() }
        }
        throw .malformed(at: index)
    }

    private mutating func escape() throws(Failure) {
        switch peek {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: index += 1
        case 0x75:
            for offset in 1...4 {
                guard index + offset < bytes.count, Octets.hexValue(bytes[index + offset]) != nil else {
                    throw .malformed(at: min(index + offset, bytes.count))
                }
            }
            index += 5
        default: throw .malformed(at: index)
        }
    }

    private mutating func number() throws(Failure) -> Range<Int> {
        let start = index
        if peek == 0x2D { index += 1 }
        if peek == 0x30 { index += 1 } else { try digits() }
        if peek == 0x2E {
            index += 1
            try digits()
        }
        if peek == 0x65 || peek == 0x45 {
            index += 1
            if peek == 0x2B || peek == 0x2D { index += 1 }
            try digits()
        }
        return start..<index
    }

    private mutating func digits() throws(Failure) {
        guard let byte = peek, Octets.isDigit(byte) else { throw .malformed(at: index) }
        while let byte = peek, Octets.isDigit(byte) { index += 1 }
    }

    private mutating func word(_ text: StaticString) throws(Failure) {
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < bytes.count, bytes[index] == text.utf8Start[offset] else { throw .malformed(at: index) }
            index += 1
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }
}
