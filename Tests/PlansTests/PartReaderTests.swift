import Testing

@testable import Plans

/// What a scenario does around its load.
@Suite struct PartReaderTests {
    private func plan(_ scenario: String) throws(Diagnostics) -> Plan {
        try Reading().plan(
            """
            version: 1
            service: { url: "http://localhost:80", ready: { get: / } }
            load: { executor: constant-vus, users: 2, requests: 10 }
            scenario:
              data: { users: ci/users.csv }
            \(scenario.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

            """)
    }

    private func problems(_ scenario: String) -> String {
        Reading.diagnostics { () throws(Diagnostics) in try plan(scenario) }
    }

    private let parts = """
        setup: { steps: [ { name: create, post: /shops, capture: { shop: $.id } } ] }
        user-setup: { steps: [ { name: log in, post: "/{{shop}}/{{users.name}}", capture: { token: $.token } } ] }
        teardown: { steps: [ { name: remove, delete: "/{{shop}}", capture: { token: $.a } }, { name: b, get: "/{{token}}" } ] }

        """

    @Test func whatIsCapturedHoldsInEveryFlow() throws {
        let plan = try plan(parts + "flows: [ { name: a, steps: [ { name: look, get: \"/{{shop}}/{{token}}\" } ] } ]")
        #expect(plan.scenario.setup.requests.map(\.name) == ["create"])
        #expect(plan.scenario.userSetup.requests.map(\.name) == ["log in"])
        #expect(plan.scenario.teardown.requests.map(\.name) == ["remove", "b"])
        // Results are kept of flows alone.
        #expect(plan.stepNames == ["look"])
        #expect(plan.expectedRequests(of: nil) == 10)
    }

    @Test(arguments: ["setup", "user-setup"])
    func whatIsCapturedCanBeWhoAsksInEveryStep(part: String) throws {
        let flows = "flows: [ { name: a, steps: [ { name: look, get: / } ] } ]\nauth: { bearer: \"{{token}}\" }\n"
        let logIn = "\(part): { steps: [ { name: log in, post: /, auth: none, capture: { token: $.t } } ] }\n"
        let scenario = try plan(logIn + flows).scenario
        #expect(scenario.flows[0].steps[0].auth == .bearer(Template(segments: [.variable(.captured("token"))])))
        // Who is not known yet cannot ask.
        #expect(
            problems(logIn.replacing(", auth: none", with: "") + flows)
                == "perfgate.yml:6:\(part.count + 16): scenario.\(part).steps[0]: the scenario's \"auth\" here: \"token\" "
                + "is not captured yet (auth: none sends the step without)\n")
    }

    @Test func budgetsCannotNameTheirSteps() {
        let budgets = "{ \"version\": 1, \"steps\": { \"log in\": { \"latency.p90\": { \"max\": \"1s\" } } } }"
        let text = """
            version: 1
            service: { url: "http://localhost:80", ready: { get: / } }
            load: { executor: constant-vus, users: 2, requests: 10 }
            scenario:
              user-setup: { steps: [ { name: log in, get: / } ] }
              flows: [ { name: a, steps: [ { name: look, get: / } ] } ]

            """
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().both(text, budgets) }
                .contains("no step \"log in\""))
    }

    @Test(arguments: [
        (
            "flows: [ { name: a, steps: [ { name: create, get: / } ] } ]",
            "9:40: scenario.flows[0].steps[0].name: there is a step named \"create\" already, in line 6 (results are kept by name)"
        ),
        (
            "flows: [ { name: a, steps: [ { name: c, get: /, capture: { token: $.t } } ] } ]",
            "9:62: scenario.flows[0].steps[0].capture.token: \"token\" is captured before all flows already (choose another name)"
        ),
        (
            "flows: [ { name: a, steps: [ { name: c, get: \"/{{last}}\" } ] } ]",
            "9:48: scenario.flows[0].steps[0].get: no variable \"last\" (known: shop, token, users.name, users.city, iteration, user)"
        ),
    ])
    func flowsAndPartsKnowOneAnother(flows: String, expected: String) {
        #expect(problems(parts + flows) == "perfgate.yml:\(expected)\n")
    }

    @Test(arguments: [
        ("setup: { steps: [] }", "6:19: scenario.setup.steps: there is no step"),
        (
            "setup: {}",
            "6:10: scenario.setup: \"steps\" is missing (for example steps: [ { name: log in, post: /login } ])"
        ),
        (
            "setup: [ { name: a, get: / } ]", "6:10: scenario.setup: expected an object, found a list"
        ),
        (
            "teardown: { steps: [ { name: a, get: \"/{{token}}\" } ] }\nuser-setup: { steps: [ { name: b, get: /, capture: { token: $.t } } ] }",
            "6:40: scenario.teardown.steps[0].get: no variable \"token\" (known: users.name, users.city, iteration, user)"
        ),
        (
            "setup: { steps: [ { repeat: 10000, steps: [ { name: a, get: / }, { name: b, get: / } ] } ] }",
            "6:19: scenario.setup.steps: one pass through the flow may have more than 10000 requests and pauses"
        ),
    ])
    func saysWhatIsWrong(part: String, expected: String) {
        #expect(
            problems(part + "\nflows: [ { name: f, steps: [ { name: look, get: / } ] } ]")
                == "perfgate.yml:\(expected)\n")
    }
}
