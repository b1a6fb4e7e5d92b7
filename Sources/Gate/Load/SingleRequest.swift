package import Plans

/// One request as it is typed: an address, and what is sent there.
package struct SingleRequest: Sendable {
    package var url: String
    /// Nil is GET, or POST where there is a body.
    package var method: String?
    /// Each as `Name: value`.
    package var headers: [String]
    package var body: Scenario.Body?

    package init(url: String, method: String?, headers: [String], body: Scenario.Body?) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
    }

    /// A body of this text; nothing is filled in.
    package static func body(text: String) -> Scenario.Body {
        Scenario.Body(contentType: "text/plain; charset=utf-8", content: literal(text))
    }

    /// A body of a file's content, whatever it is.
    package static func body(file: String) throws(GateError) -> Scenario.Body {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(file, limit: 16 << 20)
        } catch {
            throw .usage("--body-file: \(error.message)")
        }
        return Scenario.Body(contentType: "application/octet-stream", content: .bytes(bytes))
    }

    /// The step that makes the request; its name is what is asked for.
    func step(_ target: String) throws(GateError) -> Scenario.Step {
        let method = try checkedMethod()
        var fields: [Scenario.Header] = []
        for text in headers {
            let field = try header(text)
            if fields.contains(where: { $0.name.lowercased() == field.name.lowercased() }) {
                throw .usage("the header \(field.name) is given twice")
            }
            fields.append(field)
        }
        return Scenario.Step(
            name: "\(method) \(target)", method: method,
            target: Template(segments: [.literal(target)], escaping: .url), headers: fields, body: body, checks: [],
            captures: [], redirects: 0, timeout: nil)
    }

    private func checkedMethod() throws(GateError) -> String {
        let method = (method ?? (body == nil ? "GET" : "POST")).uppercased()
        guard HeaderName.isToken(method) else { throw .usage("--method: \"\(method)\" is not a method") }
        // What follows its answer is no HTTP any more.
        guard method != "CONNECT" else { throw .usage("--method: CONNECT is for proxies") }
        guard body == nil || !["GET", "HEAD"].contains(method) else {
            throw .usage("a \(method) request has no body; use --method POST, PUT, PATCH or DELETE")
        }
        return method
    }

    /// Headers of one connection and of one message, which the load generator writes itself.
    private static let owned = HeaderName.ownedByGenerator.subtracting(["host"])

    private func header(_ text: String) throws(GateError) -> Scenario.Header {
        guard let colon = text.firstIndex(of: ":") else {
            throw .usage("--header: \"\(text)\" has no colon; write it as 'Name: value'")
        }
        let name = String(text[..<colon])
        guard HeaderName.isToken(name) else { throw .usage("--header: \"\(name)\" is not the name of a header") }
        guard !Self.owned.contains(name.lowercased()) else {
            throw .usage("--header: \(name) is set by perfgate itself")
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        guard value.unicodeScalars.allSatisfy({ $0.value == 0x09 || $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw .usage("--header: \(name) has a line break or another control character")
        }
        return Scenario.Header(name: name, value: Self.literal(String(value)))
    }

    private static func literal(_ text: String) -> Template {
        Template(segments: text.isEmpty ? [] : [.literal(text)])
    }
}
