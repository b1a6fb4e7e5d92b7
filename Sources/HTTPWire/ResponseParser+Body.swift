extension ResponseParser {
    mutating func feedFixed(
        _ bytes: UnsafeRawBufferPointer, remaining: UInt64, body: (UnsafeRawBufferPointer) -> Void
    ) throws(WireError) -> Int {
        let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(min(remaining, UInt64(bytes.count)))))
        let taken = try deliver(piece, body: body)
        let left = remaining - UInt64(taken)
        state = left == 0 ? .complete : .fixedBody(remaining: left)
        return taken
    }

    mutating func feedChunkData(
        _ bytes: UnsafeRawBufferPointer, remaining: UInt64, body: (UnsafeRawBufferPointer) -> Void
    ) throws(WireError) -> Int {
        let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(min(remaining, UInt64(bytes.count)))))
        let taken = try deliver(piece, body: body)
        let left = remaining - UInt64(taken)
        state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
        return taken
    }

    /// Hands a piece of the body on; a piece that crosses the limit is not.
    mutating func deliver(
        _ bytes: UnsafeRawBufferPointer, body: (UnsafeRawBufferPointer) -> Void
    ) throws(WireError) -> Int {
        let (total, overflow) = bodyBytes.addingReportingOverflow(UInt64(bytes.count))
        if let limit = limits.bodyBytes, overflow || total > limit {
            // The place is that of the first byte too many, wherever the piece began.
            throw WireError(.bodyTooLarge(limit: limit), at: position + limit - bodyBytes)
        }
        body(bytes)
        response.bodyBytes = total
        position += UInt64(bytes.count)
        return bytes.count
    }

    /// Takes bytes of a line between chunks or of a trailer, up to the end of that line.
    mutating func feedFraming(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
        let bound: Int
        let code: WireError.Code
        switch state {
        case .chunkLine: (bound, code) = (limits.chunkLineBytes, .chunkLineTooLong(limit: limits.chunkLineBytes))
        case .chunkEnd: (bound, code) = (2, .malformedChunkEnd)
        default: (bound, code) = (limits.trailerBytes - trailerBytes, .trailersTooLarge(limit: limits.trailerBytes))
        }
        let room = bound - line.count
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
        let end = Octets.firstLineFeed(in: window)
        let count = end.map { $0 + 1 } ?? window.count
        line.append(contentsOf: UnsafeRawBufferPointer(rebasing: window[..<count]))
        position += UInt64(count)
        guard end != nil else {
            // A chunk's end is two bytes, so that the second of them decides at once.
            if bytes.count > room || (state == .chunkEnd && line.count == 2) { throw WireError(code, at: position) }
            return count
        }
        try readFramingLine()
        line.removeAll(keepingCapacity: true)
        return count
    }

    private mutating func readFramingLine() throws(WireError) {
        guard line.count >= 2, line[line.count - 2] == Octets.carriageReturn else {
            throw WireError(state == .chunkEnd ? .malformedChunkEnd : .bareLineFeed, at: position - 1)
        }
        let start = position - UInt64(line.count)
        switch state {
        case .chunkLine: try readChunkLine(at: start)
        case .chunkEnd: state = .chunkLine
        default:
            trailerBytes += line.count
            if line.count == 2 {
                state = .complete
            } else {
                try checkTrailer(at: start)
            }
        }
    }

    /// `1a2b` or `1a2b;name=value`; extensions are skipped but must be free of control characters.
    private mutating func readChunkLine(at start: UInt64) throws(WireError) {
        var size: UInt64 = 0
        var digits = 0
        let end = line.count - 2
        while digits < end, let value = Octets.hexValue(line[digits]) {
            guard digits < limits.chunkSizeDigits else {
                throw WireError(.chunkSizeTooLong(limit: limits.chunkSizeDigits), at: start)
            }
            size = size << 4 | UInt64(value)
            digits += 1
        }
        guard digits > 0 else { throw WireError(.malformedChunkSize, at: start) }
        var index = digits
        while index < end, line[index] == Octets.space || line[index] == Octets.tab { index += 1 }
        // Blanks alone after the size are read differently by intermediaries; before an extension they are allowed.
        guard index == digits && index == end || index < end && line[index] == 0x3B else {
            throw WireError(.malformedChunkSize, at: start + UInt64(digits))
        }
        while index < end {
            guard Octets.isFieldValue(line[index]) else {
                throw WireError(.malformedChunkSize, at: start + UInt64(index))
            }
            index += 1
        }
        state = size == 0 ? .trailers : .chunkData(remaining: size)
    }

    /// A trailer is read like a header field and then forgotten; one that others may take for framing is refused.
    private func checkTrailer(at start: UInt64) throws(WireError) {
        let end = line.count - 2
        if line[0] == Octets.space || line[0] == Octets.tab { throw WireError(.foldedField, at: start) }
        var colon = 0
        while colon < end, Octets.isToken(line[colon]) { colon += 1 }
        guard colon > 0, colon < end, line[colon] == Octets.colon else {
            throw WireError(.malformedFieldName, at: start + UInt64(colon))
        }
        let isFraming = line.withUnsafeBytes { line in
            let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
            return Octets.equals(name, ignoringCase: "content-length")
                || Octets.equals(name, ignoringCase: "transfer-encoding")
        }
        if isFraming { throw WireError(.framingInTrailers, at: start) }
        for index in (colon + 1)..<end where !Octets.isFieldValue(line[index]) {
            throw WireError(.malformedFieldValue, at: start + UInt64(index))
        }
    }
}
