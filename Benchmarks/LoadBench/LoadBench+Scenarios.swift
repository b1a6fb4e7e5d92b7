import Plans

extension LoadBench {
    /// One GET whose body is not looked at.
    static func plain(_ target: String) -> Scenario {
        Scenario(data: [], flows: [flow(step(method: "GET", target: [.literal(target)]))])
    }

    /// A POST with five rendered variables, a status check, a body check and a number taken from the body.
    static func variables(_ target: String) -> Scenario {
        let users = Scenario.DataSet(
            name: "users", columns: ["name"], rows: (0..<100).map { ["user-\($0)"] }
        )
        var posting = step(
            method: "POST", target: [.literal(target + "?user="), .variable(.data(set: 0, column: 0))]
        )
        posting.headers = [
            Scenario.Header(name: "X-User", value: Template(segments: [.variable(.data(set: 0, column: 0))]))
        ]
        posting.body = Scenario.Body(
            contentType: "application/json",
            content: Template(
                segments: [
                    .literal("{\"user\":\""), .variable(.data(set: 0, column: 0)), .literal("\",\"iteration\":"),
                    .variable(.iteration), .literal(",\"by\":"), .variable(.user), .literal("}"),
                ],
                escaping: .json
            )
        )
        posting.checks = [.status([200]), .bodyContains(Template(segments: [.literal("accepted")]))]
        posting.captures = [
            Scenario.Capture(
                variable: "id", source: .json(JSONPath(elements: [.key("id")], text: "$.id"))
            )
        ]
        return Scenario(data: [users], flows: [flow(posting)])
    }

    private static func flow(_ step: Scenario.Step) -> Scenario.Flow {
        Scenario.Flow(name: "bench", weight: 1, steps: [step])
    }

    private static func step(method: String, target: [Template.Segment]) -> Scenario.Step {
        Scenario.Step(
            name: "request", method: method, target: Template(segments: target, escaping: .url), headers: [],
            body: nil, checks: [], captures: [], redirects: 0, timeout: nil
        )
    }
}
