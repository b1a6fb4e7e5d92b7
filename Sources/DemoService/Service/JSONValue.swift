import NIOCore

/// A JSON text, as far as this service speaks it: numbers are whole.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    static func == (left: JSONValue, right: JSONValue) -> Bool {
        left.rendered() == right.rendered()
    }

    /// The text in UTF-8.
    func rendered() -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(512)
        write(to: &buffer)
        return buffer
    }

    private func write(to buffer: inout ByteBuffer) {
        switch self {
        case .null: buffer.writeStaticString("null")
        case .bool(let value): buffer.writeString(value ? "true" : "false")
        case .integer(let value): buffer.writeString(String(value))
        case .string(let value): Self.write(value, to: &buffer)
        case .array(let values):
            var separator: StaticString = "["
            for value in values {
                buffer.writeStaticString(separator)
                separator = ","
                value.write(to: &buffer)
            }
            buffer.writeStaticString(values.isEmpty ? "[]" : "]")
        case .object(let members):
            var separator: StaticString = "{"
            for (name, value) in members {
                buffer.writeStaticString(separator)
                separator = ","
                Self.write(name, to: &buffer)
                buffer.writeStaticString(":")
                value.write(to: &buffer)
            }
            buffer.writeStaticString(members.isEmpty ? "{}" : "}")
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static func write(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("\"")
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            buffer.writeString(text)
        } else {
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    buffer.writeBytes([UInt8(ascii: "\\"), byte])
                case ..<0x20:
                    buffer.writeStaticString("\\u00")
                    buffer.writeBytes([hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]])
                default:
                    buffer.writeInteger(byte)
                }
            }
        }
        buffer.writeStaticString("\"")
    }
}
