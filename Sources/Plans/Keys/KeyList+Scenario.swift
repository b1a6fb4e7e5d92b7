extension KeyList {
    static let scenario = Self(
        "scenario",
        [
            Key(
                "data", "files whose rows are variables, by the name they are used by",
                .map(.variable, of: .either([.text(dataPath), .object(data)]), words: "names and paths or objects")),
            Key(
                "setup",
                "what one virtual user does once per round, before all load; what it captures can be used everywhere",
                .object(part)),
            Key(
                "user-setup",
                "what every virtual user does once per round after that; what it captures can be used in the flows",
                .object(part)),
            Key(
                "teardown", "what one virtual user does once per round, when everything was measured", .object(part)),
            Key("flows", "sequences of steps", .list(of: .object(flow), words: "list of flows"), .required),
        ])

    static let part = Self(
        "part", [Key("steps", "what is done, one after the other", steps, .required)], isInline: true)

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
    static let bodies = ["json", "text", "file"]

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
                Key("json", "body, written as YAML and sent as JSON", .anything(words: "anything")),
                Key("text", "body, sent as it is written", .text(.any)),
                Key(
                    "file",
                    "body, read from a UTF-8 file of at most \(StepReader.maximumFile >> 20) MiB and sent without "
                        + "replacing variables", .text(.line("path"))),
                Key(
                    "content-type",
                    "type of the body; `application/json`, `text/plain; charset=utf-8` or "
                        + "`application/octet-stream` when left out",
                    .text(TextForm(words: "media type", pattern: "^[ -~]*/[ -~]*$", limit: 4096))),
                Key("check", "what the response must satisfy", .object(check)),
                Key(
                    "capture", "values taken from the response into variables for later steps of the flow",
                    .map(
                        .variable, of: .either([.text(path), .object(headerSource)]),
                        words: "names and paths or headers")),
                Key(
                    "redirects", "how many redirects are followed; with 0 a redirect is the response",
                    .wholeNumber(StepReader.redirectsTaken), .otherwise("0")),
                Key("timeout", "overrides the load's", .text(.duration)),
            ],
        rules: [.exactlyOne(methods), .atMostOne(bodies), .needs("content-type", oneOf: bodies)]
            + methodsWithoutBody.map { .excludes($0, bodies) })

    private static let path = TextForm(name: "path", words: "path", pattern: NameForm.pathPattern)

    static let headerSource = Self(
        "header-source",
        [
            Key(
                "header", "name of a header of the response",
                .text(TextForm(words: "text", pattern: NameForm.headerPattern)), .required)
        ], isInline: true)

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
                "json", "the value at the path equals the text, number, `true`, `false` or `null`",
                .map(.path, of: .scalar, words: "paths and values")),
        ], rules: [.notEmpty])

    private static let status = Shape.wholeNumber(CheckReader.statusesTaken)
}
