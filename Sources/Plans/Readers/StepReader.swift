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
        let body = BodyReader(variables: variables, readFile: readFile).read(fields, method: request?.method)
        let checks = fields.optional("check").map { CheckReader(variables: variables).read($0) } ?? []
        let captures = fields.optional("capture").map { self.captures($0) } ?? []
        let auth = auth(fields, cursor, headers: headers ?? [], defaults: known.defaults)
        let isCompressed = isCompressed(fields, headers: headers ?? [], defaults: known.defaults)
        let redirects = fields.optional("redirects").map { $0.wholeNumber(Self.redirectsTaken) } ?? 0
        let timeout = fields.optional("timeout").map { $0.duration() }
        checkContentType(fields, headers: headers ?? [])
        if request?.method == "HEAD" { checkNoBody(checks ?? [], captures ?? [], fields) }
        guard let name, let request, let headers, let checks, let captures, let redirects else { return nil }
        return Scenario.Step(
            name: name, method: request.method, target: request.target, headers: headers, body: body, checks: checks,
            captures: captures, redirects: redirects, timeout: timeout ?? nil, auth: auth,
            isCompressed: isCompressed)
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

    private func auth(
        _ fields: Fields, _ step: Cursor, headers: [Scenario.Header], defaults: StepDefaults
    ) -> Scenario.Auth? {
        let reader = AuthReader(variables: variables)
        let hasHeader = headers.contains { $0.name.lowercased() == "authorization" }
        if let own = fields.member("auth") {
            guard let written = AuthReader.form(own.value, takesNone: true) else { return nil }
            let auth = reader.resolve(written)
            if hasHeader, auth != nil {
                own.report(
                    "\"auth\" beside the header \"Authorization\": a request has one sender",
                    hint: "keep one of them")
            }
            return auth
        }
        guard let written = defaults.auth else { return nil }
        if hasHeader {
            fields.member("headers")?.report(
                "the header \"Authorization\" beside the scenario's \"auth\": a request has one sender",
                hint: "auth: none keeps the header")
            return nil
        }
        return reader.resolve(ofScenario: written, at: step)
    }

    private func isCompressed(_ fields: Fields, headers: [Scenario.Header], defaults: StepDefaults) -> Bool {
        let own = fields.member("compressed")
        let isAsked = own.map { $0.value.truth() ?? false } ?? defaults.isCompressed
        guard isAsked, headers.contains(where: { $0.name.lowercased() == "accept-encoding" }) else { return isAsked }
        if let own {
            own.report("\"compressed\" beside the header \"Accept-Encoding\"", hint: "keep one of them")
        } else {
            fields.member("headers")?.report(
                "the header \"Accept-Encoding\" beside the scenario's \"compressed\"",
                hint: "compressed: false keeps the header")
        }
        return isAsked
    }

    private func checkContentType(_ fields: Fields, headers: [Scenario.Header]) {
        guard headers.contains(where: { $0.name.lowercased() == "content-type" }) else { return }
        if let member = fields.member("multipart") {
            member.report("the type of a form is set by perfgate", hint: "leave the header out")
        }
        fields.member("content-type")?.report(
            "the type of the body is written twice", hint: "keep \"content-type\" or the header")
    }

    private func checkNoBody(_ checks: [Scenario.Check], _ captures: [Scenario.Capture], _ fields: Fields) {
        let message = "the response to HEAD has no body"
        if checks.contains(where: \.readsBody) { fields.member("check")?.report(message) }
        if captures.contains(where: \.source.readsBody) { fields.member("capture")?.report(message) }
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
            guard let fields = cursor.fields(.captureSource) else { return nil }
            let present = fields.present(KeyList.captureSource.names)
            for second in present.dropFirst() {
                second.report("\(quoted(second.key)) beside \(quoted(present[0].key)): a value has one source")
            }
            if let pattern = fields.optional("regex") { return pattern.pattern().map { .pattern($0) } }
            guard let header = fields.required("header", example: "header: Location"),
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
