import HTTPWire
import Plans

/// A body made ready for rendering.
enum BodyProgram: Sendable {
    case constant([UInt8])
    case text(TextProgram)
    case form(FormProgram)

    init(_ content: Scenario.Body.Content, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        switch content {
        case .bytes(let bytes): self = .constant(bytes)
        case .form(let parts): self = .form(try FormProgram(parts, slots: slots, data: data))
        case .text(let template):
            let encoding: TextProgram.Encoding =
                switch template.escaping {
                case .none: .verbatim
                case .json: .json
                case .url: .url
                }
            let text = try TextProgram(template, encoding: encoding, slots: slots, data: data)
            self = text.constant.map { .constant($0) } ?? .text(text)
        }
    }

    /// Writes `Content-Length`, the end of the head and the body; `scratch` is used where the length is not known.
    func render(
        into request: RenderBuffer, scratch: RenderBuffer, for user: VirtualUser, data: [DataBytes]
    ) throws(StepProgram.RenderFailure) {
        if case .constant(let bytes) = self { return bytes.withUnsafeBytes { Self.append($0, to: request) } }
        scratch.removeAll()
        switch self {
        case .constant: break
        case .text(let text): guard text.render(into: scratch, for: user, data: data) else { throw .body }
        case .form(let form): try form.render(into: scratch, for: user, data: data)
        }
        Self.append(scratch.bytes, to: request)
    }

    private static func append(_ body: UnsafeRawBufferPointer, to request: RenderBuffer) {
        request.append("Content-Length: ")
        request.append(decimal: UInt64(body.count))
        request.append("\r\n\r\n")
        request.append(body)
    }
}
