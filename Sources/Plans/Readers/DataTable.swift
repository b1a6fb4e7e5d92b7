/// The rows of a file of data, whatever its notation.
struct DataTable: Sendable, Equatable {
    /// The largest file, in bytes.
    static let maximumBytes = 64 << 20
    static let maximumRows = 1_000_000
    /// The largest value, in bytes.
    static let maximumValue = 1 << 20

    var columns: [String]
    var rows: [[String]]
    var columnsWithControlCharacters: Set<Int> = []

    /// Why a file cannot be read; it names places but never shows a value, which may be a secret.
    struct Problem: Error, Equatable {
        /// From 1.
        var line: Int
        /// From 1; nil where the line is the place.
        var column: Int?
        var message: String
        var hint: String?

        init(line: Int, column: Int? = nil, message: String, hint: String? = nil) {
            self.line = line
            self.column = column
            self.message = message
            self.hint = hint
        }

        /// `12:3: the key "a" is written twice`, to follow a path.
        var text: String { "\(line):" + (column.map { "\($0):" } ?? "") + " \(message)" }
    }

    /// How a file is written, told by the end of its name.
    enum Notation: CaseIterable {
        case csv
        case json
        case jsonLines

        var extensions: [String] {
            switch self {
            case .csv: [".csv"]
            case .json: [".json"]
            case .jsonLines: [".jsonl", ".ndjson"]
            }
        }

        init?(path: String) {
            let path = path.lowercased()
            guard let found = Self.allCases.first(where: { $0.extensions.contains(where: path.hasSuffix) }) else {
                return nil
            }
            self = found
        }
    }

    /// The table of a file.
    static func read(_ bytes: [UInt8], as notation: Notation) throws(Problem) -> DataTable {
        guard bytes.count <= maximumBytes else {
            throw Problem(line: 1, message: "the file has \(bytes.count) bytes; at most \(maximumBytes) are read")
        }
        return switch notation {
        case .csv: try CSVReader.read(bytes)
        case .json: try JSONTableReader.read(bytes)
        case .jsonLines: try JSONTableReader.readLines(bytes)
        }
    }

    /// Why a text cannot name a column, or nil.
    static func problem(withColumn name: String) -> String? {
        name.contains("}}") || TemplateReader.hasControlCharacter(name) ? "\(quoted(name)) cannot name a column" : nil
    }

    /// Adds a row, which has as many values as there are columns.
    mutating func append(_ row: [String]) {
        for (column, value) in row.enumerated() where TemplateReader.hasControlCharacter(value) {
            columnsWithControlCharacters.insert(column)
        }
        rows.append(row)
    }
}
