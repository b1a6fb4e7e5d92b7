extension ResponseParser {
    /// Takes bytes of the head, at most up to its end.
    mutating func feedHead(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
        if lineStart < response.bytes.count { return try feedUnfinishedLine(bytes) }
        let room = limits.headBytes - headBytes
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
        // Lines are read where they are, and kept all at once: from `kept` on they belong to the head being read.
        var place = 0
        var kept = 0
        while !hasHead, let length = Octets.firstLineFeed(in: UnsafeRawBufferPointer(rebasing: window[place...])) {
            let line = UnsafeRawBufferPointer(rebasing: window[place...(place + length)])
            let base = UInt64(headBytes)
            headBytes += line.count
            let isInterim = try readLine(line, at: response.bytes.count + place - kept, base: base)
            place += line.count
            position += UInt64(line.count)
            if isInterim { kept = place }
        }
        response.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: window[kept..<place]))
        lineStart = response.bytes.count
        if hasHead { return place }
        let rest = UnsafeRawBufferPointer(rebasing: window[place...])
        try checkBeginning(rest, at: UInt64(headBytes))
        response.bytes.append(contentsOf: rest)
        headBytes += rest.count
        position += UInt64(rest.count)
        if bytes.count > room { throw WireError(.headTooLarge(limit: limits.headBytes), at: position) }
        return window.count
    }

    /// Takes bytes up to the end of a line whose beginning came before them.
    private mutating func feedUnfinishedLine(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
        let room = limits.headBytes - headBytes
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
        let end = Octets.firstLineFeed(in: window)
        let count = end.map { $0 + 1 } ?? window.count
        response.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: window[..<count]))
        headBytes += count
        position += UInt64(count)
        guard end != nil else {
            let failure: WireError? = response.bytes.withUnsafeBytes { head in
                let line = UnsafeRawBufferPointer(rebasing: head[lineStart...])
                do throws(WireError) {
                    try checkBeginning(line, at: UInt64(headBytes - line.count))
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw failure }
            if bytes.count > room { throw WireError(.headTooLarge(limit: limits.headBytes), at: position) }
            return count
        }
        let start = lineStart
        lineStart = response.bytes.count
        let line = Array(response.bytes[start...])
        let base = UInt64(headBytes - line.count)
        let failure: WireError? = line.withUnsafeBytes { line in
            do throws(WireError) {
                _ = try readLine(line, at: start, base: base)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        return count
    }

    /// Reads a line with its end; says whether it ended an interim head, which is then forgotten.
    ///
    /// `offset` is where the line lies, or will lie, in the bytes of the response, `base` the place of its first byte.
    private mutating func readLine(
        _ line: UnsafeRawBufferPointer, at offset: Int, base: UInt64
    ) throws(WireError) -> Bool {
        let end = line.count - 2
        guard end >= 0, line[end] == Octets.carriageReturn else {
            try checkBeginning(line, at: base)
            throw WireError(.bareLineFeed, at: base + UInt64(line.count - 1))
        }
        let content = UnsafeRawBufferPointer(rebasing: line[..<end])
        if case .statusLine = state {
            try readStatusLine(content, at: base)
            state = .fields
        } else if content.isEmpty {
            try endHead(at: base)
            return !hasHead
        } else {
            try readField(content, offset: offset, at: base)
        }
        return false
    }

    /// Refuses what cannot become a status line as soon as that is seen: a peer that speaks another protocol may never
    /// end a line.
    private func checkBeginning(_ line: UnsafeRawBufferPointer, at base: UInt64) throws(WireError) {
        guard state == .statusLine else { return }
        let name: StaticString = "HTTP/"
        for index in 0..<min(line.count, name.utf8CodeUnitCount) where line[index] != name.utf8Start[index] {
            throw WireError(.malformedStatusLine, at: base)
        }
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing together with its space.
    private mutating func readStatusLine(_ line: UnsafeRawBufferPointer, at base: UInt64) throws(WireError) {
        guard line.count >= 8, line[0] == 0x48, line[1] == 0x54, line[2] == 0x54, line[3] == 0x50, line[4] == 0x2F,
            Octets.isDigit(line[5]), line[6] == 0x2E, Octets.isDigit(line[7])
        else { throw WireError(.malformedStatusLine, at: base) }
        guard line[5] == 0x31, line[7] == 0x30 || line[7] == 0x31 else {
            throw WireError(.unsupportedVersion, at: base + 5)
        }
        minorVersion = line[7] - 0x30
        guard line.count >= 12, line[8] == Octets.space, line[9] != 0x30,
            Octets.isDigit(line[9]), Octets.isDigit(line[10]), Octets.isDigit(line[11]),
            line.count == 12 || line[12] == Octets.space
        else { throw WireError(.malformedStatusLine, at: base + 8) }
        if let place = Octets.firstForbidden(inFieldValue: UnsafeRawBufferPointer(rebasing: line[12...])) {
            throw WireError(.malformedStatusLine, at: base + UInt64(12 + place))
        }
        response.status = Int(line[9] - 0x30) * 100 + Int(line[10] - 0x30) * 10 + Int(line[11] - 0x30)
    }

    private mutating func readField(
        _ line: UnsafeRawBufferPointer, offset: Int, at base: UInt64
    ) throws(WireError) {
        guard response.fields.count < limits.fieldCount else {
            throw WireError(.tooManyFields(limit: limits.fieldCount), at: base)
        }
        if line[0] == Octets.space || line[0] == Octets.tab { throw WireError(.foldedField, at: base) }
        var colon = 0
        while colon < line.count, Octets.isToken(line[colon]) { colon += 1 }
        guard colon > 0, colon < line.count, line[colon] == Octets.colon else {
            throw WireError(.malformedFieldName, at: base + UInt64(colon))
        }
        var start = colon + 1
        var end = line.count
        if let place = Octets.firstForbidden(inFieldValue: UnsafeRawBufferPointer(rebasing: line[start...])) {
            throw WireError(.malformedFieldValue, at: base + UInt64(start + place))
        }
        while start < end, line[start] == Octets.space || line[start] == Octets.tab { start += 1 }
        while end > start, line[end - 1] == Octets.space || line[end - 1] == Octets.tab { end -= 1 }
        let name = UnsafeRawBufferPointer(rebasing: line[..<colon])
        response.append(
            ResponseHead.Field(name: offset..<(offset + colon), value: (offset + start)..<(offset + end)), name: name)
        try interpret(name, UnsafeRawBufferPointer(rebasing: line[start..<end]), at: base)
    }

    /// Notes what the fields about framing and the connection say.
    private mutating func interpret(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, at base: UInt64
    ) throws(WireError) {
        // Names of other lengths cannot be one of the three, and most are.
        switch name.count {
        case 14 where Octets.equals(name, ignoringCase: "content-length"):
            guard let length = ResponseHead.decimal(value) else { throw WireError(.malformedLength, at: base) }
            if let contentLength, contentLength != length { throw WireError(.conflictingLengths, at: base) }
            contentLength = length
        case 17 where Octets.equals(name, ignoringCase: "transfer-encoding"):
            guard !isChunked, minorVersion == 1, Octets.equals(value, ignoringCase: "chunked") else {
                throw WireError(.unsupportedTransferCoding, at: base)
            }
            isChunked = true
        case 10 where Octets.equals(name, ignoringCase: "connection"):
            Octets.forEachMember(of: value) { member in
                if Octets.equals(member, ignoringCase: "close") { connectionClose = true }
                if Octets.equals(member, ignoringCase: "keep-alive") { connectionKeepAlive = true }
            }
        default: break
        }
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
