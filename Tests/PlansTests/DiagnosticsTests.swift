import Plans
import Testing

@Suite struct DiagnosticsTests {
    @Test func tellsAllMistakesOfBothDocumentsInOrder() {
        let plan = """
            version: 1
            service: { url: "http://127.0.0.1:8080", ready: { get: / }, extra: 1 }
            load: { executor: constant-vus, users: 20, duration: 10 }
            scenario: { flows: [ { name: a, steps: [ { name: b, get: items } ] } ] }
            """
        let budgets = """
            { "version": 1, "budgets": { "latency.p50": { "max": 5 } },
              "steps": { "c": { "latency.p50": { "max": "5ms" } } } }
            """
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().both(plan, budgets) } == """
                perfgate.yml:2:61: service.extra: unknown key "extra" (known: build, command, env, ready, url, connection, stop, capture)
                perfgate.yml:3:54: load.duration: 10 has no unit (write 10s or 10ms)
                perfgate.yml:4:58: scenario.flows[0].steps[0].get: expected a path that begins with "/", found "items"
                thresholds.json:1:54: budgets["latency.p50"].max: "5" has no unit; write "200us", "1ms" or "2s"
                thresholds.json:2:14: steps.c: the plan has no step "c" (did you mean "b"?)

                """)
    }

    @Test func aPlanThatCannotBeParsedHidesNoMistakeOfTheBudgets() {
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in
                try Reading().both("a: [", #"{ "version": 1, "steps": { "any": {} } }"#)
            } == """
                perfgate.yml:2:1: this is not YAML: did not find expected node content
                thresholds.json:1:35: steps.any: there is no budget (for example "latency.p90": { "max": "250ms" })

                """)
    }

    @Test func neverShowsTheEnvironment() {
        var reading = Reading()
        reading.environment = ["A": "s3cret\u{1}", "B": "s3cret two"]
        let text = smallPlan.replacing("Bearer {{token}}", with: "{{env.A}} {{env.B}}")
            .replacing("/login", with: "/log in/{{env.B}}")
        let found = Reading.diagnostics { () throws(Diagnostics) in try reading.plan(text) }
        #expect(
            found == """
                perfgate.yml:25:17: scenario.flows[0].steps[0].post: "/log in/" contains a space (a space is written %20)
                perfgate.yml:30:37: scenario.flows[0].steps[1].headers.Authorization: the value of "env.A" has control characters, which no header can carry

                """)
    }

    @Test func boundsTheList() {
        let entries = (0..<600).map { "k\($0): 1\n" }.joined()
        let found = Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(entries) }
        #expect(found.split(separator: "\n").count == 501)
        #expect(found.hasSuffix("perfgate.yml:500:1: 104 more problems are not shown\n"))
    }

    @Test(arguments: [
        ("", "perfgate.yml:1:1: the file is empty\n"),
        (" \n\t\r\n", "perfgate.yml:1:1: the file is empty\n"),
        ("# nothing\n", "perfgate.yml:1:1: the file is empty\n"),
        ("---\n", "perfgate.yml:2:1: expected an object, found nothing\n"),
        ("text", "perfgate.yml:1:1: expected an object, found the text \"text\"\n"),
        ("[1]", "perfgate.yml:1:1: expected an object, found a list\n"),
        ("a: \u{0}", "perfgate.yml:1:4: the control character U+0 stands in the file\n"),
    ])
    func saysWhatIsWrongWithTheWholeFile(text: String, expected: String) {
        #expect(Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(text) } == expected)
    }

    @Test func refusesLargeFiles() {
        let text = String(repeating: "#", count: DocumentText.limit + 1)
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(text) }
                == "perfgate.yml:1:1: the file has 1048577 bytes; at most 1048576 are read\n")
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in
                try DocumentText.decode([UInt8](repeating: 0x20, count: DocumentText.limit + 1), file: "a")
            } == "a:1:1: the file has 1048577 bytes; at most 1048576 are read\n")
    }

    @Test func decodesUTF8Only() throws {
        #expect(try DocumentText.decode(Array("größe".utf8), file: "a") == "größe")
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in
                try DocumentText.decode(Array("a\nö".utf8) + [0xFF], file: "a")
            } == "a:2:2: the file is not UTF-8 (save it as UTF-8)\n")
    }

    @Test func takesAByteOrderMarkBeforeYAML() throws {
        #expect(try Reading().plan("\u{FEFF}" + smallPlan).rounds == 8)
    }
}
