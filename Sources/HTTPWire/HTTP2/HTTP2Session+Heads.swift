extension HTTP2Session {
    mutating func readHeaders(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        _ = try slot(for: stream, .headers)
        var start = 0
        var end = payload.count
        if flags & HTTP2Frame.Flags.padded != 0 {
            guard let padding = payload.first else { throw error(.malformedFrame(.headers)) }
            start = 1
            end -= Int(padding)
        }
        if flags & HTTP2Frame.Flags.priority != 0 { start += 5 }
        guard start <= payload.count else { throw error(.malformedFrame(.headers)) }
        guard start <= end else { throw error(.paddingTooLong(.headers)) }
        let fragment = UnsafeRawBufferPointer(rebasing: payload[start..<end])
        blockEndsStream = flags & HTTP2Frame.Flags.endStream != 0
        if flags & HTTP2Frame.Flags.endHeaders != 0 { return try readBlock(fragment, of: stream) }
        blockStream = stream
        continuations = 0
        block.append(fragment)
        return nil
    }

    mutating func readContinuation(_ payload: UnsafeRawBufferPointer) throws(HTTP2Error) -> HTTP2Event? {
        continuations += 1
        guard continuations <= limits.continuations else {
            throw error(.tooManyContinuations(limit: limits.continuations))
        }
        guard block.count + payload.count <= limits.headBytes else {
            throw error(.headerBlockTooLarge(limit: limits.headBytes))
        }
        block.append(payload)
        guard flags & HTTP2Frame.Flags.endHeaders != 0 else { return nil }
        let stream = blockStream
        blockStream = 0
        defer { block.dropFirst(block.count) }
        return try readBlock(block.bytes, of: stream)
    }

    /// Decodes a whole block, whoever it is for, because all blocks share a table.
    private mutating func readBlock(
        _ block: UnsafeRawBufferPointer, of stream: UInt32
    ) throws(HTTP2Error) -> HTTP2Event? {
        // The stream may have been given up between the pieces.
        let slot = index.slot(of: stream)
        let outcome: HPACKDecoder.Outcome
        do throws(HPACKError) {
            if let slot, streams[slot].phase == .head {
                streams[slot].response.forget()
                outcome = try decoder.decode(block, into: &streams[slot].response)
            } else {
                unwanted.forget()
                outcome = try decoder.decode(block, into: &unwanted)
            }
        } catch {
            throw self.error(.compression(error), stream)
        }
        guard let slot else {
            try countIdle()
            return nil
        }
        switch outcome {
        case .complete: break
        case .listTooLarge: return fail(slot, .headTooLarge(limit: limits.headBytes))
        case .tooManyFields: return fail(slot, .tooManyFields(limit: limits.fieldCount))
        }
        return streams[slot].phase == .head ? readHead(of: slot) : readTrailers(of: slot)
    }

    /// Looks at a head that lies in its stream's response.
    private mutating func readHead(of slot: Int) -> HTTP2Event? {
        if let code = interpret(slot) { return fail(slot, code) }
        let status = streams[slot].response.status
        if status < 200 {
            if status == 101 { return fail(slot, .switchedProtocols) }
            if blockEndsStream { return fail(slot, .interimEnd) }
            streams[slot].interimCount += 1
            guard streams[slot].interimCount <= limits.interimResponses else {
                return fail(slot, .tooManyInterimResponses(limit: limits.interimResponses))
            }
            streams[slot].response.forget()
            return nil
        }
        idleFrames = 0
        streams[slot].phase = .body
        if status == 204 || status == 304 { streams[slot].isBodiless = true }
        if streams[slot].isBodiless { streams[slot].contentLength = nil }
        if blockEndsStream {
            if let announced = streams[slot].contentLength, announced > 0 {
                return fail(slot, .wrongLength(0, announced: announced))
            }
            endingSlot = slot
        }
        return .head(slot: slot)
    }

    /// What is wrong with a head, nil where nothing is; notes its status and the length it announces.
    private mutating func interpret(_ slot: Int) -> HTTP2Error.Code? {
        streams[slot].contentLength = nil
        let fields = streams[slot].response.fields
        guard let first = fields.first, first.kind == .status else {
            return fields.contains { $0.kind == .status } ? .unknownPseudoField : flaw(of: fields) ?? .missingStatus
        }
        guard let status = status(streams[slot].response, first) else { return .malformedStatus }
        streams[slot].response.status = status
        streams[slot].response.hiddenFields = 1
        for field in fields.dropFirst() {
            if let code = flaw(of: field) { return code }
            guard field.kind == .contentLength else { continue }
            let length = streams[slot].response.bytes.withUnsafeBytes { bytes in
                ResponseHead.decimal(UnsafeRawBufferPointer(rebasing: bytes[field.value]))
            }
            guard let length else { return .malformedLength }
            if let other = streams[slot].contentLength, other != length { return .conflictingLengths }
            streams[slot].contentLength = length
        }
        return nil
    }

    private func status(_ head: borrowing ResponseHead, _ field: ResponseHead.Field) -> Int? {
        let value = field.value
        guard value.count == 3 else { return nil }
        let start = value.lowerBound
        let (hundreds, tens, ones) = (head.bytes[start], head.bytes[start + 1], head.bytes[start + 2])
        guard Octets.isDigit(hundreds), hundreds != 0x30, Octets.isDigit(tens), Octets.isDigit(ones) else { return nil }
        return Int(hundreds - 0x30) * 100 + Int(tens - 0x30) * 10 + Int(ones - 0x30)
    }

    private func flaw(of fields: [ResponseHead.Field]) -> HTTP2Error.Code? {
        for field in fields {
            if let code = flaw(of: field) { return code }
        }
        return nil
    }

    /// What is wrong with a field that stands after the status.
    @inline(__always)
    private func flaw(of field: ResponseHead.Field) -> HTTP2Error.Code? {
        switch field.kind {
        case .plain, .contentLength: nil
        case .status: .repeatedStatus
        case .otherPseudo: .unknownPseudoField
        case .connectionSpecific: .connectionField
        case .upperCaseName: .upperCaseFieldName
        case .malformedName: .malformedFieldName
        case .malformedValue: .malformedFieldValue
        }
    }

    /// Trailers are looked at and then forgotten.
    private mutating func readTrailers(of slot: Int) -> HTTP2Event? {
        guard blockEndsStream else { return fail(slot, .unfinishedTrailers) }
        if let code = flaw(of: unwanted.fields) {
            switch code {
            case .repeatedStatus, .unknownPseudoField: return fail(slot, .pseudoFieldInTrailers)
            default: return fail(slot, code)
            }
        }
        if let announced = streams[slot].contentLength, streams[slot].response.bodyBytes != announced {
            return fail(slot, .wrongLength(streams[slot].response.bodyBytes, announced: announced))
        }
        idleFrames = 0
        return end(slot)
    }
}
