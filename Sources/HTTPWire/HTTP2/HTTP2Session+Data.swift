extension HTTP2Session {
    /// A frame DATA begins: its whole length counts, padding included, whoever it is for.
    mutating func beginData() throws(HTTP2Error) -> HTTP2Event? {
        let slot = try slot(for: stream, .data)
        let isLast = flags & HTTP2Frame.Flags.endStream != 0
        let isPadded = flags & HTTP2Frame.Flags.padded != 0
        if isPadded, remaining == 0 { throw error(.malformedFrame(.data)) }
        try countReceived(remaining)
        padding = 0
        dataSlot = slot
        state = isPadded ? .padLength : .data
        if let slot, !countReceived(remaining, on: slot, isLast: isLast) { return fail(slot, .windowExceeded) }
        return isPadded ? nil : try checkData()
    }

    mutating func takePadLength(_ input: inout UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        padding = Int(input[0])
        drop(1, of: &input)
        guard padding < remaining else { throw error(.paddingTooLong(.data)) }
        remaining -= 1 + padding
        state = .data
        return try checkData()
    }

    /// Looks at a frame whose length of data is known; what does not fit its response is not handed on.
    private mutating func checkData() throws(HTTP2Error) -> HTTP2Event? {
        let isLast = flags & HTTP2Frame.Flags.endStream != 0
        if remaining > 0 || isLast { idleFrames = 0 } else { try countIdle() }
        guard let slot = dataSlot else { return nil }
        guard streams[slot].phase == .body else { return fail(slot, .bodyBeforeHead) }
        if remaining > 0, streams[slot].isBodiless { return fail(slot, .forbiddenBody) }
        let total = streams[slot].response.bodyBytes + UInt64(remaining)
        if let announced = streams[slot].contentLength, total > announced || (isLast && total < announced) {
            return fail(slot, .wrongLength(total, announced: announced))
        }
        return nil
    }

    /// Hands on what has come of a frame's data.
    mutating func takeData(_ input: inout UnsafeRawBufferPointer) -> HTTP2Event? {
        let piece = UnsafeRawBufferPointer(rebasing: input[..<min(remaining, input.count)])
        drop(piece.count, of: &input)
        remaining -= piece.count
        let slot = dataSlot
        if remaining == 0 {
            remaining = padding
            state = padding > 0 ? .skipped : .frameHeader
            dataSlot = nil
            if flags & HTTP2Frame.Flags.endStream != 0 { endingSlot = slot }
        }
        guard let slot else { return nil }
        if !piece.isEmpty {
            streams[slot].response.bodyBytes += UInt64(piece.count)
            return .body(slot: slot, piece)
        }
        guard endingSlot == slot else { return nil }
        endingSlot = nil
        return end(slot)
    }
}
