/// Rows of cleaned text under a head, in columns as wide as their content.
struct TextTable {
    struct Column {
        var title: String
        var isNumber: Bool
        /// At most so many columns of a terminal.
        var limit = 120
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ cells: [String]) {
        rows.append(zip(cells, columns).map { TerminalText.cut(CleanText.string($0, limit: 1000), to: $1.limit) })
    }

    /// One line per row, without spaces at the ends.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { TerminalText.width($0[column]) }.max() ?? 0 }
        return all.map { row in
            var line = columns.indices.map {
                TerminalText.pad(row[$0], to: widths[$0], right: columns[$0].isNumber)
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
