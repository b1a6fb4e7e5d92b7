extension HTTP2Session {
    /// How far back it is known which streams were given up: 4096 streams.
    static let abandonedWords = 64

    private static func place(of stream: UInt32) -> (word: Int, bit: UInt64) {
        let number = Int(stream >> 1)
        return (number >> 6 & (abandonedWords - 1), 1 << UInt64(number & 63))
    }

    mutating func setAbandoned(_ stream: UInt32, _ isAbandoned: Bool) {
        let (word, bit) = Self.place(of: stream)
        if isAbandoned { abandoned[word] |= bit } else { abandoned[word] &= ~bit }
    }

    /// Whether frames on a stream that is not open may be on their way since before the peer knew.
    ///
    /// Streams too old to be remembered are given the benefit of the doubt.
    private func isAbandoned(_ stream: UInt32) -> Bool {
        if Int(nextStream - stream) >> 1 > Self.abandonedWords * 64 { return true }
        let (word, bit) = Self.place(of: stream)
        return abandoned[word] & bit != 0
    }

    /// Whether the stream was never opened; those a server might open all are.
    func isIdle(_ stream: UInt32) -> Bool { stream & 1 == 0 || stream >= nextStream }

    /// The slot a frame with content is for, nil where nobody wants it any more.
    func slot(for stream: UInt32, _ kind: HTTP2FrameKind) throws(HTTP2Error) -> Int? {
        guard stream != 0 else { throw error(.misplacedFrame(kind)) }
        if let slot = index.slot(of: stream) { return slot }
        guard !isIdle(stream) else { throw error(.idleStream(kind), stream) }
        guard isAbandoned(stream) else { throw error(.endedStream(kind), stream) }
        return nil
    }

    func error(_ code: HTTP2Error.Code, _ stream: UInt32 = 0) -> HTTP2Error {
        HTTP2Error(code, stream: stream, at: frameStart)
    }

    /// Frees a slot.
    private mutating func release(_ slot: Int) {
        index.remove(streams[slot].id)
        streams[slot].id = 0
        if streams[slot].isBlocked { blockedStreams -= 1 }
        streams[slot].forgetUnsent()
        openStreams -= 1
        if dataSlot == slot { dataSlot = nil }
        if endingSlot == slot { endingSlot = nil }
    }

    /// Gives a stream up from this side.
    mutating func abandon(_ slot: Int, _ reason: HTTP2Reason) {
        let id = streams[slot].id
        // A stream that has ended on both sides is closed, and nothing may be sent on it.
        if endingSlot != slot || streams[slot].isBlocked {
            writeReset(reason, stream: id)
            setAbandoned(id, true)
        }
        release(slot)
    }

    /// A request fails for what the peer sent, and the peer is told.
    mutating func fail(_ slot: Int, _ code: HTTP2Error.Code) -> HTTP2Event {
        let error = error(code, streams[slot].id)
        abandon(slot, error.reason)
        return .failed(slot: slot, error)
    }

    /// A request fails because the peer has closed its stream.
    mutating func close(_ slot: Int, _ code: HTTP2Error.Code) -> HTTP2Event {
        let error = error(code, streams[slot].id)
        release(slot)
        return .failed(slot: slot, error)
    }

    /// A response has ended as it should.
    mutating func end(_ slot: Int) -> HTTP2Event {
        if streams[slot].isBlocked {
            // The peer answered without waiting for the whole request; the rest of it is not sent.
            writeReset(.cancel, stream: streams[slot].id)
            setAbandoned(streams[slot].id, true)
        }
        release(slot)
        return .end(slot: slot)
    }
}
