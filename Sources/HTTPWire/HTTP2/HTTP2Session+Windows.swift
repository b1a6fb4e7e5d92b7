extension HTTP2Session {
    // MARK: - What is sent

    /// Sends a request's body as far as the windows allow and keeps the rest.
    mutating func send(_ body: UnsafeRawBufferPointer, of slot: Int) {
        let sent = writeData(body, of: slot)
        guard sent < body.count else { return }
        streams[slot].unsent.append(contentsOf: UnsafeRawBufferPointer(rebasing: body[sent...]))
        blockedStreams += 1
    }

    /// Writes frames DATA as far as the windows allow; returns how many bytes they took.
    private mutating func writeData(_ body: UnsafeRawBufferPointer, of slot: Int) -> Int {
        let stream = streams[slot].id
        var sent = 0
        while sent < body.count {
            let window = min(sendWindow, streams[slot].sendWindow)
            let length = min(window, peerFrame, body.count - sent)
            guard length > 0 else { break }
            let isLast = sent + length == body.count
            writeFrameHeader(.data, flags: isLast ? HTTP2Frame.Flags.endStream : 0, length: length, stream: stream)
            out.append(UnsafeRawBufferPointer(rebasing: body[sent..<(sent + length)]))
            sent += length
            sendWindow -= length
            streams[slot].sendWindow -= length
        }
        if sent > 0 { idleFrames = 0 }
        return sent
    }

    /// Sends more of a body that waits.
    private mutating func resume(_ slot: Int) {
        guard streams[slot].isBlocked else { return }
        let start = streams[slot].unsentStart
        let sent = streams[slot].unsent.withUnsafeBytes { bytes in
            writeData(UnsafeRawBufferPointer(rebasing: bytes[start...]), of: slot)
        }
        streams[slot].unsentStart += sent
        if !streams[slot].isBlocked {
            streams[slot].forgetUnsent()
            blockedStreams -= 1
        }
    }

    /// Sends more of all bodies that wait, beginning with another one every time.
    mutating func resumeAll() {
        guard blockedStreams > 0, sendWindow > 0 else { return }
        let first = nextShare
        for offset in 0..<slots where sendWindow > 0 && blockedStreams > 0 {
            let slot = (first + offset) % slots
            guard streams[slot].isBlocked else { continue }
            resume(slot)
            nextShare = (slot + 1) % slots
        }
    }

    /// The peer has changed the window that streams begin with, which moves the windows of those that are open.
    mutating func setPeerWindow(_ size: Int) throws(HTTP2Error) {
        let change = size - peerWindow
        peerWindow = size
        guard change != 0, openStreams > 0 else { return }
        for slot in 0..<slots where streams[slot].id != 0 {
            streams[slot].sendWindow += change
            guard streams[slot].sendWindow <= HTTP2Frame.largestWindow else { throw error(.windowOverflow) }
        }
    }

    mutating func readWindowUpdate(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        guard payload.count == 4 else { throw error(.malformedFrame(.windowUpdate)) }
        let increment = Int(Self.word(payload, at: 0) & 0x7FFF_FFFF)
        guard stream != 0 else {
            guard increment > 0 else { throw error(.windowUpdateOfZero) }
            sendWindow += increment
            guard sendWindow <= HTTP2Frame.largestWindow else { throw error(.windowOverflow) }
            resumeAll()
            return nil
        }
        guard let slot = index.slot(of: stream) else {
            guard !isIdle(stream) else { throw error(.idleStream(.windowUpdate), stream) }
            return nil
        }
        guard increment > 0 else { return fail(slot, .windowUpdateOfZero) }
        streams[slot].sendWindow += increment
        guard streams[slot].sendWindow <= HTTP2Frame.largestWindow else { return fail(slot, .windowOverflow) }
        resume(slot)
        return nil
    }

    // MARK: - What is received

    /// Takes a frame's data out of the connection's window, and opens it again once half of it is used.
    mutating func countReceived(_ length: Int) throws(HTTP2Error) {
        guard length <= receiveWindow else { throw error(.windowExceeded) }
        receiveWindow -= length
        guard receiveWindow <= Self.connectionWindow / 2 else { return }
        writeWindowUpdate(Self.connectionWindow - receiveWindow, stream: 0)
        receiveWindow = Self.connectionWindow
    }

    /// The same for a stream; false where the window had no room.
    mutating func countReceived(_ length: Int, on slot: Int, isLast: Bool) -> Bool {
        guard length <= streams[slot].receiveWindow else { return false }
        streams[slot].receiveWindow -= length
        guard !isLast, streams[slot].receiveWindow <= Self.streamWindow / 2 else { return true }
        writeWindowUpdate(Self.streamWindow - streams[slot].receiveWindow, stream: streams[slot].id)
        streams[slot].receiveWindow = Self.streamWindow
        return true
    }
}
