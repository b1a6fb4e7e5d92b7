import Plans
import Testing

@testable import LoadGen

@Suite("JSON scanner")
struct JSONScannerTests {
    /// What stands at the path, as a text that tells the kinds apart.
    private func find(_ path: [JSONPath.Element], in text: String) -> String {
        Array(text.utf8).withUnsafeBytes { bytes in
            do throws(JSONScanner.Failure) {
                switch try JSONScanner.find(path.map(JSONScanner.Element.init), in: bytes) {
                case .nothing: return "nothing"
                case .string(let range):
                    var decoded: [UInt8] = []
                    JSONText.decode(bytes, range) { decoded.append($0) }
                    return "string " + String(decoding: decoded, as: UTF8.self)
                case .number(let range): return "number " + String(decoding: bytes[range], as: UTF8.self)
                case .bool(let value): return "\(value)"
                case .null: return "null"
                case .object: return "object"
                case .array: return "array"
                }
            } catch {
                switch error {
                case .malformed(let offset): return "malformed \(offset)"
                case .tooDeep: return "too deep"
                }
            }
        }
    }

    @Test("values are found by keys and indices")
    func paths() {
        let text = #" { "a" : [1, {"b":"x","c":null}, [true, -1.5e+3]], "d": {"a": false}, "e": {} , "f": "g"} "#
        #expect(find([.key("a"), .index(0)], in: text) == "number 1")
        #expect(find([.key("a"), .index(1), .key("b")], in: text) == "string x")
        #expect(find([.key("a"), .index(1), .key("c")], in: text) == "null")
        #expect(find([.key("a"), .index(2), .index(0)], in: text) == "true")
        #expect(find([.key("a"), .index(2), .index(1)], in: text) == "number -1.5e+3")
        #expect(find([.key("d"), .key("a")], in: text) == "false")
        #expect(find([.key("e")], in: text) == "object")
        #expect(find([.key("a")], in: text) == "array")
        #expect(find([.key("b")], in: text) == "nothing")
        #expect(find([.key("a"), .index(3)], in: text) == "nothing")
        #expect(find([.key("a"), .key("a")], in: text) == "nothing")
        #expect(find([.index(0)], in: text) == "nothing")
        #expect(find([.key("f"), .key("g")], in: text) == "nothing")
        #expect(find([], in: "42") == "number 42")
    }

    @Test("escapes are undone in values and in keys")
    func escapes() {
        #expect(find([], in: #""\"\\\/\b\f\n\r\tA\u00e9\u20AC\ud83d\ude00""#) == "string \"\\/\u{8}\u{C}\n\r\tAé€😀")
        #expect(find([], in: #""\ud83dx\ude00\ud83d""#) == "string \u{FFFD}x\u{FFFD}\u{FFFD}")
        #expect(find([.key("aé")], in: #"{"\u0061\u00e9":1}"#) == "number 1")
        #expect(find([.key("a")], in: #"{"ab":1,"":2}"#) == "nothing")
    }

    @Test("the last of two equal keys counts")
    func duplicates() {
        #expect(find([.key("a")], in: #"{"a":1,"a":2}"#) == "number 2")
        #expect(find([.key("a"), .key("b")], in: #"{"a":{"b":1},"a":{}}"#) == "nothing")
    }

    @Test(
        "invalid documents are refused at their place",
        arguments: [
            ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\":1,}", 7), ("{a:1}", 1), ("01", 1), ("-", 1), ("1.", 2), ("1e", 2),
            (".5", 0), ("+1", 0), ("tru", 3), ("nul1", 3), ("\"a", 2), ("\"a\nb\"", 2), ("\"\\x\"", 2),
            ("\"\\u12g4\"", 5), ("\"\\u12", 5), ("1 2", 2), ("[1 2]", 3), ("{\"a\" 1}", 5), ("NaN", 0), ("'a'", 0),
        ]
    )
    func invalid(text: String, offset: Int) {
        #expect(find([.key("zz")], in: text) == "malformed \(offset)")
    }

    @Test("nesting is bounded")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(find([], in: nested(128)) == "array")
        #expect(find([], in: nested(129)) == "too deep")
        #expect(find([], in: String(repeating: "[", count: 1_000_000)) == "too deep")
    }

    @Test("mutated documents never trap")
    func mutations() {
        let text = #"{"a":[1,{"b":"\u00e9x\n","c":null},[true,-1.5e+3]],"d":{"a":false}}"#
        let interesting = Array(#"{}[]",:\u0-e.tfn "#.utf8) + [0, 0x80, 0xFF]
        var state: UInt64 = 7
        func next() -> UInt64 {
            state &+= 1
            return mixed(state)
        }
        for _ in 0..<20_000 {
            var bytes = Array(text.utf8)
            for _ in 0...(next() % 4) {
                let place = Int(next() % UInt64(bytes.count))
                if next() % 4 == 0 {
                    bytes.remove(at: place)
                } else {
                    bytes[place] = interesting[Int(next() % UInt64(interesting.count))]
                }
            }
            bytes.withUnsafeBytes { raw in
                let found = try? JSONScanner.find([.key(Array("a".utf8)), .index(1), .key(Array("b".utf8))], in: raw)
                if case .string(let range) = found { JSONText.decode(raw, range) { _ in } }
            }
        }
    }

    @Test("bytes are found in bytes")
    func search() {
        func contains(_ haystack: String, _ needle: String) -> Bool {
            Array(haystack.utf8).withUnsafeBytes { hay in
                Array(needle.utf8).withUnsafeBytes { ByteSearch.contains(hay, $0) }
            }
        }
        #expect(contains("aaab", "aab"))
        #expect(contains("abc", ""))
        #expect(contains("", ""))
        #expect(contains("abc", "c"))
        #expect(!contains("abc", "abcd"))
        #expect(!contains("", "a"))
        #expect(!contains("ababab", "aa"))
    }
}
