import Plans
import Testing

@Suite struct JSONPathTests {
    @Test(
        arguments: [
            ("$", []),
            ("$.a", [.key("a")]),
            ("$.a.b-c", [.key("a"), .key("b-c")]),
            ("$[0][12].x", [.index(0), .index(12), .key("x")]),
            ("$['a b'][\"it's\"]", [.key("a b"), .key("it's")]),
            ("$['']", [.key("")]),
            ("$.größe", [.key("größe")]),
        ] as [(String, [JSONPath.Element])])
    func reads(text: String, elements: [JSONPath.Element]) throws {
        let path = try #require(JSONPath(text))
        #expect(path == JSONPath(elements: elements, text: text))
    }

    @Test(arguments: [
        "", "a", ".a", "$a", "$.", "$..a", "$.a.", "$[]", "$[-1]", "$[1", "$['a]", "$['a'", "$[*]", "$.*", "$[a]",
        "$[1000001]", "$[99999999999999999999]", "$.a b", "$ ", " $",
        "$" + String(repeating: ".a", count: 65), "$." + String(repeating: "a", count: 999),
    ])
    func refuses(text: String) {
        #expect(JSONPath(text) == nil)
    }
}
