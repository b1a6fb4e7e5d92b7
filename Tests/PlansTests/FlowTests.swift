import Testing

@testable import Plans

/// Steps that are not requests.
@Suite struct FlowTests {
    private func plan(_ steps: String, work: String = "duration: 1s") throws(Diagnostics) -> Plan {
        try Reading().plan(
            """
            version: 1
            service: { url: "http://localhost:80", ready: { get: / } }
            load: { executor: constant-arrival-rate, rate: 10/s, \(work) }
            scenario:
              flows:
                - name: flow
                  steps:
            \(steps.split(separator: "\n").map { "        " + $0 }.joined(separator: "\n"))

            """)
    }

    private func items(_ steps: String) throws -> [Scenario.Item] { try plan(steps).scenario.flows[0].items }

    private func problems(_ steps: String, work: String = "duration: 1s") -> String {
        Reading.diagnostics { () throws(Diagnostics) in try plan(steps, work: work) }
    }

    private let first = "- { name: first, get: /, capture: { state: $.state, id: $.id } }\n"

    @Test func readsPauses() throws {
        let items = try items(first + "- think: 200ms\n- think: { from: 0s, to: 300ms }\n")
        #expect(
            Array(items[1...]) == [
                .think(.init(from: .milliseconds(200), to: .milliseconds(200))),
                .think(.init(from: .zero, to: .milliseconds(300))),
            ])
    }

    @Test func readsNestedSteps() throws {
        let plan = try plan(
            first + """
                - repeat: 3
                  steps:
                    - { name: second, get: / }
                    - if: { captured: state, not-contains: "{{id}}" }
                      steps: [ { name: third, get: / } ]
                      else: [ { name: fourth, get: / }, think: 1s ]

                """)
        let flow = plan.scenario.flows[0]
        #expect(plan.stepNames == ["first", "second", "third", "fourth"])
        guard case .repetition(3, let inner) = flow.items[1], case .choice(let condition, let yes, let no) = inner[1]
        else {
            Issue.record("\(flow.items)")
            return
        }
        #expect(
            condition
                == Scenario.Condition(
                    variable: "state", test: .contains(Template(segments: [.variable(.captured("id"))])),
                    isNegated: true))
        #expect(yes.requests.map(\.name) == ["third"])
        #expect(no.count == 2)
        #expect(flow.items.extent() == .init(fewest: 7, most: 7, pauses: 3, thinking: 3_000_000_000))
        #expect(flow.items.extent(of: "third") == .init(fewest: 0, most: 3, pauses: 3, thinking: 3_000_000_000))
    }

    @Test func countsRequestsWhereTheyAreKnown() throws {
        let fixed = try plan(first + "- repeat: 4\n  steps: [ { name: second, get: / } ]\n", work: "requests: 1000")
        #expect(fixed.loads[0].requestsPerFlow(in: fixed.scenario) == 5)
        #expect(fixed.expectedRequests(of: nil) == 1000)
        #expect(fixed.expectedRequests(of: "first") == 200)
        #expect(fixed.expectedRequests(of: "second") == 800)
        #expect(fixed.expectedRequests(of: "third") == nil)
        let free = try plan(first + "- if: { captured: id, exists: true }\n  steps: [ { name: second, get: / } ]\n")
        #expect(free.loads[0].requestsPerFlow(in: free.scenario) == 1)
        #expect(free.expectedRequests(of: nil) == nil)
        #expect(free.expectedRequests(of: "first") == 10)
        #expect(free.expectedRequests(of: "second") == nil)
        let even = try plan(
            first
                + "- if: { captured: id, equals: 7 }\n  steps: [ { name: a, get: / } ]\n  else: [ { name: b, get: / } ]\n",
            work: "requests: 1000")
        #expect(even.expectedRequests(of: nil) == 1000)
        #expect(even.expectedRequests(of: "a") == nil)
    }

    @Test func expectsPausesToTakeTheirTime() throws {
        let steps = first + "- think: { from: 0s, to: 3s }\n- repeat: 4\n  steps: [ { name: second, get: / } ]\n"
        // Flows of five requests, ten a second, and the pause of the last.
        #expect(try plan(steps, work: "requests: 1000").expectedSeconds == 23)
        #expect(try plan(steps, work: "duration: 7s").expectedSeconds == 7)
        var users = try plan(steps, work: "requests: 1000")
        users.loads[0].executor = .constantUsers(50)
        users.loads[0].connections = 50
        #expect(users.expectedSeconds == 2 + 4 * 3)
        users.loads.append(users.loads[0])
        users.loads[1].start = .seconds(5)
        #expect(users.expectedSeconds == 19)
        users.scenario.flows[0].items.remove(at: 1)
        #expect(users.expectedSeconds == 7)
        var ramp = users
        ramp.loads[1].executor = .rampingArrivalRate(
            Ramp(start: 1, stages: [.init(level: 5, duration: .seconds(90))]))
        ramp.loads[1].work = .duration(.seconds(90))
        #expect(ramp.expectedSeconds == 95)
    }

    @Test func whatIsCapturedSomewhereIsNotThereEverywhere() throws {
        let branch =
            "- if: { captured: id, equals: 1 }\n  steps: [ { name: second, get: /, capture: { more: $.more } } ]\n"
        #expect(
            problems(first + branch + "- { name: third, get: \"/{{more}}\" }\n")
                == "perfgate.yml:11:31: scenario.flows[0].steps[2].get: \"more\" is captured in some branches only (use it in the steps of if: { captured: more, exists: true })\n"
        )
        for test in ["exists: true", "equals: a", "contains: a"] {
            #expect(
                problems(
                    first + branch
                        + "- if: { captured: more, \(test) }\n  steps: [ { name: third, get: \"/{{more}}\" } ]\n")
                    == "no diagnostics\n")
        }
        for test in ["exists: false", "not-equals: a", "not-contains: a"] {
            #expect(
                problems(
                    first + branch
                        + "- if: { captured: more, \(test) }\n  steps: [ think: 1s ]\n  else: [ { name: third, get: \"/{{more}}\" } ]\n"
                ) == "no diagnostics\n")
        }
        #expect(
            problems(
                first + branch + "  else: [ { name: third, get: /, capture: { more: $.b } } ]\n"
                    + "- { name: fourth, get: \"/{{more}}\" }\n") == "no diagnostics\n")
    }

    @Test func aRepetitionKnowsWhatItCapturedBefore() throws {
        #expect(
            problems(
                """
                - repeat: 3
                  steps:
                    - if: { captured: next, exists: true }
                      steps: [ { name: more, get: "/?from={{next}}" } ]
                      else: [ { name: some, get: / } ]
                    - { name: list, get: /, capture: { next: $.next } }

                """) == "no diagnostics\n")
        #expect(
            problems(
                """
                - if: { captured: next, exists: true }
                  steps: [ { name: more, get: / } ]
                - { name: list, get: /, capture: { next: $.next } }

                """)
                == "perfgate.yml:8:27: scenario.flows[0].steps[0].if.captured: \"next\" is not captured yet (a variable can be used in the steps after its capture)\n"
        )
    }

    @Test(arguments: [
        ("- think: 3", "9:18: scenario.flows[0].steps[1].think: 3 has no unit (write 3s or 3ms)"),
        ("- think: 0s", "9:18: scenario.flows[0].steps[1].think: expected more than 0s to 24 hours, found \"0s\""),
        (
            "- think: { from: 2s, to: 1s }",
            "9:34: scenario.flows[0].steps[1].think.to: \"to\" is shorter than \"from\""
        ),
        ("- think: { from: 2s }", "9:18: scenario.flows[0].steps[1].think: \"to\" is missing (for example to: 300ms)"),
        (
            "- { think: 1s, get: / }",
            "9:24: scenario.flows[0].steps[1].get: unknown key \"get\" (known: think)"
        ),
        (
            "- { repeat: 0, steps: [ think: 1s ] }",
            "9:21: scenario.flows[0].steps[1].repeat: expected 1 to 10000, found 0"
        ),
        ("- { repeat: 2, steps: [] }", "9:31: scenario.flows[0].steps[1].steps: there is no step"),
        (
            "- { repeat: 2 }",
            "9:11: scenario.flows[0].steps[1]: \"steps\" is missing (for example steps: [ { name: list items, get: /items } ])"
        ),
        (
            "- { repeat: 101, steps: [ { repeat: 100, steps: [ think: 1ms ] } ] }",
            "8:9: scenario.flows[0].steps: one pass through the flow may have more than 10000 requests and pauses"
        ),
        (
            "- { repeat: 10000, steps: [ { repeat: 10000, steps: [ { repeat: 10000, steps: [ { repeat: 10000, steps: [ { repeat: 10000, steps: [ think: 24h ] } ] } ] } ] } ] }",
            "8:9: scenario.flows[0].steps: one pass through the flow may have more than 10000 requests and pauses"
        ),
        (
            "- { repeat: 3601, steps: [ think: 1s ] }",
            "8:9: scenario.flows[0].steps: the pauses of one pass through the flow may last longer than an hour"
        ),
        (
            "- { if: { captured: id }, steps: [ think: 1s ] }",
            "9:17: scenario.flows[0].steps[1].if: nothing is asked of the value (for example equals: accepted)"
        ),
        (
            "- { if: { captured: id, equals: a, contains: b }, steps: [ think: 1s ] }",
            "9:44: scenario.flows[0].steps[1].if.contains: \"contains\" beside \"equals\": one thing is asked of the value"
        ),
        (
            "- { if: { captured: id, exists: no }, steps: [ think: 1s ] }",
            "9:41: scenario.flows[0].steps[1].if.exists: expected true or false, found the text \"no\""
        ),
        (
            "- { if: { captured: id, contains: \"\" }, steps: [ think: 1s ] }",
            "9:43: scenario.flows[0].steps[1].if.contains: every value contains the empty text (for example exists: true)"
        ),
        (
            "- { if: { captured: user, exists: true }, steps: [ think: 1s ] }",
            "9:29: scenario.flows[0].steps[1].if.captured: no earlier step captures \"user\" (known: state, id)"
        ),
        (
            "- { if: { captured: id, equals: a }, steps: [ { name: first, get: / } ] }",
            "9:63: scenario.flows[0].steps[1].steps[0].name: there is a step named \"first\" already, in line 8 (results are kept by name)"
        ),
    ])
    func saysWhatIsWrong(step: String, expected: String) {
        #expect(problems(first + step + "\n") == "perfgate.yml:\(expected)\n")
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> String {
            String(repeating: "{ repeat: 1, steps: [ ", count: depth) + "{ name: in, get: / }"
                + String(repeating: " ] }", count: depth)
        }
        #expect(problems("- " + nested(8) + "\n") == "no diagnostics\n")
        #expect(problems("- " + nested(9) + "\n").hasSuffix(": steps are nested more than 8 deep\n"))
    }

    @Test func aFlowMakesARequest() {
        #expect(
            problems("- think: 1s\n")
                == "perfgate.yml:8:9: scenario.flows[0].steps: the flow may end without a request (write one outside every \"if\", or in both \"steps\" and \"else\")\n"
        )
    }

    @Test func aFixedNumberOfRequestsTakesFixedFlows() {
        let choice = "- if: { captured: id, equals: 1 }\n  steps: [ { name: second, get: / } ]\n"
        #expect(
            problems(first + choice, work: "requests: 100")
                == "perfgate.yml:8:9: scenario.flows[0].steps: the flow makes 1 to 2 requests, and a fixed number of requests takes flows with a fixed number (make as many in \"steps\" as in \"else\", or write load.duration)\n"
        )
        #expect(problems(first + choice) == "no diagnostics\n")
        #expect(
            problems(first + choice + "  else: [ { name: third, get: / } ]\n", work: "requests: 100")
                == "no diagnostics\n")
    }
}
