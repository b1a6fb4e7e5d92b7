/// What single bytes mean in HTTP/1.1 (RFC 9110, section 5.6).
package enum Octets {
    @inline(__always) package static var lineFeed: UInt8 { 0x0A }
    @inline(__always) package static var carriageReturn: UInt8 { 0x0D }
    @inline(__always) package static var space: UInt8 { 0x20 }
    @inline(__always) package static var tab: UInt8 { 0x09 }
    @inline(__always) package static var colon: UInt8 { 0x3A }

    /// Whether the byte may stand in a token: a field name or a method.
    @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// Whether the byte may stand in a field value: everything but control characters, the tab excepted.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == tab
    }

    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit.
    @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The byte with an ASCII capital made small.
    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Whether the bytes equal the text, ASCII letters compared without case; the text is given in small letters.
    @inline(__always)
    package static func equals(_ bytes: UnsafeRawBufferPointer, ignoringCase text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        let wanted = text.utf8Start
        for index in 0..<bytes.count where lowercased(bytes[index]) != wanted[index] { return false }
        return true
    }

    /// The bytes without spaces and tabs at either end.
    @inline(__always)
    package static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == space || bytes[start] == tab { start += 1 }
        while end > start, bytes[end - 1] == space || bytes[end - 1] == tab { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Calls `body` for every member of a comma-separated list, empty members left out.
    @inline(__always)
    package static func forEachMember(
        of list: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var start = 0
        for index in 0...list.count where index == list.count || list[index] == 0x2C {
            let member = trimmed(UnsafeRawBufferPointer(rebasing: list[start..<index]))
            if !member.isEmpty { body(member) }
            start = index + 1
        }
    }
}
