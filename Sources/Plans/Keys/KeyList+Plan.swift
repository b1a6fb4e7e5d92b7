extension KeyList {
    /// `perfgate.yml`.
    static let plan = Self(
        "plan",
        [
            Key("version", "version of the notation", .constant(1), .required),
            Key("service", "how to build, start, reach and stop the service", .object(service), .required),
            Key(
                "load", "how much load, in which shape, or several loads that run together",
                .either([.object(load), .list(of: .object(loadOfList), words: "list of loads")]), .required),
            Key(
                "rounds", "rounds per side at most; a run ends as soon as every budget is decided",
                .wholeNumber(Plan.roundsTaken), .otherwise("\(Plan.defaultRounds)")),
            Key("scenario", "what the load consists of", .object(scenario), .required),
        ])

    static let service = Self(
        "service",
        [
            Key(
                "build",
                "builds the service, once per side in that side's checkout; it must write below the checkout, so that "
                    + "one side does not overwrite the other", shellCommand),
            Key(
                "command", "starts the service; without it, `url` is the address of a service that runs already",
                shellCommand),
            Key(
                "env", "environment variables of the service, besides those it inherits",
                .map(.environment, of: .printed(isEmptyTaken: true), words: "names and texts")),
            Key("ready", "when the service counts as ready", .object(ready), .required),
            Key(
                "url", "address of the service, `http://host[:port][/base]` or `https://…`", address, .required),
            Key("connection", "how the service is spoken to; plain HTTP/1.1 when left out", .object(connection)),
            Key(
                "stop", "how the service is ended; \(PlanReader.defaultStopGrace.inSeconds) of grace when left out",
                .object(stop)),
            Key("capture", "what is read besides `/proc`", .object(capture)),
        ],
        rules: startingKeys.map { .needs($0, oneOf: ["command"]) })

    /// Keys of a service that are of no use unless perfgate starts it.
    static let startingKeys = ["build", "env", "stop"]

    private static let shellCommand = Shape.text(
        TextForm(name: "shell-command", words: "shell command", pattern: #"\S"#))

    private static let address = Shape.text(
        TextForm(
            name: "address", words: "address", pattern: ##"^https?://[^/?#@]+(/[!"$->@-z|~]*)?$"##, limit: 4096))

    static let connection = Self(
        "connection",
        [
            Key(
                "protocol", "`h2` is HTTP/2: by ALPN for `https`, else without asking",
                .words(Service.Connection.HTTPVersion.allCases.map(\.rawValue)),
                .otherwise(Service.Connection.HTTPVersion.one.rawValue)),
            Key(
                "streams", "most requests at once on one connection of HTTP/2",
                .wholeNumber(Service.Connection.streamsTaken), .otherwise("1")),
            Key(
                "keep-alive",
                "when a connection is closed and opened anew: when the service closes it, at the end of every flow, or "
                    + "after every response",
                .words(Service.Connection.KeepAlive.allCases.map(\.rawValue)),
                .otherwise(Service.Connection.KeepAlive.always.rawValue)),
            Key(
                "socket",
                "path of a Unix socket to connect to instead of the address's host and port; `{port}` is replaced",
                .text(.line("path"))),
            Key("tls", "whom to trust and what to present, for `https`", .object(tls)),
        ])

    static let tls = Self(
        "tls",
        [
            Key("ca", "PEM file of the authorities trusted instead of the system's", .text(.line("path"))),
            Key("certificate", "PEM file of the certificate presented to the service", .text(.line("path"))),
            Key("key", "PEM file of that certificate's key", .text(.line("path"))),
            Key(
                "server-name", "name asked for (SNI) and verified, instead of the address's host",
                .text(.line("name", limit: 253))),
            Key(
                "verify", "`chain` does not look at the name, `none` trusts everybody",
                .words(Service.TLS.Verification.allCases.map(\.rawValue)),
                .otherwise(Service.TLS.Verification.full.rawValue)),
        ], isInline: true)

    static let ready = Self(
        "ready",
        [
            Key(
                "get", "path that answers with a 2xx status once the service is ready",
                .text(TextForm(words: "path", pattern: #"^/[!"$-z|~]*$"#, limit: 4096)), .required),
            Key(
                "timeout", "how long the service may take to become ready", .text(.duration),
                .otherwise(PlanReader.defaultReadyTimeout.inSeconds)),
        ], isInline: true)

    static let stop = Self(
        "stop",
        [
            Key(
                "grace", "how long the service may take to end after SIGTERM before it is killed", .text(.duration),
                .required)
        ], isInline: true)

    static let capture = Self(
        "capture",
        [
            Key("pprof", "address of the Go runtime's profiles, over `http`", address),
            Key(
                "native", "the preloaded probe, which counts allocations and Swift tasks; without `pprof` only",
                .words(Service.Capture.Native.allCases.map(\.rawValue)),
                .otherwise(Service.Capture.Native.auto.rawValue)),
        ], isInline: true)

    static let load = Self("load", keysOfLoad(PlanReader.ExecutorName.allCases), rules: rulesOfLoad)

    private static func keysOfLoad(_ executors: [PlanReader.ExecutorName]) -> [Key] {
        [
            Key("executor", "shape of the load", .words(executors.map(\.rawValue)), .required),
            Key(
                "rate",
                "flows started per second; required for `constant-arrival-rate`, more than 0/s, and for "
                    + "`ramping-arrival-rate`, those at the beginning; else not allowed", .text(.anyRate)),
            Key(
                "stages", "how the rate or the number of users goes on; required for the two ramps, else not allowed",
                .list(of: .object(stage), words: "list of stages")),
            Key(
                "users",
                "virtual users, each with its own connection; required for `constant-vus`, 1 or more, and for "
                    + "`ramping-vus`, those at the beginning; else not allowed",
                .wholeNumber(PlanReader.usersOfRampTaken)),
            Key(
                "connections", "most connections open at once; not for the two with users",
                .wholeNumber(Load.usersTaken), .otherwise("\(Load.defaultConnections)")),
            Key(
                "warmup", "load that is made but not counted, 0s to 24 hours", .text(.pause),
                .otherwise(PlanReader.defaultWarmup.inSeconds)),
            Key("requests", "fixed number of requests per round", .wholeNumber(Load.requestsTaken)),
            Key(
                "duration",
                "length of a round instead of `requests`; exactly one of the two is required, but for stages and for "
                    + "`find-capacity` neither is allowed",
                .text(.duration)),
            Key(
                "timeout",
                "how long a request may take before it is recorded as timed out, the opening of its connection and its "
                    + "redirects included",
                .text(.duration),
                .otherwise(Load.defaultTimeout.inSeconds)),
        ] + search
    }

    private static let rulesOfLoad: [Rule] =
        [
            .when(
                "executor", is: PlanReader.ExecutorName.constantArrivalRate.rawValue, needs: ["rate"],
                excludes: ["users", "stages"], oneOf: work),
            .whenText(
                "executor", is: PlanReader.ExecutorName.constantArrivalRate.rawValue, other: "rate", form: .rate),
            .when(
                "executor", is: PlanReader.ExecutorName.rampingArrivalRate.rawValue, needs: ["rate", "stages"],
                excludes: ["users"] + work),
            .when(
                "executor", is: PlanReader.ExecutorName.constantUsers.rawValue, needs: ["users"],
                excludes: ["rate", "stages", "connections"], oneOf: work),
            .whenNumber(
                "executor", is: PlanReader.ExecutorName.constantUsers.rawValue, other: "users",
                range: Load.usersTaken),
            .when(
                "executor", is: PlanReader.ExecutorName.rampingUsers.rawValue, needs: ["users", "stages"],
                excludes: ["rate", "connections"] + work),
            .when(
                "executor", is: PlanReader.ExecutorName.findCapacity.rawValue, needs: ["from", "to", "limits"],
                excludes: ["rate", "users", "stages"] + work),
        ]
        + PlanReader.ExecutorName.ofSeveral.map {
            .when("executor", is: $0.rawValue, needs: [], excludes: PlanReader.keysOfSearch)
        }

    private static let work = ["requests", "duration"]

    /// What a load of a list has besides its other keys.
    static let loadEntry = Self(
        "load-entry",
        [
            Key("name", "name of the load, unlike that of any other load", name, .required),
            Key(
                "start", "how long after the beginning of the steady phase the load starts, 0s to 24 hours",
                .text(.pause), .otherwise("0s")),
            Key(
                "flows", "names of the flows it runs, by their weights; all when left out",
                .list(of: name, words: "list of names")),
        ])

    /// One load of several.
    static let loadOfList = Self(
        "load-of-list", loadEntry.keys + keysOfLoad(PlanReader.ExecutorName.ofSeveral), rules: load.rules)

    /// A part of a ramp.
    static let stage = Self(
        "stage",
        [
            Key(
                "rate", "flows started per second at the end of the stage; for `ramping-arrival-rate`", .text(.anyRate)),
            Key(
                "users", "virtual users at the end of the stage; for `ramping-vus`",
                .wholeNumber(PlanReader.usersOfRampTaken)),
            Key("duration", "how long it takes to get there, in a straight line", .text(.duration), .required),
        ], rules: [.exactlyOne(["rate", "users"])])
}
