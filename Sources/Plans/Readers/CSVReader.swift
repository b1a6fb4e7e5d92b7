/// Reads comma-separated values (RFC 4180) with a header row.
///
/// A field may stand in quotes, inside which a quote is doubled and line breaks are part of the value. Lines end with
/// a line feed, with or without a carriage return. Spaces belong to the value.
struct CSVReader {
    private typealias Problem = DataTable.Problem

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    static func read(_ bytes: [UInt8]) throws(DataTable.Problem) -> DataTable {
        var reader = Self(bytes: bytes)
        return try reader.table()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    private mutating func table() throws(Problem) -> DataTable {
        guard index < bytes.count else { throw Problem(line: 1, message: "the file is empty") }
        let columns = try record()
        for (position, column) in columns.enumerated() {
            if column.isEmpty { throw Problem(line: 1, message: "column \(position + 1) has no name") }
            if let reason = DataTable.problem(withColumn: column) { throw Problem(line: 1, message: reason) }
            if columns.firstIndex(of: column) != position {
                throw Problem(line: 1, message: "there are two columns named \(quoted(column))")
            }
        }
        var content = DataTable(columns: columns, rows: [])
        while index < bytes.count {
            let start = line
            let row = try record()
            if row.count == 1, row[0].isEmpty, bytes[index - 1] == 0x0A, isBlankLine {
                throw Problem(line: start, message: "the line is empty")
            }
            guard row.count == columns.count else {
                let message = "\(row.count) \(row.count == 1 ? "value" : "values"), but \(columns.count) in the header"
                throw Problem(line: start, message: message)
            }
            guard content.rows.count < DataTable.maximumRows else {
                throw Problem(line: start, message: "more than \(DataTable.maximumRows) rows")
            }
            content.append(row)
        }
        if content.rows.isEmpty { throw Problem(line: line, message: "there is no row below the header") }
        return content
    }

    /// Whether the record just read was a line without any character.
    private var isBlankLine: Bool {
        let end = index >= 2 && bytes[index - 2] == 0x0D ? index - 2 : index - 1
        return end > 0 && bytes[end - 1] == 0x0A
    }

    private mutating func record() throws(Problem) -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard index < bytes.count else { return fields }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == 0x0D { index += 1 }
            line += 1
            return fields
        }
    }

    /// One field; leaves the index at the comma or the line's end.
    private mutating func field() throws(Problem) -> String {
        let start = line
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { return try quotedField() }
        let first = index
        while index < bytes.count, !isEnd {
            if bytes[index] == UInt8(ascii: "\"") {
                throw Problem(line: line, message: "a quote stands inside a value that does not begin with one")
            }
            if bytes[index] == 0x0D {
                throw Problem(line: line, message: "a carriage return stands without a line feed")
            }
            index += 1
        }
        return try text(bytes[first..<index], line: start)
    }

    private mutating func quotedField() throws(Problem) -> String {
        let start = line
        var value: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                value.append(byte)
                continue
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                value.append(byte)
                index += 1
            } else if index == bytes.count || isEnd {
                return try text(value[...], line: start)
            } else {
                throw Problem(line: line, message: "expected a comma or the line's end after the closing quote")
            }
        }
        throw Problem(line: start, message: "a quoted value has no closing quote")
    }

    /// Whether a comma or a line's end stands at the index.
    private var isEnd: Bool {
        switch bytes[index] {
        case UInt8(ascii: ","), 0x0A: true
        case 0x0D: index + 1 < bytes.count && bytes[index + 1] == 0x0A
        default: false
        }
    }

    private func text(_ bytes: ArraySlice<UInt8>, line: Int) throws(Problem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(line: line, message: "the line is not UTF-8")
        }
        guard bytes.count <= DataTable.maximumValue else {
            throw Problem(
                line: line, message: "a value has \(bytes.count) bytes; at most \(DataTable.maximumValue) are taken")
        }
        return text
    }
}
