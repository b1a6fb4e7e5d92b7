import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Patterns")
struct PatternMatcherTests {
    private func find(_ pattern: String, in text: String) throws -> PatternMatcher.Found? {
        let pattern = try Pattern(pattern)
        return Array(text.utf8).withUnsafeBytes { PatternMatcher().find(pattern, in: $0) }
    }

    struct Case: Sendable {
        var pattern: String
        var text: String
        /// The first group's text, or the whole match's where there is no group; nil for no match.
        var found: String?

        init(_ pattern: String, _ text: String, _ found: String?) {
            self.pattern = pattern
            self.text = text
            self.found = found
        }
    }

    static let cases: [Case] = [
        Case("id=(\\d+)", "a=1&id=472&b", "472"),
        Case("id=\\d+", "a=1&id=472&b", "id=472"),
        Case("name=\"csrf\" value=\"([^\"]+)\"", "<input name=\"csrf\" value=\"aé==\">", "aé=="),
        Case("b", "aaa", nil),
        Case("", "a", ""),
        Case("^a", "ba", nil),
        Case("^b", "ba", "b"),
        Case("a$", "ab", nil),
        Case("a$", "aba", "a"),
        Case("a$", "a\n", nil),
        Case("^$", "", ""),
        Case("a.c", "a\nc abc", "abc"),
        Case("a|ab", "ab", "a"),
        Case("(?:a|ab)c", "abc", "abc"),
        Case("a{2}", "aaa", "aa"),
        Case("a{2,}", "aaaa", "aaaa"),
        Case("a{1,3}", "aaaa", "aaa"),
        Case("a{1,3}?", "aaaa", "a"),
        Case("a{0}b", "aab", "b"),
        Case("<.+>", "<a><b>", "<a><b>"),
        Case("<.+?>", "<a><b>", "<a>"),
        Case("a*?b", "aab", "aab"),
        Case("a??b", "ab", "ab"),
        Case("[a-c]+", "xxabcd", "abc"),
        Case("[^a-c]+", "abxyc", "xy"),
        Case("[]\\]^-]+".replacing("[]", with: "["), "a]^-b", "]^-"),
        Case("[\\d.]+", "v 1.25.", "1.25."),
        Case("[^\\s,]+", " a,b", "a"),
        Case("\\w+", "-a_1é", "a_1"),
        Case("\\W+", "ab -c", " -"),
        Case("\\D+\\S\\s", "12ab c", "ab "),
        Case("\\bcat\\b", "concat cat", "cat"),
        Case("\\x41\\t\\n\\r\\f\\v\\/\\.", "A\t\n\r\u{0C}\u{0B}/.", "A\t\n\r\u{0C}\u{0B}/."),
        Case("é+x", "eééx", "ééx"),
        Case("(a)|b", "b", nil),
        Case("(?:(a)|b)*", "ab", "a"),
        Case("((a)(b))c", "abc", "ab"),
        Case("(|a)*", "aa", ""),
        Case("(?:|a)+", "aa", ""),
        Case("(a*)*b", "aab", "aa"),
        Case("\\{\"id\":(\\d+)\\}", "{\"id\":7}", "7"),
        Case("x*", "y", ""),
    ]

    @Test("a match is the leftmost one, and of those the preferred one", arguments: cases)
    func table(one: Case) throws {
        let found = try find(one.pattern, in: one.text)
        let range = try Pattern(one.pattern).hasGroup ? found?.group : found?.whole
        let bytes = Array(one.text.utf8)
        #expect(range.map { String(decoding: bytes[$0], as: UTF8.self) } == one.found, "\(one)")
    }

    @Test("whether there is a match does not depend on which", arguments: cases)
    func boolean(one: Case) throws {
        let pattern = try Pattern(one.pattern)
        let isThere = Array(one.text.utf8).withUnsafeBytes { PatternMatcher().matches(pattern, in: $0) }
        #expect(try isThere == (find(one.pattern, in: one.text) != nil))
    }

    /// Swift's own engine goes back where a way fails, which finds the same matches in another manner.
    @Test("random patterns match where a backtracking engine says", arguments: 0..<8 as Range<UInt64>)
    func differential(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let matcher = PatternMatcher()
        var matches = 0
        for _ in 0..<300 {
            let text = generator.pattern(depth: 3)
            let pattern = try Pattern(text)
            let oracle = try Regex(text).asciiOnlyWordCharacters().wordBoundaryKind(.simple)
            for _ in 0..<6 {
                let subject = generator.text()
                let bytes = Array(subject.utf8)
                let found = bytes.withUnsafeBytes { matcher.find(pattern, in: $0) }
                let expected = subject.firstMatch(of: oracle)
                func offsets(_ range: Range<String.Index>) -> Range<Int> {
                    subject.utf8.distance(
                        from: subject.startIndex, to: range.lowerBound)..<subject.utf8.distance(
                            from: subject.startIndex, to: range.upperBound)
                }
                #expect(found?.whole == expected.map { offsets($0.range) }, "\(text) in \"\(subject)\"")
                if pattern.hasGroup, let expected {
                    #expect(found?.group == expected[1].range.map(offsets), "group of \(text) in \"\(subject)\"")
                }
                if expected != nil { matches += 1 }
            }
        }
        #expect(matches > 300 && matches < 1700)
    }

    @Test("what makes other engines go back without end takes one step for each state and byte")
    func linear() throws {
        let length = 100_000
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        for notation in ["(a*)*b", "(?:a|aa)+$b", "(?:a?){50}a{50}b", "(.*)(.*)(.*)x"] {
            let pattern = try Pattern(notation)
            let matcher = PatternMatcher()
            #expect(text.withUnsafeBytes { matcher.find(pattern, in: $0) } == nil)
            #expect(matcher.steps > length)
            #expect(matcher.steps <= (length + 2) * pattern.instructions.count)
        }
    }

    @Test("a text without what a match begins with is passed over")
    func prefilter() throws {
        let matcher = PatternMatcher()
        let pattern = try Pattern("id=(\\d+)")
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000) + Array("id=7".utf8)
        #expect(
            text.withUnsafeBytes { matcher.find(pattern, in: $0) }
                == PatternMatcher.Found(whole: 100_000..<100_004, group: 100_003..<100_004))
        #expect(matcher.steps < 20)
    }

    @Test("a matcher keeps nothing of the run before")
    func reuse() throws {
        let matcher = PatternMatcher()
        let long = try Pattern("(?:abc|abd){20}")
        let short = try Pattern("^b|a\\b")
        for _ in 0..<3 {
            #expect(!Array("abcabd".utf8).withUnsafeBytes { matcher.matches(long, in: $0) })
            #expect(!Array("ab".utf8).withUnsafeBytes { matcher.matches(short, in: $0) })
            #expect(Array("xx a".utf8).withUnsafeBytes { matcher.find(short, in: $0)?.whole } == 3..<4)
        }
    }
}

extension SeededGenerator {
    /// A text over a small alphabet.
    fileprivate mutating func text() -> String {
        let count = Int.random(in: 0...8, using: &self)
        return String((0..<count).map { _ in "abc ".randomElement(using: &self) ?? "a" })
    }

    /// A pattern that both engines take and that repeats nothing that can be empty: in what an empty round leaves
    /// captured, engines differ.
    fileprivate mutating func pattern(depth: Int) -> String {
        let branches = (0..<Int.random(in: 1...2, using: &self)).map { _ in
            (0..<Int.random(in: 1...3, using: &self)).map { _ in piece(depth: depth) }.joined()
        }
        return branches.joined(separator: "|")
    }

    private mutating func piece(depth: Int) -> String {
        switch Int.random(in: 0..<12, using: &self) {
        case 0: return "^"
        case 1: return "$"
        case 2: return "\\b"
        case 3, 4: return "(" + (depth > 0 ? pattern(depth: depth - 1) : "a") + ")"
        case 5: return "(?:" + (depth > 0 ? pattern(depth: depth - 1) : "b") + ")"
        case 6, 7: return solid(depth: depth) + repetition()
        default: return atom()
        }
    }

    /// Something that consumes at least one byte.
    private mutating func solid(depth: Int) -> String {
        switch Int.random(in: 0..<4, using: &self) {
        case 0 where depth > 0: return "(" + atom() + pattern(depth: depth - 1).replacing("|", with: "") + ")"
        case 1 where depth > 0: return "(?:" + atom() + "|" + atom() + piece(depth: depth - 1) + ")"
        default: return atom()
        }
    }

    private mutating func atom() -> String {
        ["a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\s", "\\S", "[b-c ]"].randomElement(using: &self) ?? "a"
    }

    private mutating func repetition() -> String {
        let sign = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"].randomElement(using: &self) ?? "*"
        return sign + (Bool.random(using: &self) ? "?" : "")
    }
}
