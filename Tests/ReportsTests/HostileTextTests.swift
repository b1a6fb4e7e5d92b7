import Measures
import TestSupport
import Testing

@testable import Reports

/// Text from profiles, responses and plans, which may hold anything.
@Suite struct HostileTextTests {
    private func markdown(_ text: String) -> String { MarkdownText(escaping: text).markup }

    @Test(arguments: [
        ("a|b", "a&#124;b"), ("`rm`", "&#96;rm&#96;"), ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"),
        ("[x](y)", "&#91;x&#93;(y)"), ("*b*", "&#42;b&#42;"), ("_i_", "&#95;i&#95;"), ("a\\|b", "a&#92;&#124;b"),
        ("~~s~~", "&#126;&#126;s&#126;&#126;"), ("$x$", "&#36;x&#36;"), ("a\nb\r\nc\td", "a b  c d"),
        ("\u{0}\u{1B}[31m\u{7F}\u{9B}", "\u{FFFD}\u{FFFD}&#91;31m\u{FFFD}\u{FFFD}"),
        (
            "a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}e\u{E0041}f\u{AD}g",
            "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}f\u{FFFD}g"
        ),
        ("a\u{2028}b\u{85}c", "a b c"), ("- x", "&#45; x"), ("---", "&#45;--"), ("+1", "+1"),
        ("−3 µs → 4", "−3 µs → 4"),
        ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}!", "e\u{301}\u{301}\u{301}\u{301}!"),
    ])
    func escapes(text: String, markup: String) {
        #expect(markdown(text) == markup)
    }

    /// Names stay readable in the source too.
    @Test func underscoresWithinWordsStay() {
        #expect(markdown("runtime_pollWait") == "runtime_pollWait")
        #expect(markdown("__init__") == "&#95;&#95;init&#95;&#95;")
        #expect(markdown("a_*b") == "a&#95;&#42;b")
    }

    /// The word joiner keeps people, issues and addresses from being recognised.
    @Test(arguments: [
        ("@octocat", "&#64;\u{2060}octocat"), ("org/team@v1", "org/team&#64;\u{2060}v1"), ("#123", "&#35;\u{2060}123"),
        ("a/b#7", "a/b&#35;\u{2060}7"), ("GH-7", "GH-\u{2060}7"), ("gh-7", "gh-\u{2060}7"), ("!42", "!\u{2060}42"),
        ("https://x.y", "https:\u{2060}//x.y"), ("www.x.y", "www\u{2060}.x.y"), ("WwW.x.y", "WwW\u{2060}.x.y"),
        ("# 1", "&#35; 1"), ("C#", "C&#35;"), ("time 12:30", "time 12:30"),
    ])
    func references(text: String, markup: String) {
        #expect(markdown(text) == markup)
    }

    @Test func bounded() {
        let long = String(repeating: "a", count: 100) + String(repeating: "b", count: 1_000_000)
        let cleaned = CleanText.string(long)
        #expect(cleaned.unicodeScalars.count == CleanText.limit)
        #expect(cleaned == String(repeating: "a", count: 100) + "bbbbbb…" + String(repeating: "b", count: 53))
        #expect(CleanText.string("abcdef", limit: 3) == "ab…")
        #expect(CleanText.string("abcdef", limit: 1) == "a…")
    }

    @Test func interpolationEscapesLiteralsDoNot() {
        let name = "*x*"
        let inner = MarkdownText(escaping: "|")
        let text: MarkdownText = "**bold** \(name) \(inner) \(7) \(name, limit: 2)"
        #expect(text.markup == "**bold** &#42;x&#42; &#124; 7 &#42;…")
    }

    @Test func numbersStayWhole() {
        #expect(MarkdownText(numbers: "≤ +8.00 %, floor 200 µs").markup == "≤\u{A0}+8.00\u{A0}%, floor 200\u{A0}µs")
        #expect(MarkdownText(numbers: "+51 (+102 %)").markup == "+51 (+102\u{A0}%)")
        #expect(MarkdownText(numbers: "1 ms → 2 ms").markup == "1\u{A0}ms → 2\u{A0}ms")
    }

    /// Whatever the text, nothing of it is markup: what a parser could act on is a reference or gone.
    @Test func nothingIsMarkup() {
        var generator = SeededGenerator(seed: 11)
        let alphabet = Array("ab1_|`*<>[]()&#@$~\\!:/.-+=\"'\n\r\t \u{0}\u{1B}\u{202E}\u{2028}é漢🎉%GHw".unicodeScalars)
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<generator.below(40) { text.append(alphabet[generator.below(alphabet.count)]) }
            let markup = markdown(String(text))
            #expect(!markup.contains { "|`*<>[]\"'~$\\@\n\r\t\u{0}\u{1B}".contains($0) }, "\(markup)")
            let bare = markup.replacing(#/&(#\d+|amp|lt|gt|quot);/#, with: "")
            #expect(!bare.contains("&") && !bare.contains("#") && !bare.contains("://"), "\(markup)")
            #expect(!markup.contains(#/&#(64|35);\d/#) && !markup.contains(#/[Gg][Hh]-\d/#), "\(markup)")
            let xml = XMLText.escape(String(text), attribute: true)
            #expect(!xml.contains { "<>\"\n\r\t\u{0}\u{1B}".contains($0) }, "\(xml)")
        }
    }

    // MARK: whole reports

    private static let texts = [
        Scene.hostileText, "", "|", "@everyone", "</details>", "\u{202E}", "]]>", "---", "\u{FFFE}\u{FFFF}", "\n\n\n",
        String(repeating: "|<@`", count: 10_000), String(repeating: "漢", count: 10_000), "&#64;octocat", "a\u{301}",
    ]

    @Test(arguments: texts)
    func wholeReports(text: String) throws {
        let report = Scene.hostile(text).report
        let markdown = report.markdown
        #expect(markdown.utf8.count <= 60_000)
        #expect(!markdown.contains("@"))
        #expect(!markdown.contains("<img") && !markdown.contains("onerror=alert(1)>"))
        let tags = markdown.matches(of: #/<[^>]*>/#).map { String($0.output) }
        let known: Set = [
            "<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<br>", "<code>", "</code>",
            "<pre>", "</pre>",
        ]
        #expect(Set(tags).subtracting(known) == [])
        for tag in ["details", "summary", "pre", "sub", "code"] {
            #expect(tags.filter { $0 == "<\(tag)>" }.count == tags.filter { $0 == "</\(tag)>" }.count, "\(tag)")
        }
        #expect(try report.json().utf8.count > 0)
        let terminal = report.terminal(color: false, width: 80)
        #expect(!terminal.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(!report.junit.contains { "\u{0}\u{1B}\u{7}\u{FFFE}\u{FFFF}".contains($0) })
    }

    /// Rows of one table have as many cells as its head.
    @Test(arguments: texts)
    func tablesStayTables(text: String) {
        var columns: Int?
        for line in Scene.hostile(text).report.markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let count = line.split(separator: "|", omittingEmptySubsequences: false).count
            #expect(count == columns ?? count, "\(line)")
            columns = count
        }
    }
}
