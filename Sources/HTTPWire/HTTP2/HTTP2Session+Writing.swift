extension HTTP2Session {
    mutating func writeFrameHeader(_ kind: HTTP2FrameKind, flags: UInt8 = 0, length: Int, stream: UInt32) {
        let place = out.reserve(HTTP2Frame.headerBytes)
        place.storeBytes(of: (UInt32(length) << 8 | UInt32(kind.rawValue)).bigEndian, as: UInt32.self)
        place.storeBytes(of: flags, toByteOffset: 4, as: UInt8.self)
        place.storeBytes(of: stream.bigEndian, toByteOffset: 5, as: UInt32.self)
        out.advance(HTTP2Frame.headerBytes)
    }

    mutating func writeSetting(_ id: UInt16, _ value: Int) {
        out.append(bigEndian: id)
        out.append(bigEndian: UInt32(value))
    }

    mutating func writeWindowUpdate(_ increment: Int, stream: UInt32) {
        writeFrameHeader(.windowUpdate, length: 4, stream: stream)
        out.append(bigEndian: UInt32(increment))
    }

    mutating func writeReset(_ reason: HTTP2Reason, stream: UInt32) {
        writeFrameHeader(.reset, length: 4, stream: stream)
        out.append(bigEndian: reason.rawValue)
    }

    mutating func writeGoAway(_ reason: HTTP2Reason) {
        writeFrameHeader(.goAway, length: 8, stream: 0)
        // The last stream of the peer's that was looked at; a server opens none.
        out.append(bigEndian: UInt32(0))
        out.append(bigEndian: reason.rawValue)
    }
}
