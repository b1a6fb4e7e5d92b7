/// A place in protobuf bytes, and the end of the message it is in.
///
/// It never reads at or past `end`, and `end` never lies past the end of the bytes: a nested reader is only made from
/// a field whose length was checked against the reader around it.
struct WireReader {
    let base: UnsafePointer<UInt8>
    var position: Int
    let end: Int

    /// One field as it stands in the bytes, not yet given a meaning.
    struct Field {
        let number: UInt64
        let wireType: UInt8
        /// The number of a varint; nothing of use otherwise.
        let value: UInt64
        /// The content of a length-delimited field; empty otherwise.
        let start: Int
        let end: Int
        /// Where the field's tag begins.
        let offset: Int

        /// The name of a message's field, for errors.
        @inline(__always)
        func requireVarint(_ name: StaticString) throws(ProfileError) -> UInt64 {
            guard wireType == 0 else {
                throw .wireType(field: "\(name)", expected: 0, found: wireType, offset: offset)
            }
            return value
        }

        @inline(__always)
        func requireInt64(_ name: StaticString) throws(ProfileError) -> Int64 {
            Int64(bitPattern: try requireVarint(name))
        }

        @inline(__always)
        func requireBytes(_ name: StaticString) throws(ProfileError) {
            guard wireType == 2 else {
                throw .wireType(field: "\(name)", expected: 2, found: wireType, offset: offset)
            }
        }
    }

    @inline(__always)
    var isAtEnd: Bool { position >= end }

    @inline(__always)
    func inside(_ field: Field) -> WireReader {
        WireReader(base: base, position: field.start, end: field.end)
    }

    /// A base-128 number.
    ///
    /// Bits beyond the 64th are dropped, as every protobuf reader does; an eleventh byte is an error.
    @inline(__always)
    mutating func varint() throws(ProfileError) -> UInt64 {
        if position < end {
            let byte = base[position]
            if byte < 0x80 {
                position &+= 1
                return UInt64(byte)
            }
        }
        return try longVarint()
    }

    @inline(never)
    private mutating func longVarint() throws(ProfileError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var index = position
        while index < end {
            let byte = base[index]
            index &+= 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                position = index
                return value
            }
            shift &+= 7
            if shift == 70 { throw .varintTooLong(offset: position) }
        }
        throw .truncated(field: "a number", offset: end)
    }

    /// The next field, of whatever number.
    @inline(__always)
    mutating func field() throws(ProfileError) -> Field {
        let offset = position
        let tag = try varint()
        let number = tag >> 3
        let type = UInt8(truncatingIfNeeded: tag & 7)
        switch type {
        case 0:
            let value = try varint()
            return Field(number: number, wireType: 0, value: value, start: 0, end: 0, offset: offset)
        case 2:
            let length = try varint()
            let start = position
            guard length <= UInt64(end &- start) else {
                throw .truncated(field: "field \(number)", offset: end)
            }
            position = start &+ Int(length)
            return Field(number: number, wireType: 2, value: 0, start: start, end: position, offset: offset)
        case 1, 5:
            let width = type == 1 ? 8 : 4
            guard end &- position >= width else { throw .truncated(field: "field \(number)", offset: end) }
            position &+= width
            return Field(number: number, wireType: type, value: 0, start: 0, end: 0, offset: offset)
        default:
            throw .unknownWireType(type, offset: offset)
        }
    }

    /// How many numbers a packed field holds: each ends with the one byte whose top bit is clear.
    @inline(__always)
    func packedCount(_ field: Field) -> Int {
        var continued = 0
        for index in field.start..<field.end { continued &+= Int(base[index] >> 7) }
        return field.end &- field.start &- continued
    }
}
