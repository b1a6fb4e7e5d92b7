import Plans

extension Scenario {
    /// One flow of these steps, without data.
    static func of(_ steps: Step...) -> Scenario {
        Scenario(data: [], flows: [Flow(name: "flow", weight: 1, steps: steps)])
    }
}

extension Scenario.Step {
    static func get(
        _ name: String, _ target: String, checks: [Scenario.Check] = [], captures: [Scenario.Capture] = [],
        redirects: Int = 0
    ) -> Scenario.Step {
        Scenario.Step(
            name: name, method: "GET", target: Template(segments: [.literal(target)], escaping: .url), headers: [],
            body: nil, checks: checks, captures: captures, redirects: redirects, timeout: nil
        )
    }
}

extension JSONPath {
    static func keys(_ keys: String...) -> JSONPath {
        JSONPath(elements: keys.map { .key($0) }, text: "$." + keys.joined(separator: "."))
    }
}
