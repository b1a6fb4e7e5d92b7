import HTTPWire

extension StepProgram {
    /// Why a request could not be written; nothing was sent.
    enum RenderFailure: Error {
        case target
        case field(String)
        case userName
        case body
        case boundary

        var reason: String {
            switch self {
            case .target: "the target does not begin with a slash once its variables are filled in"
            case .field(let name): "a variable puts a line break or another control character into the header \(name)"
            case .userName: "a variable puts a colon into the user name of Authorization"
            case .body: "a variable of the body has no value"
            case .boundary: "a variable puts the boundary between the parts of the form into one of them"
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
            try renderStart(into: request, scratch: scratch, for: user, detour: detour, data: data)
        }
        trace.write(to: request)
        request.append("\r\n")
        if let jar = user.jar, jar.count > 0, !setsCookie { jar.write(to: request, path: Self.path(in: request.bytes)) }
        guard let body, detour?.dropsBody != true else { return request.append("\r\n") }
        request.append(contentType)
        try body.render(into: request, scratch: scratch, for: user, data: data)
    }

    /// The path of the request that has been begun, which stands between the first space and the query.
    private static func path(in request: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = (request.firstIndex(of: Octets.space) ?? 0) + 1
        let end = request[start...].firstIndex { $0 == Octets.space || $0 == 0x3F } ?? request.count
        return UnsafeRawBufferPointer(rebasing: request[start..<end])
    }

    /// Writes everything before the trace's ids.
    private func renderStart(
        into request: RenderBuffer, scratch: RenderBuffer, for user: VirtualUser, detour: Detour?, data: [DataBytes]
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
        for field in fields { try field.render(into: request, scratch: scratch, for: user, data: data) }
        request.append("traceparent: 00-")
    }
}
