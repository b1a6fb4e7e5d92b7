extension PlanReader {
    /// How long a service may take to become ready when the plan does not say.
    static let defaultReadyTimeout = Duration.seconds(30)
    /// How long a service may take to end when the plan does not say.
    static let defaultStopGrace = Duration.seconds(5)

    static func service(
        _ cursor: Cursor, readFile: @escaping (String) -> Result<[UInt8], FileProblem>
    ) -> Service? {
        guard let fields = cursor.fields(.service) else { return nil }
        let command = fields.optional("command").flatMap { shellCommand($0) }
        let build = fields.optional("build").flatMap { shellCommand($0) }
        if let build, let place = fields.optional("build"), hasPort(build) {
            place.report("{port} is not known when the service is built", hint: "use it in \"command\"")
        }
        let environment = fields.optional("env").map { Self.environment($0) } ?? []
        let ready = fields.required("ready", example: "ready: { get: /healthz }").flatMap(readiness)
        let url = fields.required("url", example: "url: http://127.0.0.1:{port}").flatMap(address)
        let grace = fields.optional("stop").map { stop($0) } ?? defaultStopGrace
        let capture = fields.optional("capture").map { Self.capture($0) } ?? Service.Capture(pprof: nil)
        let connection =
            fields.optional("connection").map { ConnectionReader(readFile: readFile, url: url).read($0) }
            ?? Service.Connection()
        checkPort(fields, command: command, environment: environment ?? [], url: url, socket: connection?.socket)
        guard let environment, let ready, let url, let connection, let grace, let capture else { return nil }
        return Service(
            build: build, command: command, environment: environment, ready: ready, url: url, connection: connection,
            stopGrace: grace, capture: capture)
    }

    /// Checks that a service that is started learns its port, and that one that runs already is asked for none.
    private static func checkPort(
        _ fields: Fields, command: String?, environment: [Service.EnvironmentVariable], url: String?, socket: String?
    ) {
        guard let place = fields.optional("command") else {
            for member in fields.present(KeyList.startingKeys) {
                member.report(
                    "\(quoted(member.key)) is of no use without \"command\"", hint: "add command or remove it")
            }
            let places = [
                ("url", url), ("connection", socket), ("capture", fields.optional("capture").flatMap(pprofText)),
            ]
            for (key, value) in places {
                guard let value, hasPort(value), let cursor = fields.optional(key) else { continue }
                cursor.report(
                    "{port} is chosen for a service that perfgate starts, and there is no \"command\"",
                    hint: "add command, or write the port")
            }
            return
        }
        if let socket {
            if !hasPort(socket), let cursor = fields.optional("connection") {
                cursor.report(
                    "the socket's path has no {port}, but either side's service needs a socket of its own",
                    hint: "for example socket: /tmp/service-{port}.sock")
            }
        } else if let url, !hasPort(url), let cursor = fields.optional("url") {
            cursor.report(
                "the address has no {port}, but perfgate chooses the port of the service it starts",
                hint: "for example http://127.0.0.1:{port}")
        }
        if let command, !hasPort(command), !environment.contains(where: { hasPort($0.value) }) {
            place.report(
                "nothing tells the service its port", hint: "write {port} in the command or in a value of env")
        }
    }

    private static func pprofText(_ capture: Cursor) -> String? {
        if case .scalar(let scalar)? = capture.node.member("pprof")?.value { scalar.text } else { nil }
    }

    private static func hasPort(_ text: String) -> Bool { text.contains("{port}") }

    private static func shellCommand(_ cursor: Cursor) -> String? {
        guard let text = cursor.text("a shell command") else { return nil }
        if text.allSatisfy({ $0.isWhitespace }) {
            cursor.report("expected a shell command, found an empty text")
        } else if text.unicodeScalars.contains("\0") {
            cursor.report("the command contains a zero character")
        } else if text.contains("${port}") {
            cursor.report("\"${port}\" is not replaced", hint: "write {port} without the dollar sign")
        } else {
            return text
        }
        return nil
    }

    private static func environment(_ cursor: Cursor) -> [Service.EnvironmentVariable]? {
        guard let members = cursor.members("an object of names and values") else { return nil }
        var result: [Service.EnvironmentVariable] = []
        for member in members {
            guard isEnvironmentName(member.key) else {
                member.report(
                    "\(quoted(member.key)) is not the name of an environment variable",
                    hint: "letters, digits and underscores")
                continue
            }
            guard let value = member.value.scalarText("a text") else { continue }
            if value.unicodeScalars.contains("\0") {
                member.value.report("the value contains a zero character")
            } else if value.contains("{{") {
                member.value.report(
                    "variables are for the scenario", hint: "the service inherits the environment of perfgate")
            } else {
                result.append(.init(name: member.key, value: value))
            }
        }
        return result
    }

    static func isEnvironmentName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    private static func readiness(_ cursor: Cursor) -> Service.Readiness? {
        guard let fields = cursor.fields(.ready) else { return nil }
        let timeout = fields.optional("timeout").map { $0.duration() } ?? defaultReadyTimeout
        guard let get = fields.required("get", example: "get: /healthz"), let path = get.line("a path"),
            isTarget(path, get), let timeout
        else { return nil }
        return Service.Readiness(path: path, timeout: timeout)
    }

    /// Reports what cannot be the path and query of a request.
    private static func isTarget(_ path: String, _ cursor: Cursor) -> Bool {
        if let problem = TargetText.problem(in: path, isStart: true) {
            cursor.report(problem.message, hint: problem.hint)
            return false
        }
        return true
    }

    private static func stop(_ cursor: Cursor) -> Duration? {
        guard let fields = cursor.fields(.stop) else { return nil }
        return fields.required("grace", example: "grace: 5s")?.duration()
    }

    private static func capture(_ cursor: Cursor) -> Service.Capture? {
        guard let fields = cursor.fields(.capture) else { return nil }
        let native = fields.optional("native").map { $0.word(Service.Capture.Native.self) } ?? .auto
        guard let pprof = fields.optional("pprof") else {
            return native.map { Service.Capture(pprof: nil, native: $0) }
        }
        guard let address = address(pprof), let native else { return nil }
        guard !address.hasPrefix("https://") else {
            pprof.report("profiles are read over http", hint: "serve them on a port of loopback without TLS")
            return nil
        }
        return Service.Capture(pprof: address, native: native)
    }

    private static func address(_ cursor: Cursor) -> String? {
        guard let text = cursor.line("an address like http://127.0.0.1:{port}") else { return nil }
        if let problem = ServiceAddress.problem(in: text) {
            cursor.report(
                "\(quoted(text)) is not an address of a service: \(problem)",
                hint: "for example http://127.0.0.1:{port}")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
