#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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
        // One bit for every ASCII character: !#$%&'*+-. and the digits, then capitals, ^_`, small letters, | and ~.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : byte < 128 ? 0x57FF_FFFF_C7FF_FFFE : 0
        return bits >> UInt64(byte & 63) & 1 == 1
    }

    /// Whether the byte may stand in a field value: everything but control characters, the tab excepted.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == tab
    }

    /// The place of the first byte that may not stand in a field value.
    @inline(__always)
    package static func firstForbidden(inFieldValue bytes: UnsafeRawBufferPointer) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = 0
        while index + 8 <= bytes.count {
            // Eight bytes at once: the top bit of a byte is set where it is below a space, or a delete character.
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let low = (word &- ones &* 0x20) & ~word
            let delete = word ^ (ones &* 0x7F)
            if (low | ((delete &- ones) & ~delete)) & (ones &* 0x80) != 0 { break }
            index += 8
        }
        while index < bytes.count {
            if !isFieldValue(bytes[index]) { return index }
            index += 1
        }
        return nil
    }

    /// The place of the first line feed.
    @inline(__always)
    package static func firstLineFeed(in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress, let hit = memchr(start, CInt(lineFeed), bytes.count) else { return nil }
        return UnsafeRawPointer(hit) - start
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

    /// Whether two pieces have the same bytes.
    @inline(__always)
    package static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let start = left.baseAddress, let other = right.baseAddress else { return true }
        return memcmp(start, other, left.count) == 0
    }

    /// Whether a piece is exactly this text.
    @inline(__always)
    package static func isSame(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        isSame(bytes, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
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
