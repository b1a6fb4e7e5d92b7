/// Reads one step: its request, what is checked and what is captured.
struct StepReader {
    let variables: Variables
    let readFile: (String) -> Result<[UInt8], FileProblem>

    static let redirectsTaken = 0...20
    static let maximumTargetLength = 8192

    func read(_ cursor: Cursor, known: inout ScenarioReader.Known) -> Scenario.Step? {
        guard let fields = cursor.fields(.step) else { return nil }
        let name = name(fields, known: &known)
        let request = request(fields, cursor)
        let headers = fields.optional("headers").map { self.headers($0) } ?? []
        let body = body(fields, method: request?.method)
        let checks = fields.optional("check").map { CheckReader(variables: variables).read($0) } ?? []
        let captures = fields.optional("capture").map { self.captures($0) } ?? []
        let redirects = fields.optional("redirects").map { $0.wholeNumber(Self.redirectsTaken) } ?? 0
        let timeout = fields.optional("timeout").map { $0.duration() }
        checkContentType(fields, headers: headers ?? [])
        if request?.method == "HEAD" { checkNoBody(checks ?? [], captures ?? [], fields) }
        guard let name, let request, let headers, let checks, let captures, let redirects else { return nil }
        return Scenario.Step(
            name: name, method: request.method, target: request.target, headers: headers, body: body, checks: checks,
            captures: captures, redirects: redirects, timeout: timeout ?? nil)
    }

    private func name(_ fields: Fields, known: inout ScenarioReader.Known) -> String? {
        guard let cursor = fields.required("name", example: "name: list items"),
            let name = cursor.line("a name", limit: ScenarioReader.maximumNameLength)
        else { return nil }
        if let first = known.stepNames[name] {
            cursor.report(
                "there is a step named \(quoted(name)) already, in line \(first.line)",
                hint: "results are kept by name")
            return nil
        }
        known.stepNames[name] = cursor.place
        return name
    }

    private func request(_ fields: Fields, _ cursor: Cursor) -> (method: String, target: Template)? {
        let present = fields.present(KeyList.methods)
        guard let first = present.first else {
            cursor.report("the step makes no request", hint: "for example get: /items")
            return nil
        }
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(first.key)): a step makes one request")
        }
        guard let text = first.value.line("a path", limit: Self.maximumTargetLength) else { return nil }
        let reader = TemplateReader(variables: variables, cursor: first.value)
        return reader.read(text, for: .target).map { (first.key.uppercased(), $0) }
    }

    private func headers(_ cursor: Cursor) -> [Scenario.Header]? {
        guard let members = cursor.members("an object of names and values") else { return nil }
        var names: Set<String> = []
        return members.compactMap { member in
            guard HeaderName.check(member) else { return nil }
            let name = member.key.lowercased()
            if HeaderName.ownedByGenerator.contains(name) {
                member.report("the header \(quoted(member.key)) is set by perfgate", hint: "leave it out")
                return nil
            }
            if !names.insert(name).inserted {
                member.report("the header \(quoted(member.key)) is written twice", hint: "case makes no difference")
                return nil
            }
            guard let text = member.value.scalarText("a text") else { return nil }
            let reader = TemplateReader(variables: variables, cursor: member.value)
            return reader.read(text, for: .header).map { Scenario.Header(name: member.key, value: $0) }
        }
    }

    private func body(_ fields: Fields, method: String?) -> Scenario.Body? {
        let present = fields.present(KeyList.bodies)
        guard let first = present.first else {
            fields.member("content-type")?.report("\"content-type\" is of no use without a body")
            return nil
        }
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(first.key)): a step sends one body")
        }
        if let method, KeyList.methodsWithoutBody.contains(method.lowercased()) {
            first.report("a \(method) request has no body", hint: "use post, put, patch or delete")
        }
        let type = fields.optional("content-type").flatMap { contentType($0) }
        guard let (content, usual) = content(first) else { return nil }
        return Scenario.Body(contentType: type ?? usual, content: content)
    }

    /// The body's content and its usual type.
    private func content(_ member: Member) -> (Template, String)? {
        switch member.key {
        case "json":
            let reader = JSONBodyReader(variables: variables)
            return reader.read(member.value).map { ($0, "application/json") }
        case "text":
            guard let text = member.value.text() else { return nil }
            let reader = TemplateReader(variables: variables, cursor: member.value)
            return reader.read(text, for: .body).map { ($0, "text/plain; charset=utf-8") }
        default:
            return file(member.value).map { ($0, "application/octet-stream") }
        }
    }

    static let maximumFile = 16 << 20

    private func file(_ cursor: Cursor) -> Template? {
        guard let path = cursor.line("the path of a file") else { return nil }
        switch readFile(path) {
        case .failure(let problem):
            cursor.report("cannot read \(quoted(path)): \(shortened(problem.reason))")
        case .success(let bytes):
            if bytes.count > Self.maximumFile {
                cursor.report("\(quoted(path)) has \(bytes.count) bytes; at most \(Self.maximumFile) are sent")
            } else if let text = String(validating: bytes, as: UTF8.self) {
                return Template(segments: text.isEmpty ? [] : [.literal(text)])
            } else {
                cursor.report("\(quoted(path)) is not UTF-8", hint: "only text can be sent so far")
            }
        }
        return nil
    }

    private func contentType(_ cursor: Cursor) -> String? {
        guard let type = cursor.line("a media type like application/json") else { return nil }
        guard type.contains("/"), type.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            cursor.report("\(quoted(type)) is not a media type", hint: "for example application/json")
            return nil
        }
        return type
    }

    private func checkContentType(_ fields: Fields, headers: [Scenario.Header]) {
        guard let member = fields.member("content-type"),
            headers.contains(where: { $0.name.lowercased() == "content-type" })
        else { return }
        member.report("the type of the body is written twice", hint: "keep \"content-type\" or the header")
    }

    private func checkNoBody(_ checks: [Scenario.Check], _ captures: [Scenario.Capture], _ fields: Fields) {
        let readsBody = checks.contains { check in
            switch check {
            case .bodyContains, .json: true
            case .status, .header: false
            }
        }
        let message = "the response to HEAD has no body"
        if readsBody { fields.member("check")?.report(message) }
        let capturesBody = captures.contains { if case .json = $0.source { true } else { false } }
        if capturesBody { fields.member("capture")?.report(message) }
    }

    private func captures(_ cursor: Cursor) -> [Scenario.Capture]? {
        cursor.members("an object of names and paths")?.compactMap { member in
            guard Variables.isName(member.key) else {
                member.report(
                    "\(quoted(member.key)) cannot name a variable", hint: "a letter, then letters, digits, - and _")
                return nil
            }
            if Variables.reserved.contains(member.key) {
                member.report("\(quoted(member.key)) has a meaning of its own", hint: "choose another name")
                return nil
            }
            if variables.data.contains(where: { $0.name == member.key }) {
                member.report("\(quoted(member.key)) names data already", hint: "choose another name")
                return nil
            }
            if variables.capturedBefore.contains(member.key) {
                member.report(
                    "\(quoted(member.key)) is captured before all flows already", hint: "choose another name")
                return nil
            }
            return captureSource(member.value).map { Scenario.Capture(variable: member.key, source: $0) }
        }
    }

    private func captureSource(_ cursor: Cursor) -> Scenario.Capture.Source? {
        if case .object = cursor.node.value {
            guard let fields = cursor.fields(.headerSource),
                let header = fields.required("header", example: "header: Location"),
                let name = header.line("the name of a header")
            else { return nil }
            guard HeaderName.isToken(name) else {
                header.report("\(quoted(name)) is not the name of a header")
                return nil
            }
            return .header(name)
        }
        guard let text = cursor.text("a path like $.token or { header: Location }") else { return nil }
        guard let path = JSONPath(text) else {
            cursor.report("\(quoted(text)) is not a path", hint: "for example $.items[0].id")
            return nil
        }
        return .json(path)
    }
}
