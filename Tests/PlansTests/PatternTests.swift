import Measures
import Plans
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("a(b", "\"(\" has no \")\" after it (at character 2)"),
        ("ab)", "\")\" has no \"(\" before it (at character 3)"),
        ("a[b", "\"[\" has no \"]\" after it (at character 2)"),
        ("[a\\]", "\"[\" has no \"]\" after it (at character 1)"),
        ("[a-", "\"[\" has no \"]\" after it (at character 1)"),
        ("[]", "the class is empty (at character 1)"),
        ("[^]", "the class is empty (at character 1)"),
        ("[aö]", "a class can only have ASCII characters (at character 3)"),
        ("[z-a]", "the range z-a runs backwards (at character 2)"),
        ("[a-\\d]", "a range cannot begin or end with a class (at character 2)"),
        ("*a", "\"*\" has nothing to repeat (at character 1)"),
        ("a|+", "\"+\" has nothing to repeat (at character 3)"),
        ("^*", "\"*\" has nothing to repeat (at character 2)"),
        ("\\b{2}", "\"{\" has nothing to repeat (at character 3)"),
        ("a**", "a repetition is repeated (at character 3)"),
        ("a*+", "a repetition is repeated (at character 3)"),
        ("a+??", "a repetition is repeated (at character 4)"),
        ("{\"a\"}", "\"{\" does not begin a repetition like {2,5} (at character 1)"),
        ("a{,3}", "\"{\" does not begin a repetition like {2,5} (at character 2)"),
        ("a{{env.B}}", "\"{\" does not begin a repetition like {2,5} (at character 2)"),
        ("a{3,2}", "3 is more than 2 (at character 2)"),
        ("a{1001}", "more than 1000 repetitions (at character 3)"),
        ("(a)\\1", "backreferences are not taken: they cannot be matched in linear time (at character 4)"),
        ("a(?=b)", "lookaround is not taken: it cannot be matched in linear time (at character 2)"),
        ("(?<!a)b", "lookaround is not taken: it cannot be matched in linear time (at character 1)"),
        ("(?<id>a)", "groups have no names (at character 1)"),
        ("(?i)a", "only \"(\" and \"(?:\" begin a group (at character 1)"),
        ("a\\q", "\"\\q\" has no meaning (at character 2)"),
        ("\\x4", "\"\\x\" has no meaning (at character 1)"),
        ("[\\b]", "\"\\b\" has no meaning (at character 2)"),
        ("a\\", "nothing follows the last \"\\\" (at character 2)"),
        ("(?:a{100}){100}", "the pattern needs more than 1000 states (at character 1)"),
        (String(repeating: "(?:", count: 60), "groups are nested deeper than 50 (at character 151)"),
        (String(repeating: "a", count: 1001), "the pattern is longer than 1000 characters (at character 1001)"),
    ])
    func refuses(text: String, message: String) {
        #expect {
            try Pattern(text)
        } throws: { error in
            (error as? PatternProblem)?.message == message
        }
    }

    @Test func repetitionsOfNothingAreRefusedAtOnce() {
        var text = ""
        for _ in 0..<40 { text = "(?:\(text)){1000}" }
        #expect {
            try Pattern(text)
        } throws: { error in
            (error as? PatternProblem)?.message == "the pattern needs more than 1000 states (at character 1)"
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func whateverIsWrittenIsAnswered(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let signs = Array("ab01é()[]{}|*+?^$.\\-,:=!<dDwWsSbnx \u{0}".unicodeScalars)
        var patterns = 0
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                text.unicodeScalars.append(signs.randomElement(using: &generator) ?? "a")
            }
            do throws(PatternProblem) {
                let pattern = try Pattern(text)
                patterns += 1
                #expect(pattern.instructions.count <= Pattern.maximumSize)
                #expect(pattern.instructions.last == .match)
            } catch {
                #expect((1...max(1, text.unicodeScalars.count)).contains(error.position), "\(text)")
                #expect(!error.message.isEmpty)
            }
        }
        #expect(patterns > 300 && patterns < 4500)
    }

    @Test func thePlanSaysWhereAPatternIsWrong() {
        func diagnostics(_ check: String) -> String {
            Reading.diagnostics { () throws(Diagnostics) in
                try Reading().plan(smallPlan.replacing("check: { status: 200, body: item }", with: check))
            }
        }
        #expect(
            diagnostics("check: { matches: [ok, \"id=(\\\\d+\"] }") == """
                perfgate.yml:31:34: scenario.flows[0].steps[1].check.matches[1]: "id=(\\d+" is not a pattern: "(" has \
                no ")" after it (at character 4) (a parenthesis itself is written \\()

                """)
    }
}
