extension HTTP2Session {
    /// Takes bytes off the front of `input` up to the next event; nil once all are taken.
    ///
    /// Between two calls the session may be changed: a response's end is a good place for the next request. A piece of
    /// a body lies in the bytes of `input`.
    package mutating func next(_ input: inout UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        if let failure { throw failure }
        if let slot = endingSlot {
            endingSlot = nil
            return end(slot)
        }
        if sweptSlot != nil, let event = sweep() { return event }
        do throws(HTTP2Error) {
            while true {
                let event: HTTP2Event?
                switch state {
                case .frameHeader:
                    guard try takeFrameHeader(&input) else { return nil }
                    event = try beginFrame()
                case .padLength:
                    guard !input.isEmpty else { return nil }
                    event = try takePadLength(&input)
                case .data:
                    guard remaining == 0 || !input.isEmpty else { return nil }
                    event = takeData(&input)
                case .payload:
                    guard let payload = take(remaining, of: &input) else { return nil }
                    state = .frameHeader
                    // What was collected of the frame stands until the next one begins.
                    event = try readPayload(payload)
                    partial.dropFirst(partial.count)
                case .skipped:
                    guard remaining == 0 || !input.isEmpty else { return nil }
                    let count = min(remaining, input.count)
                    drop(count, of: &input)
                    remaining -= count
                    if remaining == 0 { state = .frameHeader }
                    event = nil
                }
                if let event { return event }
            }
        } catch {
            failure = error
            if error.code != .speaksHTTP1 { writeGoAway(error.reason) }
            throw error
        }
    }

    /// Takes the peer's end of the connection: an error where requests are open or a frame is unfinished.
    package mutating func finish() throws(HTTP2Error) {
        if let failure { throw failure }
        let error: HTTP2Error
        if state != .frameHeader || partial.count > 0 || blockStream != 0 {
            error = HTTP2Error(.closedInFrame, at: received)
        } else if openStreams > 0 {
            error = HTTP2Error(.closedBeforeEnd, at: received)
        } else {
            return
        }
        failure = error
        throw error
    }

    // MARK: - Bytes

    @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    @inline(__always)
    mutating func drop(_ count: Int, of input: inout UnsafeRawBufferPointer) {
        input = UnsafeRawBufferPointer(rebasing: input[count...])
        received += UInt64(count)
    }

    /// So many bytes as a whole, put together where they came in pieces; nil until they are there.
    @inline(__always)
    private mutating func take(_ count: Int, of input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        if partial.count == 0, input.count >= count {
            let bytes = UnsafeRawBufferPointer(rebasing: input[..<count])
            drop(count, of: &input)
            return bytes
        }
        let missing = min(count - partial.count, input.count)
        partial.append(UnsafeRawBufferPointer(rebasing: input[..<missing]))
        drop(missing, of: &input)
        return partial.count == count ? partial.bytes : nil
    }

    private mutating func takeFrameHeader(_ input: inout UnsafeRawBufferPointer) throws(HTTP2Error) -> Bool {
        if partial.count == 0 {
            guard !input.isEmpty else { return false }
            frameStart = received
        }
        guard let header = take(HTTP2Frame.headerBytes, of: &input) else { return false }
        let first = Self.word(header, at: 0)
        remaining = Int(first >> 8)
        kind = HTTP2FrameKind(rawValue: UInt8(truncatingIfNeeded: first)) ?? .unknown
        flags = header[4]
        stream = Self.word(header, at: 5) & 0x7FFF_FFFF
        if !hasSettings {
            guard !Octets.isSame(UnsafeRawBufferPointer(rebasing: header[..<7]), "HTTP/1.") else {
                throw error(.speaksHTTP1)
            }
            guard kind == .settings, flags & HTTP2Frame.Flags.acknowledgement == 0 else {
                throw error(.settingsNotFirst(kind))
            }
        }
        guard remaining <= HTTP2Frame.largestPayload else {
            throw error(.frameTooLarge(remaining, limit: HTTP2Frame.largestPayload))
        }
        partial.dropFirst(partial.count)
        return true
    }

    // MARK: - Frames

    private mutating func beginFrame() throws(HTTP2Error) -> HTTP2Event? {
        if blockStream != 0 {
            guard kind == .continuation, stream == blockStream else { throw error(.interruptedHeaders(kind)) }
        } else if kind == .continuation {
            throw error(.strayContinuation)
        }
        switch kind {
        case .data: return try beginData()
        case .pushPromise: throw error(.promisedPush)
        case .headers, .continuation: state = .payload
        case .settings, .ping, .goAway:
            guard stream == 0 else { throw error(.misplacedFrame(kind)) }
            state = .payload
        case .reset, .priority:
            guard stream != 0 else { throw error(.misplacedFrame(kind)) }
            state = .payload
        case .windowUpdate: state = .payload
        case .unknown:
            try countIdle()
            state = .skipped
        }
        return nil
    }

    /// Counts a frame that brings nothing forward.
    mutating func countIdle() throws(HTTP2Error) {
        idleFrames += 1
        // Where all requests are given up at once, what still comes for them is no flood.
        let limit = max(limits.idleFrames, slots * 4)
        guard idleFrames <= limit else { throw error(.idleFrames(kind, limit: limit)) }
    }

    private mutating func readPayload(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        switch kind {
        case .headers: return try readHeaders(payload)
        case .continuation: return try readContinuation(payload)
        case .settings: return try readSettings(payload)
        case .windowUpdate: return try readWindowUpdate(payload)
        case .reset: return try readReset(payload)
        case .goAway: return try readGoAway(payload)
        case .ping:
            guard payload.count == 8 else { throw error(.malformedFrame(.ping)) }
            try countIdle()
            guard flags & HTTP2Frame.Flags.acknowledgement == 0 else { return nil }
            writeFrameHeader(.ping, flags: HTTP2Frame.Flags.acknowledgement, length: 8, stream: 0)
            out.append(payload)
            acknowledged += 1
            return nil
        case .priority:
            try countIdle()
            guard payload.count != 5 else { return nil }
            guard let slot = index.slot(of: stream) else { throw error(.malformedFrame(.priority), stream) }
            return fail(slot, .malformedFrame(.priority))
        case .data, .pushPromise, .unknown: return nil
        }
    }

    private mutating func readReset(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        guard payload.count == 4 else { throw error(.malformedFrame(.reset)) }
        guard !isIdle(stream) else { throw error(.idleStream(.reset), stream) }
        guard let slot = index.slot(of: stream) else {
            try countIdle()
            return nil
        }
        return close(slot, .reset(HTTP2Reason(rawValue: Self.word(payload, at: 0))))
    }

    private mutating func readGoAway(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        guard payload.count >= 8 else { throw error(.malformedFrame(.goAway)) }
        let last = Self.word(payload, at: 0) & 0x7FFF_FFFF
        if let goneAfter {
            guard last <= goneAfter else { throw error(.raisedGoAway) }
            try countIdle()
        }
        goneAfter = last
        goneReason = HTTP2Reason(rawValue: Self.word(payload, at: 4))
        sweptSlot = 0
        return .goAway(lastStream: last, goneReason)
    }

    /// The next request the peer said it will not look at.
    private mutating func sweep() -> HTTP2Event? {
        while let slot = sweptSlot, let goneAfter {
            sweptSlot = slot + 1 < slots ? slot + 1 : nil
            if streams[slot].id > goneAfter { return close(slot, .unprocessed(goneReason)) }
        }
        return nil
    }

    private mutating func readSettings(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        let isAcknowledgement = flags & HTTP2Frame.Flags.acknowledgement != 0
        guard isAcknowledgement ? payload.isEmpty : payload.count % 6 == 0 else {
            throw error(.malformedFrame(.settings))
        }
        try countIdle()
        if isAcknowledgement { return nil }
        if !hasSettings {
            hasSettings = true
            // A peer that says nothing of it allows as many as anybody wants.
            peerStreams = Int.max
        }
        var place = 0
        while place < payload.count {
            let id = UInt16(Self.word(payload, at: place) >> 16)
            try readSetting(id, Self.word(payload, at: place + 2))
            place += 6
        }
        // First the acknowledgement: until it comes, the peer may count by what it had allowed before.
        writeFrameHeader(.settings, flags: HTTP2Frame.Flags.acknowledgement, length: 0, stream: 0)
        acknowledged += 1
        resumeAll()
        return .settings
    }

    private mutating func readSetting(_ id: UInt16, _ value: UInt32) throws(HTTP2Error) {
        switch id {
        case HTTP2Frame.Setting.headerTableSize: encoder.setTableSize(Int(value))
        case HTTP2Frame.Setting.enablePush:
            guard value == 0 else { throw error(.forbiddenSetting(id: id, value: value)) }
        case HTTP2Frame.Setting.maxConcurrentStreams: peerStreams = Int(value)
        case HTTP2Frame.Setting.initialWindowSize:
            guard value <= UInt32(HTTP2Frame.largestWindow) else {
                throw error(.forbiddenSetting(id: id, value: value))
            }
            try setPeerWindow(Int(value))
        case HTTP2Frame.Setting.maxFrameSize:
            guard value >= 16_384, value <= 16_777_215 else { throw error(.forbiddenSetting(id: id, value: value)) }
            peerFrame = Int(value)
        default: break
        }
    }
}
