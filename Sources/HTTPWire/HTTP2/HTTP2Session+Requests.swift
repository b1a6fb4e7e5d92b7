extension HTTP2Session {
    /// Sends a request that was written for HTTP/1.1: request line, fields, empty line, body.
    ///
    /// The target becomes `:path`, `Host` becomes `:authority`, names become small, and fields of the connection
    /// (`Connection`, `Keep-Alive`, `Transfer-Encoding`, `Upgrade`, `TE` but for `trailers`) are left out. The body is
    /// sent as far as the peer's windows allow; the rest is kept and follows as they open.
    ///
    /// - Parameter slot: a free slot; the request's events carry it.
    package mutating func request(_ bytes: UnsafeRawBufferPointer, slot: Int) -> HTTP2Admission {
        precondition(slot >= 0 && slot < slots && streams[slot].id == 0, "the slot is in use")
        guard !isClosing else { return .closing }
        guard room > 0 else { return .full }
        guard let head = RenderedHead(bytes) else { return .malformed }
        let id = nextStream
        let start = out.count
        let hasBody = head.end < bytes.count
        writeFrameHeader(
            .headers, flags: HTTP2Frame.Flags.endHeaders | (hasBody ? 0 : HTTP2Frame.Flags.endStream), length: 0,
            stream: id
        )
        writeFields(of: head, in: bytes)
        frameBlock(from: start, stream: id)
        nextStream = id + 2
        streams[slot].begin(id, isHeadRequest: head.isHead(in: bytes), sendWindow: peerWindow)
        index.insert(id, slot: slot)
        setAbandoned(id, false)
        openStreams += 1
        idleFrames = 0
        if hasBody { send(UnsafeRawBufferPointer(rebasing: bytes[head.end...]), of: slot) }
        return .opened(stream: id)
    }

    /// Gives up the request in a slot; what still comes for it is passed over, and the slot is free.
    package mutating func cancel(_ slot: Int) {
        guard slot >= 0, slot < slots, streams[slot].id != 0 else { return }
        abandon(slot, .cancel)
    }

    private mutating func writeFields(of head: RenderedHead, in bytes: UnsafeRawBufferPointer) {
        encoder.begin(into: &out)
        // Pseudo-header fields come first.
        let method = UnsafeRawBufferPointer(rebasing: bytes[head.method])
        if Octets.isSame(method, "GET") {
            encoder.write(entry: 2, to: &out)
        } else if Octets.isSame(method, "POST") {
            encoder.write(entry: 3, to: &out)
        } else {
            encoder.write(entry: 2, name: Self.nothing, value: method, to: &out)
        }
        encoder.write(entry: isEncrypted ? 7 : 6, to: &out)
        if let host = head.host {
            encoder.write(entry: 1, name: Self.nothing, value: UnsafeRawBufferPointer(rebasing: bytes[host]), to: &out)
        }
        let target = UnsafeRawBufferPointer(rebasing: bytes[head.target])
        if target.count == 1, target[0] == 0x2F {
            encoder.write(entry: 4, to: &out)
        } else {
            encoder.write(entry: 4, name: Self.nothing, value: target, to: &out)
        }
        let names = StaticTable.shared
        var place = head.fields.lowerBound
        while place < head.fields.upperBound, let line = RenderedHead.line(in: bytes, from: place),
            let colon = RenderedHead.colon(in: bytes, place..<line)
        {
            let name = UnsafeRawBufferPointer(rebasing: bytes[place..<colon])
            let range = RenderedHead.value(in: bytes, (colon + 1)..<line)
            let value = UnsafeRawBufferPointer(rebasing: bytes[range])
            switch names.name(name) {
            case .entry(let entry): encoder.write(entry: entry, name: name, value: value, to: &out)
            case .te where Octets.equals(value, ignoringCase: "trailers"):
                encoder.write(entry: 0, name: name, value: value, to: &out)
            case .te, .host, .dropped: break
            }
            place = line + 2
        }
    }

    private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    /// Makes the block that was written after a frame's header at `start` that frame, and others where it is too long.
    private mutating func frameBlock(from start: Int, stream: UInt32) {
        var place = start
        var length = out.count - start - HTTP2Frame.headerBytes
        if length > peerFrame {
            let flags = out.bytes[start + 4]
            out.set(flags & ~HTTP2Frame.Flags.endHeaders, at: start + 4)
            while length > peerFrame {
                setLength(peerFrame, at: place)
                length -= peerFrame
                place += HTTP2Frame.headerBytes + peerFrame
                out.openGap(of: HTTP2Frame.headerBytes, at: place)
                out.set(HTTP2FrameKind.continuation.rawValue, at: place + 3)
                out.set(length > peerFrame ? 0 : HTTP2Frame.Flags.endHeaders, at: place + 4)
                for byte in 0..<4 {
                    out.set(UInt8(truncatingIfNeeded: stream >> UInt32(24 - byte * 8)), at: place + 5 + byte)
                }
            }
        }
        setLength(length, at: place)
    }

    private mutating func setLength(_ length: Int, at place: Int) {
        out.set(UInt8(length >> 16 & 0xFF), at: place)
        out.set(UInt8(length >> 8 & 0xFF), at: place + 1)
        out.set(UInt8(length & 0xFF), at: place + 2)
    }

    /// Where the parts of a request written for HTTP/1.1 are.
    struct RenderedHead {
        let method: Range<Int>
        let target: Range<Int>
        let fields: Range<Int>
        /// Where the body begins.
        let end: Int
        var host: Range<Int>?

        init?(_ bytes: UnsafeRawBufferPointer) {
            guard let line = Self.line(in: bytes, from: 0) else { return nil }
            var place = 0
            while place < line, bytes[place] != Octets.space { place += 1 }
            guard place > 0, place < line else { return nil }
            method = 0..<place
            let start = place + 1
            place = start
            while place < line, bytes[place] != Octets.space { place += 1 }
            guard place > start, place < line else { return nil }
            target = start..<place
            place = line + 2
            let first = place
            while let line = Self.line(in: bytes, from: place), line > place {
                guard let colon = Self.colon(in: bytes, place..<line) else { return nil }
                if host == nil, colon - place == 4,
                    Octets.equals(UnsafeRawBufferPointer(rebasing: bytes[place..<colon]), ignoringCase: "host")
                {
                    host = Self.value(in: bytes, (colon + 1)..<line)
                }
                place = line + 2
            }
            guard Self.line(in: bytes, from: place) == place else { return nil }
            fields = first..<place
            end = place + 2
        }

        /// Where the line that begins at a place ends, before its CR LF.
        @inline(__always)
        static func line(in bytes: UnsafeRawBufferPointer, from place: Int) -> Int? {
            guard place < bytes.count,
                let end = Octets.firstLineFeed(in: UnsafeRawBufferPointer(rebasing: bytes[place...]))
            else { return nil }
            return end > 0 && bytes[place + end - 1] == Octets.carriageReturn ? place + end - 1 : nil
        }

        @inline(__always)
        static func colon(in bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> Int? {
            var place = line.lowerBound
            while place < line.upperBound, bytes[place] != Octets.colon { place += 1 }
            return place < line.upperBound && place > line.lowerBound ? place : nil
        }

        @inline(__always)
        static func value(in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Range<Int> {
            var start = range.lowerBound
            var end = range.upperBound
            while start < end, bytes[start] == Octets.space || bytes[start] == Octets.tab { start += 1 }
            while end > start, bytes[end - 1] == Octets.space || bytes[end - 1] == Octets.tab { end -= 1 }
            return start..<end
        }

        func isHead(in bytes: UnsafeRawBufferPointer) -> Bool {
            method.count == 4 && bytes[0] == 0x48 && bytes[1] == 0x45 && bytes[2] == 0x41 && bytes[3] == 0x44
        }
    }
}
