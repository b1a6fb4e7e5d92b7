/// A place in the bytes of a debug section; it never reads at or past its end.
struct DWARFCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer, position: Int = 0, end: Int? = nil) {
        self.bytes = bytes
        self.position = position
        self.end = min(end ?? bytes.count, bytes.count)
    }

    @inline(__always)
    var isAtEnd: Bool { position >= end }

    @inline(__always)
    mutating func byte() -> UInt8? {
        guard position < end else { return nil }
        defer { position &+= 1 }
        return bytes[position]
    }

    /// A number of one to eight bytes, the lowest first.
    mutating func number(_ count: Int) -> UInt64? {
        guard end &- position >= count else { return nil }
        defer { position &+= count }
        return (0..<count).reduce(0) { $0 | UInt64(bytes[position &+ $1]) << (8 * UInt64($1)) }
    }

    /// An offset, whose size is that of the unit.
    mutating func offset(isWide: Bool) -> UInt64? { number(isWide ? 8 : 4) }

    /// A base-128 number; bits beyond the 64th are dropped.
    @inline(__always)
    mutating func unsigned() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let next = byte() {
            if shift < 64 { value |= UInt64(next & 0x7F) << shift }
            if next < 0x80 { return value }
            shift &+= 7
        }
        return nil
    }

    @inline(__always)
    mutating func signed() -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let next = byte() {
            if shift < 64 { value |= UInt64(next & 0x7F) << shift }
            shift &+= 7
            guard next < 0x80 else { continue }
            if next & 0x40 != 0, shift < 64 { value |= ~0 << shift }
            return Int64(bitPattern: value)
        }
        return nil
    }

    /// Text up to a zero byte, its first `limit` bytes if it has more.
    mutating func text(limit: Int) -> String? {
        let start = position
        while let next = byte() {
            if next == 0 { return String(decoding: bytes[start..<min(position - 1, start + limit)], as: UTF8.self) }
        }
        return nil
    }

    /// False where there are not as many bytes.
    mutating func skip(_ count: UInt64) -> Bool {
        guard count <= UInt64(end &- position) else { return false }
        position &+= Int(count)
        return true
    }
}
