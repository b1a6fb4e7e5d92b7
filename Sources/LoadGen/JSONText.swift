import HTTPWire

/// Strings inside a JSON document whose escapes have been checked already.
enum JSONText {
    /// Whether the string in the range, escapes undone, is these bytes.
    static func equals(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ wanted: [UInt8]) -> Bool {
        var position = 0
        var same = true
        decode(bytes, range) { byte in
            if position < wanted.count, wanted[position] == byte { position += 1 } else { same = false }
        }
        return same && position == wanted.count
    }

    /// Calls `emit` with every byte of the string, escapes undone; half a surrogate pair becomes U+FFFD.
    @inline(__always)
    static func decode(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (UInt8) -> Void) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            guard byte == 0x5C else {
                emit(byte)
                index += 1
                continue
            }
            index += 2
            switch bytes[index - 1] {
            case 0x62: emit(0x08)
            case 0x66: emit(0x0C)
            case 0x6E: emit(0x0A)
            case 0x72: emit(0x0D)
            case 0x74: emit(0x09)
            case 0x75:
                var unit = codeUnit(bytes, at: index)
                index += 4
                if unit & 0xFC00 == 0xD800, index + 6 <= range.upperBound, bytes[index] == 0x5C,
                    bytes[index + 1] == 0x75
                {
                    let second = codeUnit(bytes, at: index + 2)
                    if second & 0xFC00 == 0xDC00 {
                        unit = 0x10000 + (unit & 0x3FF) << 10 + second & 0x3FF
                        index += 6
                    }
                }
                let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { emit(byte) }
            case let literal: emit(literal)
            }
        }
    }

    private static func codeUnit(_ bytes: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in 0..<4 { unit = unit << 4 | UInt32(Octets.hexValue(bytes[index + offset]) ?? 0) }
        return unit
    }
}
