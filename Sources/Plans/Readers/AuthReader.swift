/// Reads who sends a request.
struct AuthReader {
    let variables: Variables

    /// The word of a step that goes without the scenario's.
    static let none = "none"

    /// What is written, right in form; what its texts mean depends on the step.
    enum Written {
        case nobody
        case basic(user: Cursor, password: Cursor)
        case bearer(Cursor)

        /// The same, with its mistakes told elsewhere.
        func reporting(to log: DiagnosticLog) -> Written {
            func moved(_ cursor: Cursor) -> Cursor { Cursor(node: cursor.node, path: cursor.path, log: log) }
            switch self {
            case .nobody: return .nobody
            case .basic(let user, let password): return .basic(user: moved(user), password: moved(password))
            case .bearer(let token): return .bearer(moved(token))
            }
        }
    }

    static func form(_ cursor: Cursor, takesNone: Bool) -> Written? {
        if takesNone, cursor.scalar?.text == none { return .nobody }
        guard let fields = cursor.fields(.auth) else { return nil }
        let present = fields.present(KeyList.auth.names)
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(present[0].key)): a request has one sender")
        }
        guard let first = present.first else {
            cursor.report("nobody is named", hint: "for example auth: { bearer: \"{{env.TOKEN}}\" }")
            return nil
        }
        if first.key == "bearer" { return .bearer(first.value) }
        guard let fields = first.value.fields(.basic) else { return nil }
        let user = fields.required("user", example: "user: ann")
        let password = fields.required("password", example: "password: \"{{env.PASSWORD}}\"")
        guard let user, let password else { return nil }
        return .basic(user: user, password: password)
    }

    /// What is written, with the variables of the step; nil for nobody and after a report.
    func resolve(_ written: Written) -> Scenario.Auth? {
        switch written {
        case .nobody: return nil
        case .bearer(let cursor):
            guard let text = cursor.scalarText("a token") else { return nil }
            guard let token = template(text, cursor) else { return nil }
            // So is one whose only variable is of the environment, and empty there.
            if token.segments.isEmpty { cursor.report("the token is empty") }
            return .bearer(token)
        case .basic(let user, let password):
            let name = user.scalarText("a name").flatMap { template($0, user) }
            if name?.literals.contains(":") == true {
                user.report("a user name with a colon cannot be told from its password")
            }
            let secret = password.scalarText("a password").flatMap { template($0, password) }
            guard let name, let secret else { return nil }
            return .basic(user: name, password: secret)
        }
    }

    /// What the scenario says of every step, at one that does not say otherwise.
    func resolve(ofScenario written: Written, at step: Cursor) -> Scenario.Auth? {
        let log = DiagnosticLog(file: step.log.file)
        let auth = resolve(written.reporting(to: log))
        for problem in log.all {
            step.report("the scenario's \"auth\" here: \(problem.message)", hint: "auth: none sends the step without")
        }
        return auth
    }

    private func template(_ text: String, _ cursor: Cursor) -> Template? {
        TemplateReader(variables: variables, cursor: cursor).read(text, for: .header)
    }
}

extension Template {
    fileprivate var literals: String {
        segments.reduce(into: "") { text, segment in
            if case .literal(let literal) = segment { text += literal }
        }
    }
}
