import NIOCore

extension JSONValue {
    /// Reads one JSON text; nil if it is not one, nests deeper than sixteen, or has a number that is not whole.
    init?(parsing bytes: ByteBufferView) {
        var reader = JSONReader(rest: bytes)
        guard let value = reader.value(depth: 16) else { return nil }
        reader.skipSpace()
        guard reader.rest.isEmpty else { return nil }
        self = value
    }
}

private struct JSONReader {
    var rest: ByteBufferView

    mutating func skipSpace() {
        while let byte = rest.first, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            rest.removeFirst()
        }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard rest.starts(with: expected) else { return false }
        rest.removeFirst(expected.count)
        return true
    }

    mutating func value(depth: Int) -> JSONValue? {
        guard depth > 0 else { return nil }
        skipSpace()
        switch rest.first {
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            let isComplete = list(from: "[", to: "]") { reader in
                guard let value = reader.value(depth: depth - 1) else { return false }
                values.append(value)
                return true
            }
            return isComplete ? .array(values) : nil
        case UInt8(ascii: "{"):
            var members: [(String, JSONValue)] = []
            let isComplete = list(from: "{", to: "}") { reader in
                reader.skipSpace()
                guard let name = reader.string() else { return false }
                reader.skipSpace()
                guard reader.take(":"), let value = reader.value(depth: depth - 1) else { return false }
                members.append((name, value))
                return true
            }
            return isComplete ? .object(members) : nil
        default: return integer().map(JSONValue.integer)
        }
    }

    private mutating func list(
        from open: StaticString,
        to close: StaticString,
        element: (inout JSONReader) -> Bool
    ) -> Bool {
        guard take(open) else { return false }
        skipSpace()
        if take(close) { return true }
        while element(&self) {
            skipSpace()
            if take(close) { return true }
            guard take(",") else { return false }
        }
        return false
    }

    private mutating func integer() -> Int? {
        let text = rest.prefix { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest.removeFirst(text.count)
        return Int(String(decoding: text, as: UTF8.self))
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                bytes.append(contentsOf: escaped)
            case ..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// Reads what follows a backslash; halves of surrogate pairs are not understood.
    private mutating func escape() -> [UInt8]? {
        guard let byte = rest.popFirst() else { return nil }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            let digits = rest.prefix(4)
            guard digits.count == 4, digits.first != UInt8(ascii: "+") else { return nil }
            rest.removeFirst(4)
            return UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
                .map { Array(String(Character($0)).utf8) }
        default: return nil
        }
    }
}
