import HTTPWire

extension StepProgram {
    /// Why a request could not be written; nothing was sent.
    enum RenderFailure: Error {
        case target
        case field(String)
        case body

        var reason: String {
            switch self {
            case .target: "the target does not begin with a slash once its variables are filled in"
            case .field(let name): "a variable puts a line break or another control character into the header \(name)"
            case .body: "a variable of the body has no value"
            }
        }
    }

    /// Where a redirect has led: another target, and perhaps another method.
    struct Detour {
        var method: String
        var target: String

        var dropsBody: Bool { method == "GET" || method == "HEAD" }
    }

    /// Writes the whole request into `request`, using `scratch` for the body, whose length the head must name.
    func render(
        into request: RenderBuffer, scratch: RenderBuffer, for user: VirtualUser, trace: TraceContext,
        detour: Detour?, data: [DataBytes]
    ) throws(RenderFailure) {
        request.removeAll()
        if detour == nil, let constantStart {
            request.append(constantStart)
        } else {
            try renderStart(into: request, for: user, detour: detour, data: data)
        }
        trace.write(to: request)
        appendLineEnd(to: request)
        guard let body, detour?.dropsBody != true else { return appendLineEnd(to: request) }
        scratch.removeAll()
        guard body.render(into: scratch, for: user, data: data) else { throw .body }
        request.append(contentType)
        append("Content-Length: ", to: request)
        request.append(decimal: UInt64(scratch.count))
        appendLineEnd(to: request)
        appendLineEnd(to: request)
        request.append(scratch.bytes)
    }

    /// Writes everything before the trace's ids.
    private func renderStart(
        into request: RenderBuffer, for user: VirtualUser, detour: Detour?, data: [DataBytes]
    ) throws(RenderFailure) {
        if let detour {
            request.append(Array("\(detour.method) \(detour.target)".utf8))
        } else {
            request.append(requestLineStart)
            let start = request.count
            guard target.render(into: request, for: user, data: data), request.count > start,
                request.bytes[start] == 0x2F
            else { throw .target }
        }
        request.append(fixedFields)
        for field in fields {
            append(field.name, to: request)
            request.append(Octets.colon)
            request.append(Octets.space)
            guard field.value.render(into: request, for: user, data: data) else { throw .field(field.name) }
            appendLineEnd(to: request)
        }
        append("traceparent: 00-", to: request)
    }

    private func append(_ text: StaticString, to buffer: RenderBuffer) {
        buffer.append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func append(_ text: String, to buffer: RenderBuffer) {
        for byte in text.utf8 { buffer.append(byte) }
    }

    private func appendLineEnd(to buffer: RenderBuffer) {
        buffer.append(Octets.carriageReturn)
        buffer.append(Octets.lineFeed)
    }
}
