import HTTPWire
import Plans

/// A header field made ready for rendering.
struct FieldProgram: Sendable {
    private enum Value: Sendable {
        case text(TextProgram)
        case basic(user: TextProgram, password: TextProgram)
    }

    private let name: String
    private let value: Value

    init(_ name: String, _ template: Template, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        self.name = name
        value = .text(try TextProgram(template, encoding: .fieldValue, slots: slots, data: data))
    }

    init(_ auth: Scenario.Auth, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        func text(_ template: Template) throws(LoadError) -> TextProgram {
            try TextProgram(template, encoding: .fieldValue, slots: slots, data: data)
        }
        name = "Authorization"
        value =
            switch auth {
            case .bearer(let token): .text(try text(Template(segments: [.literal("Bearer ")] + token.segments)))
            case .basic(let user, let password): .basic(user: try text(user), password: try text(password))
            }
    }

    /// Why the field cannot be sent whatever its variables are.
    var problem: String? {
        var literals: [UInt8]
        switch value {
        case .text(let text): literals = text.literalBytes
        case .basic(let user, let password):
            literals = user.literalBytes
            if literals.contains(Octets.colon) { return "the user name has a colon" }
            literals += password.literalBytes
        }
        return literals.allSatisfy(Octets.isFieldValue)
            ? nil : "the header \(name) has a line break or another control character"
    }

    /// The whole line, where it has no variables.
    var constant: [UInt8]? {
        let bytes: [UInt8]
        switch value {
        case .text(let text):
            guard let constant = text.constant else { return nil }
            bytes = constant
        case .basic(let user, let password):
            guard let user = user.constant, let password = password.constant else { return nil }
            let buffer = RenderBuffer()
            buffer.append("Basic ")
            (user + [Octets.colon] + password).withUnsafeBytes { buffer.append(base64: $0) }
            bytes = Array(buffer.bytes)
        }
        return Array("\(name): ".utf8) + bytes + [Octets.carriageReturn, Octets.lineFeed]
    }

    /// Writes the line; `scratch` is used for what is encoded.
    func render(
        into request: RenderBuffer, scratch: RenderBuffer, for user: VirtualUser, data: [DataBytes]
    ) throws(StepProgram.RenderFailure) {
        for byte in name.utf8 { request.append(byte) }
        request.append(": ")
        switch value {
        case .text(let text):
            guard text.render(into: request, for: user, data: data) else { throw .field(name) }
        case .basic(let userName, let password):
            scratch.removeAll()
            guard userName.render(into: scratch, for: user, data: data) else { throw .field(name) }
            guard !scratch.bytes.contains(Octets.colon) else { throw .userName }
            scratch.append(Octets.colon)
            guard password.render(into: scratch, for: user, data: data) else { throw .field(name) }
            request.append("Basic ")
            request.append(base64: scratch.bytes)
        }
        request.append("\r\n")
    }
}
