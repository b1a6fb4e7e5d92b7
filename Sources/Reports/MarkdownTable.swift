/// A table of escaped cells, cut to the room there is.
struct MarkdownTable {
    enum Alignment: String {
        case left = ":--"
        case right = "--:"
    }

    private let head: MarkdownText
    private var rows: [MarkdownText] = []

    init(_ columns: [(MarkdownText, Alignment)]) {
        head = Self.line(columns.map(\.0)) + Self.line(columns.map { MarkdownText(stringLiteral: $0.1.rawValue) })
    }

    mutating func add(_ cells: [MarkdownText]) {
        rows.append(Self.line(cells))
    }

    /// The table with as many rows as fit into `room` bytes, and a line that counts the others; nil when none fits.
    ///
    /// `noun` is what a row is, in the plural.
    func text(room: Int, noun: MarkdownText, hidden: Int = 0) -> MarkdownText? {
        let reserve = 80
        var result = head
        var shown = 0
        // The order says what matters most: after the first row that does not fit, none is shown.
        for row in rows {
            guard result.length + row.length + reserve <= room else { break }
            result += row
            shown += 1
        }
        guard shown > 0 else { return nil }
        let missing = rows.count - shown + hidden
        if missing > 0 { result += "\n… and \(missing) more \(noun)\n" }
        return result
    }

    private static func line(_ cells: [MarkdownText]) -> MarkdownText {
        var result: MarkdownText = "|"
        for cell in cells { result += " \(cell) |" }
        return result + "\n"
    }
}
