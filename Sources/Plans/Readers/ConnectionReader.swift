/// Reads how the service is spoken to.
struct ConnectionReader {
    let readFile: (String) -> Result<[UInt8], FileProblem>
    /// The service's address; nil where it could not be read.
    let url: String?

    func read(_ cursor: Cursor) -> Service.Connection? {
        guard let fields = cursor.fields(.connection) else { return nil }
        let version = fields.optional("protocol").map { $0.word(Service.Connection.HTTPVersion.self) } ?? .one
        let streams = fields.optional("streams").map { $0.wholeNumber(Service.Connection.streamsTaken) } ?? 1
        let keepAlive = fields.optional("keep-alive").map { $0.word(Service.Connection.KeepAlive.self) } ?? .always
        let socket = fields.optional("socket").map { self.socket($0) }
        let tls = fields.optional("tls").map { self.tls($0) } ?? Service.TLS()
        if let version, version != .two, let member = fields.member("streams") {
            member.report("\"streams\" are HTTP/2's", hint: "add protocol: h2, or remove it")
        }
        if let version, version == .two, let keepAlive, keepAlive != .always,
            let member = fields.member("keep-alive")
        {
            member.report("the connections of HTTP/2 are shared, so no flow can close one", hint: "remove keep-alive")
        }
        if let url, !url.hasPrefix("https://"), let member = fields.member("tls") {
            member.report("\"tls\" is of no use for \(quoted(url))", hint: "write https:// in url, or remove it")
        }
        guard let version, let streams, let keepAlive, let tls else { return nil }
        if let socket, socket == nil { return nil }
        return Service.Connection(
            httpVersion: version, streams: streams, keepAlive: keepAlive, socket: socket ?? nil, tls: tls)
    }

    private func socket(_ cursor: Cursor) -> String? {
        guard let path = cursor.line("the path of a Unix socket") else { return nil }
        guard Service.Connection.takes(socket: path) else {
            cursor.report(
                "\(quoted(path)) is too long for a socket; at most \(Service.Connection.longestSocket) bytes are taken")
            return nil
        }
        return path
    }

    private func tls(_ cursor: Cursor) -> Service.TLS? {
        guard let fields = cursor.fields(.tls) else { return nil }
        var sound = true
        func bytes(_ key: String) -> [UInt8]? {
            guard let cursor = fields.optional(key) else { return nil }
            let bytes = pem(cursor)
            if bytes == nil { sound = false }
            return bytes
        }
        let authorities = bytes("ca")
        let certificates = bytes("certificate")
        let key = bytes("key")
        let name = fields.optional("server-name").map { $0.line("the name of a server", limit: 253) }
        let verification = fields.optional("verify").map { $0.word(Service.TLS.Verification.self) } ?? .full
        for (one, other) in [("certificate", "key"), ("key", "certificate")] {
            guard let member = fields.member(one), fields.member(other) == nil else { continue }
            member.report("\(quoted(one)) is of no use without \(quoted(other))", hint: "add \(other): FILE.pem")
            sound = false
        }
        if let verification, verification == .none, let member = fields.member("ca") {
            member.report("nothing is verified, so no authority is of use", hint: "remove verify: none, or ca")
            sound = false
        }
        guard sound, let verification else { return nil }
        if let name, name == nil { return nil }
        var identity: Service.TLS.Identity?
        if let certificates, let key { identity = .init(certificates: certificates, key: key) }
        return Service.TLS(
            authorities: authorities, identity: identity, serverName: name ?? nil,
            verification: verification)
    }

    private func pem(_ cursor: Cursor) -> [UInt8]? {
        guard let path = cursor.line("the path of a PEM file") else { return nil }
        switch readFile(path) {
        case .failure(let problem):
            cursor.report("cannot read \(quoted(path)): \(shortened(problem.reason))")
        case .success(let bytes):
            guard let refusal = Service.TLS.refusal(of: bytes) else { return bytes }
            cursor.report("\(quoted(path)) \(refusal.problem)", hint: refusal.hint)
        }
        return nil
    }
}
