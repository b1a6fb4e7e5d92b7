/// Markdown blocks collected up to a limit, with a statement of what was left out.
struct MarkdownPage {
    /// In bytes of UTF-8; hosts take 65 536 characters in one comment.
    static let limit = 60_000
    /// Kept free for the statement.
    private static let reserve = 400

    private var text = ""
    private var leftOut: [MarkdownText] = []

    /// Bytes that a block may still have.
    var room: Int { max(0, Self.limit - Self.reserve - text.utf8.count - 2) }

    /// Adds a block, or notes by its name that it was left out.
    mutating func add(_ block: MarkdownText?, _ name: MarkdownText) {
        guard let block, block.length <= room else {
            if !leftOut.contains(name) { leftOut.append(name) }
            return
        }
        if block.markup.isEmpty { return }
        text += text.isEmpty ? "" : "\n"
        text += block.markup
        if !text.hasSuffix("\n") { text += "\n" }
    }

    /// Adds a block folded under a summary; `body` is given the room it has.
    mutating func fold(_ summary: MarkdownText, _ body: (_ room: Int) -> MarkdownText?) {
        let frame = summary.length + 80
        guard room > frame, let body = body(room - frame) else {
            add(nil, summary)
            return
        }
        add("<details><summary>\(summary)</summary>\n\n\(body)\n</details>", summary)
    }

    var markup: String {
        guard !leftOut.isEmpty else { return text }
        var note: MarkdownText = "\n**Cut for length**; left out here, but in the JSON report: "
        var named = 0
        for name in leftOut where note.length + name.length + 40 <= Self.reserve {
            note += (named == 0 ? "" : ", ") + name
            named += 1
        }
        let more = leftOut.count - named
        if more > 0 { note += named == 0 ? "\(more) parts" : " and \(more) more" }
        return text + note.markup + ".\n"
    }
}
