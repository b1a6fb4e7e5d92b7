import Testing

@testable import Plans

/// Data in JSON and JSON Lines, and the order its rows are used in.
@Suite struct JSONDataTests {
    private func set(_ file: String, _ text: String, load: String = "users: 1") throws(Diagnostics) -> Scenario.DataSet
    {
        try set("{ t: \(file) }", [file: Array(text.utf8)], load: load)
    }

    private func set(
        _ data: String, _ files: [String: [UInt8]], load: String = "users: 1"
    ) throws(Diagnostics) -> Scenario.DataSet {
        var reading = Reading()
        reading.files.merge(files) { $1 }
        return try reading.plan(
            """
            version: 1
            service: { url: "http://localhost:80", ready: { get: / } }
            load: { executor: constant-vus, requests: 1, \(load) }
            scenario:
              data: \(data)
              flows: [ { name: a, steps: [ { name: b, get: / } ] } ]
            """
        ).scenario.data[0]
    }

    private func problem(_ file: String, _ text: String) -> String {
        Reading.diagnostics { () throws(Diagnostics) in try set(file, text) }
    }

    @Test func readsObjectsOfAList() throws {
        let table = try set("t.json", " [ {\"a\": \"x\\u00e4\", \"b\": 1.50},\n {\"b\": true, \"a\": \"\"} ]\n")
        #expect(table.columns == ["a", "b"])
        #expect(table.rows == [["xä", "1.50"], ["", "true"]])
        #expect(table.order == .sequential)
    }

    @Test(arguments: ["t.jsonl", "t.ndjson", "T.JSONL"])
    func readsObjectsOfLines(file: String) throws {
        for text in [
            "{\"a\": 1, \"b\": \"two\\nlines\"}\r\n{\"b\":-2e3,\"a\":false}\n",
            "{\"a\":1,\"b\":\"two\\nlines\"}\n{\"a\":false,\"b\":-2e3}",
        ] {
            let table = try set(file, text)
            #expect(table.columns == ["a", "b"])
            #expect(table.rows == [["1", "two\nlines"], ["false", "-2e3"]])
        }
    }

    @Test(arguments: [
        ("", "1: the file is empty"),
        ("[]", "1: there is no row"),
        ("{\"a\": 1}", "1:1: expected a list of objects (a file with one object per line is named .jsonl)"),
        ("[1]", "1:2: expected an object with a value for every column"),
        ("[{}]", "1:2: the object has no key"),
        ("[{\"\": 1}]", "1:3: the key is empty"),
        ("[{\"a}}\": 1}]", "1:3: \"a}}\" cannot name a column"),
        ("[{\"a\": 1, \"a\": 2}]", "1:11: the key \"a\" is written twice"),
        ("[{\"a\": 1},\n {\"b\": 2}]", "2:3: the key \"b\" is not in the first object"),
        (
            "[{\"a\": 1, \"b\": 2},\n {\"a\": 2}]",
            "2:2: the object has no \"b\", which the first one has"
        ),
        ("[{\"a\": [1]}]", "1:8: the value of \"a\" is a list; a text, a number, true or false is taken"),
        ("[{\"a\": {}}]", "1:8: the value of \"a\" is an object; a text, a number, true or false is taken"),
        (
            "[{\"a\": null}]",
            "1:8: the value of \"a\" is null; a text, a number, true or false is taken (an empty text is \"\")"
        ),
        ("[{\"a\": 1}", "1:10: expected \",\" or \"]\""),
        ("[{\"a\": 1},]", "1:11: expected a value (JSON takes no comma after the last value)"),
        ("[{\"a\": 1}] x", "1:12: expected the end of the file"),
        ("[{\"a\": s3cret}]", "1:8: expected a value (text stands in double quotes)"),
        ("\u{FEFF}[]", "1:1: the file begins with a byte order mark (save it as UTF-8 without one)"),
    ])
    func saysWhatIsWrongInAList(text: String, expected: String) {
        #expect(problem("t.json", text) == "perfgate.yml:5:14: scenario.data.t: t.json:\(expected)\n")
    }

    @Test(arguments: [
        ("\n", "1:1: the line is empty"),
        ("{\"a\": 1}\n\n", "2:1: the line is empty"),
        ("{\"a\": 1}\n{\"b\": 1}\n", "2:2: the key \"b\" is not in the first object"),
        ("{\"a\": 1} {\"a\": 2}\n", "1:10: expected the end of the file"),
        ("{\"a\":\n1}\n", "1:6: expected a value"),
        ("[{\"a\": 1}]\n", "1:1: expected an object with a value for every column"),
    ])
    func saysWhatIsWrongInLines(text: String, expected: String) {
        #expect(problem("t.jsonl", text) == "perfgate.yml:5:14: scenario.data.t: t.jsonl:\(expected)\n")
    }

    @Test(arguments: ["csv", "json", "jsonl"])
    func boundsFilesAndValues(notation: String) {
        func problem(_ bytes: [UInt8]) -> String {
            Reading.diagnostics { () throws(Diagnostics) in try set("{ t: t.\(notation) }", ["t.\(notation)": bytes]) }
        }
        #expect(
            problem([UInt8](repeating: 0x5B, count: (64 << 20) + 1))
                == "perfgate.yml:5:14: scenario.data.t: t.\(notation):1: the file has 67108865 bytes; at most 67108864 are read\n"
        )
        let long = String(repeating: "x", count: (1 << 20) + 1)
        let (text, place) =
            switch notation {
            case "csv": ("a\n\(long)\n", "2")
            case "json": ("[{\"a\":\"\(long)\"}]", "1:7")
            default: ("{\"a\":\"\(long)\"}\n", "1:6")
            }
        #expect(
            problem(Array(text.utf8))
                == "perfgate.yml:5:14: scenario.data.t: t.\(notation):\(place): a value has 1048577 bytes; at most 1048576 are taken\n"
        )
        #expect(
            problem(Array("a\nx\n".utf8) + [0xC3, 0x28, 0x0A])
                == "perfgate.yml:5:14: scenario.data.t: t.\(notation):3: the line is not UTF-8\n")
    }

    @Test func refusesMoreThanAMillionObjects() {
        let text = String(repeating: "{\"a\":1}\n", count: 1_000_001)
        #expect(
            problem("t.jsonl", text)
                == "perfgate.yml:5:14: scenario.data.t: t.jsonl:1000001:1: more than 1000000 rows\n")
    }

    @Test(arguments: Scenario.DataSet.Order.allCases)
    func takesAnOrder(order: Scenario.DataSet.Order) throws {
        let table = try set("{ t: { file: ci/users.csv, order: \(order.rawValue) } }", [:], load: "users: 2")
        #expect(table.order == order)
        #expect(table.rows == [["ann", "Oslo"], ["bob", "Bergen, west"]])
        #expect(try set("{ t: { file: ci/users.csv } }", [:]).order == .sequential)
    }

    @Test func everyUserNeedsARowOfItsOwn() {
        let data = "{ t: { file: ci/users.csv, order: once-per-user } }"
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try set(data, [:], load: "users: 3") }
                == "perfgate.yml:5:43: scenario.data.t.order: the data \"t\" has 2 rows for 3 virtual users (add rows, or let them be taken in another order)\n"
        )
        let plan = smallPlan.replacing("{ users: ci/users.csv }", with: data.replacing("t:", with: "users:"))
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(plan) }
                == "perfgate.yml:19:47: scenario.data.users.order: the data \"users\" has 2 rows for 40 connections, each a virtual user (add rows, or let them be taken in another order)\n"
        )
    }
}
