internal import Measures

extension KeyList {
    static let scenario = Self(
        "scenario",
        [
            Key(
                "data", "files whose rows are variables, by the name they are used by",
                .map(.variable, of: .either([.text(dataPath), .object(data)]), words: "names and paths or objects")),
            Key("auth", "who sends the requests, for every step that does not say otherwise", .object(auth)),
            Key(
                "cookies",
                "how long a virtual user keeps its cookies: for one `flow`, for the life of the `user`, or `off`",
                .words(Scenario.Cookies.allCases.map(\.rawValue)), .otherwise("flow")),
            Key(
                "compressed", "whether steps ask for compressed responses, where they do not say otherwise", .truth,
                .otherwise("false")),
            Key(
                "setup",
                "what one virtual user does once per round, before all load; what it captures can be used everywhere",
                .object(aroundLoad)),
            Key(
                "user-setup",
                "what every virtual user does once per round after that; what it captures can be used in the flows",
                .object(aroundLoad)),
            Key(
                "teardown", "what one virtual user does once per round, when everything was measured",
                .object(aroundLoad)),
            Key("flows", "sequences of steps", .list(of: .object(flow), words: "list of flows"), .required),
        ])

    static let aroundLoad = Self(
        "around-load", [Key("steps", "what is done, one after the other", steps, .required)], isInline: true)

    static let data = Self(
        "data",
        [
            Key(
                "file", "path of the file, which ends in `.csv`, `.json`, `.jsonl` or `.ndjson`", .text(dataPath),
                .required),
            Key(
                "order",
                "which row an iteration uses: the next one, again from the first after the last; one drawn from the "
                    + "run's seed and the iteration's number; or that of the virtual user's number",
                .words(Scenario.DataSet.Order.allCases.map(\.rawValue)),
                .otherwise(Scenario.DataSet.Order.sequential.rawValue)),
        ])

    private static let dataPath = TextForm(
        name: "data-file", words: "path",
        pattern: #"\.([cC][sS][vV]|[jJ][sS][oO][nN][lL]?|[nN][dD][jJ][sS][oO][nN])$"#, limit: 4096)

    static let flow = Self(
        "flow",
        [
            Key("name", "name of the flow, unlike that of any other flow", name, .required),
            Key(
                "weight", "how often the flow is chosen, in proportion to the weights of the others",
                .wholeNumber(ScenarioReader.weightsTaken), .otherwise("1")),
            Key("steps", "what a virtual user does, one after the other", steps, .required),
        ])

    static let name = Shape.text(
        TextForm(
            name: "name", words: "text of at most \(ScenarioReader.maximumNameLength) characters",
            limit: ScenarioReader.maximumNameLength))

    static let methods = ["get", "post", "put", "patch", "delete", "head", "options"]
    /// Methods whose requests have no body.
    static let methodsWithoutBody = ["get", "head", "options"]
    static let bodies = ["json", "text", "file", "multipart"]
    /// Bodies whose type can be written beside them.
    static let typedBodies = ["json", "text", "file"]

    static let step = Self(
        "step",
        [Key("name", "name of the step, unlike that of any other step of the scenario", name, .required)]
            + methods.map {
                Key(
                    $0, "path and query of the request, beginning with `/`; exactly one method is required",
                    .text(
                        TextForm(name: "target", words: "path", pattern: "^/", limit: StepReader.maximumTargetLength)))
            }
            + [
                Key(
                    "headers",
                    "headers of the request; those of the connection, the length, `Host` and `traceparent` are set "
                        + "by perfgate",
                    .map(.header, of: .printed(isEmptyTaken: true), words: "names and texts")),
                Key(
                    "auth", "who sends the request, `none` for nobody; as the scenario says when left out",
                    .either([.object(auth), .words([AuthReader.none])])),
                Key(
                    "compressed",
                    "whether the step sends `Accept-Encoding: gzip, deflate`; as the scenario says when left out",
                    .truth),
                Key("json", "body, written as YAML and sent as JSON", .anything(words: "anything")),
                Key("text", "body, sent as it is written", .text(.any)),
                Key(
                    "file",
                    "body, read from a file of at most \(BodyReader.maximumBytes >> 20) MiB and sent as it is, without "
                        + "replacing variables", .text(.line("path"))),
                Key(
                    "multipart", "body, a form of these parts, sent as `multipart/form-data`",
                    .list(of: .object(formPart), words: "list of parts")),
                Key(
                    "content-type",
                    "type of the body; `application/json`, `text/plain; charset=utf-8` or "
                        + "`application/octet-stream` when left out",
                    .text(mediaType)),
                Key("check", "what the response must satisfy", .object(check)),
                Key(
                    "capture", "values taken from the response into variables for later steps of the flow",
                    .map(
                        .variable, of: .either([.text(path), .object(captureSource)]),
                        words: "names and paths, headers or patterns")),
                Key(
                    "redirects", "how many redirects are followed; with 0 a redirect is the response",
                    .wholeNumber(StepReader.redirectsTaken), .otherwise("0")),
                Key("timeout", "overrides the load's", .text(.duration)),
            ],
        rules: [.exactlyOne(methods), .atMostOne(bodies), .needs("content-type", oneOf: typedBodies)]
            + methodsWithoutBody.map { .excludes($0, bodies) })

    static let auth = Self(
        "auth",
        [
            Key("basic", "user name and password, sent as `Authorization: Basic …`", .object(basic)),
            Key("bearer", "token, sent as `Authorization: Bearer …`", .printed(isEmptyTaken: false)),
        ], rules: [.exactlyOne(["basic", "bearer"])])

    static let basic = Self(
        "basic",
        [
            Key("user", "name of the user, without a colon", .printed(isEmptyTaken: true), .required),
            Key("password", "password of the user", .printed(isEmptyTaken: true), .required),
        ], isInline: true)

    private static let mediaType = TextForm(words: "media type", pattern: "^[ -~]*/[ -~]*$", limit: 4096)

    static let formPart = Self(
        "part",
        [
            Key("name", "name of the form's field", .text(.line("text")), .required),
            Key("text", "what the part holds, with variables", .text(.any)),
            Key("file", "path of a file whose bytes the part holds, as they are", .text(.line("path"))),
            Key(
                "filename", "name of the file as the service is told it; that of the `file` when left out",
                .text(.line("text"))),
            Key(
                "content-type",
                "type of the part; `application/octet-stream` of a file and none of a text when left out",
                .text(mediaType)),
        ], rules: [.exactlyOne(["text", "file"])])

    private static let path = TextForm(name: "path", words: "path", pattern: NameForm.pathPattern)

    static let captureSource = Self(
        "capture-source",
        [
            Key(
                "header", "name of a header of the response",
                .text(TextForm(words: "text", pattern: NameForm.headerPattern))),
            Key(
                "regex", "pattern whose first group in the body is taken, or its whole match where it has no group",
                .text(pattern)),
        ], rules: [.exactlyOne(["header", "regex"])], isInline: true)

    private static let pattern = TextForm.line("pattern", limit: Pattern.maximumLength)

    static let check = Self(
        "check",
        [
            Key(
                "status", "the response has this status or one of these",
                .either([status, .list(of: status, words: "a list of statuses")])),
            Key(
                "header", "the header is there and contains the text",
                .map(.header, of: .printed(isEmptyTaken: true), words: "names and texts")),
            Key(
                "body", "the body contains the text, or each of the texts",
                .either([
                    .printed(isEmptyTaken: false),
                    .list(of: .printed(isEmptyTaken: false), words: "a list of texts", isEmptyTaken: true),
                ])),
            Key(
                "matches", "the pattern matches somewhere in the body, or each of the patterns does",
                .either([.text(pattern), .list(of: .text(pattern), words: "a list of patterns", isEmptyTaken: true)])),
            Key(
                "json", "the value at the path equals the text, number, `true`, `false` or `null`",
                .map(.path, of: .scalar, words: "paths and values")),
            Key("size", "how many bytes the body has, decoded where it is compressed", .object(sizeCheck)),
            Key("time", "how long the response takes", .object(timeCheck)),
        ], rules: [.notEmpty])

    static let sizeCheck = Self(
        "size-check",
        [
            Key("min", "at least so many bytes", .text(.quantity(.bytes))),
            Key("max", "at most so many bytes", .text(.quantity(.bytes))),
        ], rules: [.notEmpty], isInline: true)

    static let timeCheck = Self(
        "time-check",
        [
            Key(
                "max", "the response is complete so long after the request was sent, or earlier", .text(.duration),
                .required)
        ], isInline: true)

    private static let status = Shape.wholeNumber(CheckReader.statusesTaken)
}
