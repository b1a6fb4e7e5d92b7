import HTTPWire
import Plans

/// A step made ready for running: everything that can be decided before the load is.
final class StepProgram: Sendable {
    /// Place in the recordings, over all flows.
    let index: Int
    let name: String
    let method: String
    let target: TextProgram
    /// `GET ` and the endpoint's base path.
    let requestLineStart: [UInt8]
    /// Everything after the target that does not change: the end of the line, `Host` and `User-Agent`.
    let fixedFields: [UInt8]
    let fields: [FieldProgram]
    /// Whether the step has a `Cookie` field of its own, which is then the only one.
    let setsCookie: Bool
    /// Everything before the trace's ids, where none of it changes from request to request.
    let constantStart: [UInt8]?
    let contentType: [UInt8]
    let body: BodyProgram?
    let checks: [CheckProgram]
    let captures: [CaptureProgram]
    let redirects: Int
    let timeout: UInt64
    /// Whether a check or a capture looks at the body.
    let keepsBody: Bool
    /// Whether the step accepts an encoding, so that a compressed body is decoded.
    let decodes: Bool

    init(
        _ step: Scenario.Step, index: Int, endpoint: Endpoint, keepAlive: Service.Connection.KeepAlive = .always,
        timeout: Duration, slots: [String: Int], data: [DataBytes]
    ) throws(LoadError) {
        func invalid(_ reason: String) -> LoadError { .invalidPlan("step \"\(step.name)\": \(reason)") }
        self.index = index
        name = step.name
        method = step.method
        redirects = max(0, step.redirects)
        self.timeout = max(1_000_000, timeout.clampedNanoseconds)
        guard !step.method.isEmpty, step.method.utf8.allSatisfy(Octets.isToken) else {
            throw invalid("\"\(step.method)\" is not a method")
        }
        target = try TextProgram(step.target, encoding: .url, slots: slots, data: data)
        guard target.literalBytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
            throw invalid("the target has a character a target cannot have")
        }
        setsCookie = step.sets("cookie")
        requestLineStart = Array("\(step.method) \(endpoint.path)".utf8)
        var fixed = " HTTP/1.1\r\n"
        if !step.sets("host") { fixed += "Host: \(endpoint.hostField)\r\n" }
        if !step.sets("user-agent") { fixed += "User-Agent: perfgate\r\n" }
        // The peer then closes first, and the machine does not run out of ports that wait.
        if keepAlive == .never { fixed += "Connection: close\r\n" }
        if step.isCompressed {
            guard !step.sets("accept-encoding") else {
                throw invalid("the header Accept-Encoding stands beside compressed")
            }
            fixed += "Accept-Encoding: gzip, deflate\r\n"
        }
        decodes = step.isCompressed || step.sets("accept-encoding")
        fixedFields = Array(fixed.utf8)
        var fields: [FieldProgram] = []
        for header in step.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Octets.isToken) else {
                throw invalid("\"\(header.name)\" is not a header's name")
            }
            let name = header.name.lowercased()
            if HeaderName.ownedByGenerator.contains(name), name != "host" {
                throw invalid("the header \(header.name) is set by perfgate itself")
            }
            fields.append(try FieldProgram(header.name, header.value, slots: slots, data: data))
        }
        if let auth = step.auth {
            guard !step.sets("authorization") else { throw invalid("the header Authorization stands beside auth") }
            fields.append(try FieldProgram(auth, slots: slots, data: data))
        }
        for field in fields { if let problem = field.problem { throw invalid(problem) } }
        self.fields = fields
        constantStart = Self.constantStart(requestLineStart, target, fixedFields, fields)
        if let body = step.body {
            let program = try BodyProgram(body.content, slots: slots, data: data)
            guard body.contentType.utf8.allSatisfy(Octets.isFieldValue) else {
                throw invalid("the content type has a line break or another control character")
            }
            var type = body.contentType
            if case .form(let form) = program { type += "; boundary=\(form.boundary)" }
            contentType = step.sets("content-type") ? [] : Array("Content-Type: \(type)\r\n".utf8)
            self.body = program
        } else {
            body = nil
            contentType = []
        }
        var checks: [CheckProgram] = []
        for check in step.checks { checks.append(try CheckProgram(check, slots: slots, data: data)) }
        if !checks.contains(where: \.isAboutStatus) { checks.insert(.acceptedStatus, at: 0) }
        self.checks = checks
        var slots = slots
        captures = step.captures.map { CaptureProgram($0, slots: &slots) }
        keepsBody = checks.contains(where: \.needsBody) || captures.contains(where: \.needsBody)
    }
}

extension StepProgram {
    /// Joins what a request begins with, nil where a variable is in it or the target is not one.
    private static func constantStart(
        _ start: [UInt8], _ target: TextProgram, _ fixed: [UInt8], _ fields: [FieldProgram]
    ) -> [UInt8]? {
        guard let target = target.constant, target.first == 0x2F else { return nil }
        var bytes = start + target + fixed
        for field in fields {
            guard let line = field.constant else { return nil }
            bytes += line
        }
        return bytes + Array("traceparent: 00-".utf8)
    }
}

extension Scenario.Step {
    fileprivate func sets(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
}
