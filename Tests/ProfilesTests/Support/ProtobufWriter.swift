/// Writes protobuf by hand, right or wrong.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func raw(_ more: [UInt8]) {
        bytes += more
    }

    mutating func tag(_ field: Int, _ wireType: Int) {
        bytes += Self.varint(UInt64(field << 3 | wireType))
    }

    mutating func number(_ field: Int, _ value: Int64) {
        unsigned(field, UInt64(bitPattern: value))
    }

    mutating func unsigned(_ field: Int, _ value: UInt64) {
        tag(field, 0)
        bytes += Self.varint(value)
    }

    mutating func data(_ field: Int, _ content: [UInt8]) {
        tag(field, 2)
        bytes += Self.varint(UInt64(content.count)) + content
    }

    mutating func text(_ field: Int, _ content: String) {
        data(field, Array(content.utf8))
    }

    mutating func packed(_ field: Int, _ values: [UInt64]) {
        data(field, values.flatMap(Self.varint))
    }

    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }
}

extension [UInt8] {
    /// Protobuf written by the body.
    static func protobuf(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }
}
