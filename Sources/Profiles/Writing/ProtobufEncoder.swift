/// Bytes of a protobuf message, field after field.
struct ProtobufEncoder {
    private(set) var bytes: [UInt8] = []

    /// A number that is zero is what a reader assumes of a field that is not there.
    mutating func number(_ field: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        varint(field << 3)
        varint(value)
    }

    mutating func number(_ field: UInt64, _ value: Int64) {
        number(field, UInt64(bitPattern: value))
    }

    mutating func text(_ field: UInt64, _ text: String) {
        varint(field << 3 | 2)
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func packed(_ field: UInt64, _ values: some Sequence<UInt64>) {
        message(field) { inner in
            for value in values { inner.varint(value) }
        }
    }

    mutating func message(_ field: UInt64, _ body: (inout ProtobufEncoder) -> Void) {
        var inner = ProtobufEncoder()
        body(&inner)
        varint(field << 3 | 2)
        varint(UInt64(inner.bytes.count))
        bytes.append(contentsOf: inner.bytes)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
