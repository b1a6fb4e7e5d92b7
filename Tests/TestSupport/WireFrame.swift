package import HTTPWire
import Testing

/// One frame of HTTP/2, as a peer would read or write it.
package struct WireFrame: Equatable {
    package var kind: HTTP2FrameKind
    package var flags: UInt8
    package var stream: UInt32
    package var payload: [UInt8]

    package init(kind: HTTP2FrameKind, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = []) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    package var bytes: [UInt8] { Self.bytes(kind.rawValue, flags, stream, payload) }

    package static func bytes(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let length = UInt32(payload.count)
        return [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), kind, flags]
            + stream.octets + payload
    }

    package static func settings(_ values: (UInt16, UInt32)...) -> [UInt8] { settings(values) }

    package static func settings(_ values: [(UInt16, UInt32)]) -> [UInt8] {
        bytes(4, 0, 0, values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xFF)] + $0.1.octets })
    }

    /// HEADERS in one frame; `status` is written as an index where there is one.
    package static func head(
        _ stream: UInt32, _ status: String = "200", _ fields: String..., ends: Bool = false
    ) -> [UInt8] {
        bytes(1, ends ? 5 : 4, stream, block(status, fields))
    }

    /// A block of fields written `name: value`; a status of no characters is left out.
    package static func block(_ status: String, _ fields: [String] = []) -> [UInt8] {
        var block: [UInt8] = status == "200" ? [0x88] : status.isEmpty ? [] : [0x08, UInt8(status.utf8.count)]
        if status != "200" { block += status.utf8 }
        for field in fields {
            let separator = field.dropFirst().firstIndex(of: ":") ?? field.endIndex
            block += literal(String(field[..<separator]), String(field[separator...].dropFirst(2)))
        }
        return block
    }

    /// A field that no table has; `pattern` says what the peer does with it.
    package static func literal(_ name: String, _ value: String, pattern: UInt8 = 0) -> [UInt8] {
        [pattern] + string(name) + string(value)
    }

    /// The length as a number with a prefix of seven bits, and the bytes as they are.
    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        var rest = bytes.count - 127
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    package static func data(_ stream: UInt32, _ text: String, ends: Bool = false) -> [UInt8] {
        bytes(0, ends ? 1 : 0, stream, Array(text.utf8))
    }

    package static func window(_ stream: UInt32, _ increment: UInt32) -> [UInt8] {
        bytes(8, 0, stream, increment.octets)
    }

    package static func reset(_ stream: UInt32, _ reason: HTTP2Reason) -> [UInt8] {
        bytes(3, 0, stream, reason.rawValue.octets)
    }

    package static func goAway(_ last: UInt32, _ reason: HTTP2Reason) -> [UInt8] {
        bytes(7, 0, 0, last.octets + reason.rawValue.octets)
    }

    /// All frames of bytes that are whole frames.
    package static func all(_ bytes: [UInt8]) -> [WireFrame] {
        var frames: [WireFrame] = []
        var place = 0
        while place + 9 <= bytes.count {
            let length = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
            let stream = bytes[(place + 5)..<(place + 9)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let end = min(bytes.count, place + 9 + length)
            frames.append(
                WireFrame(
                    kind: HTTP2FrameKind(rawValue: bytes[place + 3]) ?? .unknown, flags: bytes[place + 4],
                    stream: stream, payload: Array(bytes[(place + 9)..<end])
                )
            )
            place = end
        }
        #expect(place == bytes.count, "what was written ends within a frame")
        return frames
    }
}

extension UInt32 {
    package var octets: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}
