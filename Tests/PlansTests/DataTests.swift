import Testing

@testable import Plans

@Suite struct DataTests {
    private func rows(_ text: String) throws -> [[String]] {
        try plan(Array(text.utf8)).scenario.data[0].rows
    }

    private func plan(_ bytes: [UInt8]) throws(Diagnostics) -> Plan {
        var reading = Reading()
        reading.files["ci/users.csv"] = bytes
        return try reading.plan(
            """
            version: 1
            service: { url: "http://localhost:80", ready: { get: / } }
            load: { executor: constant-vus, users: 1, requests: 1 }
            scenario:
              data: { t: ci/users.csv }
              flows: [ { name: a, steps: [ { name: b, get: / } ] } ]
            """)
    }

    /// What a plan asks for depends on the files it names, and a run is told by them too.
    @Test func filesAreKnownByWhatIsInThem() throws {
        // FNV-1a of "a", as its authors publish it: af63dc4c8601ec8c.
        #expect(try plan(Array("a\n1\n".utf8)).files.keys.sorted() == ["ci/users.csv"])
        #expect(NamedFiles.digest(of: Array("a".utf8)) == "1-af63dc4c8601ec8c")
        #expect(NamedFiles.digest(of: []) == "0-cbf29ce484222325")
        #expect(try plan(Array("a\n1\n".utf8)).files != plan(Array("a\n2\n".utf8)).files)
        #expect(try plan(Array("a\n1\n".utf8)).files == plan(Array("a\n1\n".utf8)).files)
    }

    private func problem(_ text: String) -> String { problem(Array(text.utf8)) }

    private func problem(_ bytes: [UInt8]) -> String {
        Reading.diagnostics { () throws(Diagnostics) in try plan(bytes) }
    }

    @Test func readsValuesAsTheyAre() throws {
        #expect(try rows("a,b\n1,2\n") == [["1", "2"]])
        #expect(try rows("a,b\r\n1,2\r\n3,4") == [["1", "2"], ["3", "4"]])
        #expect(try rows("\u{FEFF}a,b\n ä , \n") == [[" ä ", " "]])
        #expect(try rows("a,b\n,\n") == [["", ""]])
        #expect(try rows("a\n\"\"\n") == [[""]])
        #expect(try rows("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n") == [["x,y", "say \"hi\""]])
        #expect(try rows("a,b\n\"two\r\nlines\",2\n") == [["two\r\nlines", "2"]])
    }

    @Test(arguments: [
        ("", "1: the file is empty"),
        ("a,b\n", "2: there is no row below the header"),
        ("a,,c\n1,2,3\n", "1: column 2 has no name"),
        ("a,b,a\n1,2,3\n", "1: there are two columns named \"a\""),
        ("a}},b\n1,2\n", "1: \"a}}\" cannot name a column"),
        ("a,b\n1,2,3\n", "2: 3 values, but 2 in the header"),
        ("a,b\n\"1\n\n\",2\n3\n", "5: 1 value, but 2 in the header"),
        ("a,b\n1,2\n\n3,4\n", "3: the line is empty"),
        ("a\n1\n\n", "3: the line is empty"),
        ("a\r\n1\r\n\r\n", "3: the line is empty"),
        ("a,b\n1,x\"y\"\n", "2: a quote stands inside a value that does not begin with one"),
        ("a,b\n1,\"x\"y\n", "2: expected a comma or the line's end after the closing quote"),
        ("a,b\n1,\"x\n\n", "2: a quoted value has no closing quote"),
        ("a,b\r1,2\r", "1: a carriage return stands without a line feed"),
    ])
    func saysWhatIsWrong(text: String, expected: String) {
        #expect(problem(text) == "perfgate.yml:5:14: scenario.data.t: ci/users.csv:\(expected)\n")
    }

    @Test func takesUTF8Only() {
        #expect(
            problem(Array("a\nx\n".utf8) + [0xC3, 0x28, 0x0A])
                == "perfgate.yml:5:14: scenario.data.t: ci/users.csv:3: the line is not UTF-8\n")
    }

    @Test func neverShowsAValue() {
        #expect(!problem("user,password\nann,s3cret,s3cret\n").contains("s3cret"))
    }

    @Test func refusesMoreThanAMillionRows() {
        let table = Array("a\n".utf8) + Self.repeated("1\n", 1_000_001)
        #expect(problem(table) == "perfgate.yml:5:14: scenario.data.t: ci/users.csv:1000002: more than 1000000 rows\n")
    }

    @Test func refusesMoreThan64Mebibytes() {
        let table = [UInt8](repeating: 0x61, count: (64 << 20) + 1)
        #expect(
            problem(table)
                == "perfgate.yml:5:14: scenario.data.t: ci/users.csv:1: the file has 67108865 bytes; at most 67108864 are read\n"
        )
    }

    @Test func refusesControlCharactersOnlyWhereAHeaderNeedsThem() throws {
        let text = smallPlan.replacing("ci/users.csv", with: "ci/lines.csv").replacing("users.city", with: "users.text")
        #expect(try Reading().plan(text).rounds == 8)
        let header = text.replacing("Bearer {{token}}", with: "{{users.text}}")
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(header) } == """
                perfgate.yml:30:37: scenario.flows[0].steps[1].headers.Authorization: the column "users.text" has values with control characters, which no header can carry

                """)
    }

    private static func repeated(_ text: String, _ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        result.reserveCapacity(bytes.count * count)
        for _ in 0..<count { result += bytes }
        return result
    }
}
