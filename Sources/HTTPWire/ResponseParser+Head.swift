extension ResponseParser {
    /// Takes bytes of the head up to the end of one line.
    mutating func feedHead(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
        let room = limits.headBytes - headBytes
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
        let end = Octets.firstLineFeed(in: window)
        let count = end.map { $0 + 1 } ?? window.count
        response.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: window[..<count]))
        headBytes += count
        guard end != nil else {
            position += UInt64(count)
            if bytes.count > room { throw WireError(.headTooLarge(limit: limits.headBytes), at: position) }
            return count
        }
        try readHeadLine()
        position += UInt64(count)
        return count
    }

    /// Reads the line that has just become complete; ``position`` still stands before its last part.
    private mutating func readHeadLine() throws(WireError) {
        let start = lineStart
        let end = response.bytes.count
        lineStart = end
        let base = UInt64(headBytes - (end - start))
        guard end - start >= 2, response.bytes[end - 2] == Octets.carriageReturn else {
            throw WireError(.bareLineFeed, at: base + UInt64(end - start - 1))
        }
        let content = start..<(end - 2)
        switch state {
        case .statusLine:
            try readStatusLine(content, at: base)
            state = .fields
        default:
            if content.isEmpty { return try endHead(at: base) }
            try readField(content, at: base)
        }
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing together with its space.
    private mutating func readStatusLine(_ range: Range<Int>, at base: UInt64) throws(WireError) {
        var code = 0
        let failure: WireError? = response.bytes.withUnsafeBytes { head in
            let line = UnsafeRawBufferPointer(rebasing: head[range])
            guard line.count >= 8, Octets.equals(UnsafeRawBufferPointer(rebasing: line[..<5]), ignoringCase: "http/"),
                line[0] == 0x48, line[1] == 0x54, line[2] == 0x54, line[3] == 0x50,
                Octets.isDigit(line[5]), line[6] == 0x2E, Octets.isDigit(line[7])
            else { return WireError(.malformedStatusLine, at: base) }
            guard line[5] == 0x31, line[7] == 0x30 || line[7] == 0x31 else {
                return WireError(.unsupportedVersion, at: base + 5)
            }
            minorVersion = line[7] - 0x30
            guard line.count >= 12, line[8] == Octets.space, line[9] != 0x30,
                Octets.isDigit(line[9]), Octets.isDigit(line[10]), Octets.isDigit(line[11]),
                line.count == 12 || line[12] == Octets.space
            else { return WireError(.malformedStatusLine, at: base + 8) }
            for index in line.indices.dropFirst(12) where !Octets.isFieldValue(line[index]) {
                return WireError(.malformedStatusLine, at: base + UInt64(index))
            }
            code = Int(line[9] - 0x30) * 100 + Int(line[10] - 0x30) * 10 + Int(line[11] - 0x30)
            return nil
        }
        if let failure { throw failure }
        response.status = code
    }

    private mutating func readField(_ range: Range<Int>, at base: UInt64) throws(WireError) {
        guard response.fields.count < limits.fieldCount else {
            throw WireError(.tooManyFields(limit: limits.fieldCount), at: base)
        }
        let (field, failure): (ResponseHead.Field, WireError?) = response.bytes.withUnsafeBytes { head in
            let line = UnsafeRawBufferPointer(rebasing: head[range])
            let nothing = ResponseHead.Field(name: 0..<0, value: 0..<0)
            if line[0] == Octets.space || line[0] == Octets.tab { return (nothing, WireError(.foldedField, at: base)) }
            var colon = 0
            while colon < line.count, Octets.isToken(line[colon]) { colon += 1 }
            guard colon > 0, colon < line.count, line[colon] == Octets.colon else {
                return (nothing, WireError(.malformedFieldName, at: base + UInt64(colon)))
            }
            var start = colon + 1
            var end = line.count
            if let place = Octets.firstForbidden(inFieldValue: UnsafeRawBufferPointer(rebasing: line[start...])) {
                return (nothing, WireError(.malformedFieldValue, at: base + UInt64(start + place)))
            }
            while start < end, line[start] == Octets.space || line[start] == Octets.tab { start += 1 }
            while end > start, line[end - 1] == Octets.space || line[end - 1] == Octets.tab { end -= 1 }
            let first = range.lowerBound
            return (ResponseHead.Field(name: first..<(first + colon), value: (first + start)..<(first + end)), nil)
        }
        if let failure { throw failure }
        response.append(field)
        try interpret(field, at: base)
    }

    /// Notes what the fields about framing and the connection say.
    private mutating func interpret(_ field: ResponseHead.Field, at base: UInt64) throws(WireError) {
        // Names of other lengths cannot be one of the three, and most are.
        guard field.name.count == 14 || field.name.count == 17 || field.name.count == 10 else { return }
        let failure: WireError? = response.bytes.withUnsafeBytes { head in
            let name = UnsafeRawBufferPointer(rebasing: head[field.name])
            let value = UnsafeRawBufferPointer(rebasing: head[field.value])
            if Octets.equals(name, ignoringCase: "content-length") {
                guard let length = ResponseHead.decimal(value) else { return WireError(.malformedLength, at: base) }
                if let contentLength, contentLength != length { return WireError(.conflictingLengths, at: base) }
                contentLength = length
            } else if Octets.equals(name, ignoringCase: "transfer-encoding") {
                guard !isChunked, minorVersion == 1, Octets.equals(value, ignoringCase: "chunked") else {
                    return WireError(.unsupportedTransferCoding, at: base)
                }
                isChunked = true
            } else if Octets.equals(name, ignoringCase: "connection") {
                Octets.forEachMember(of: value) { member in
                    if Octets.equals(member, ignoringCase: "close") { connectionClose = true }
                    if Octets.equals(member, ignoringCase: "keep-alive") { connectionKeepAlive = true }
                }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Decides where the body ends (RFC 9112, section 6.3).
    private mutating func endHead(at base: UInt64) throws(WireError) {
        if isChunked, contentLength != nil { throw WireError(.bothLengthAndCoding, at: base) }
        if status < 200 {
            if status == 101 { throw WireError(.switchedProtocols, at: base) }
            guard interimCount < limits.interimResponses else {
                throw WireError(.tooManyInterimResponses(limit: limits.interimResponses), at: base)
            }
            interimCount += 1
            forgetHead()
            state = .statusLine
            return
        }
        keepsAlive = !connectionClose && (minorVersion == 1 || connectionKeepAlive)
        if isHeadRequest || status == 204 || status == 304 {
            state = .complete
        } else if isChunked {
            state = .chunkLine
        } else if let contentLength {
            if let limit = limits.bodyBytes, contentLength > limit {
                throw WireError(.bodyTooLarge(limit: limit), at: base)
            }
            state = contentLength == 0 ? .complete : .fixedBody(remaining: contentLength)
        } else {
            keepsAlive = false
            state = .bodyToClose
        }
    }
}
