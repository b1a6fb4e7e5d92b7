/// Reads rows from JSON: objects with the same keys, whose values are texts, numbers or truth values.
///
/// A number is taken as it is written.
struct JSONTableReader {
    private typealias Problem = DataTable.Problem

    private var table: DataTable?
    /// Why the last row was not taken.
    private var refusal: DataTable.Problem?
    /// Places of the columns by name, as the first object gave them.
    private var places: [String: Int] = [:]

    private init() {}

    /// The objects of one list.
    static func read(_ bytes: [UInt8]) throws(DataTable.Problem) -> DataTable {
        try check(bytes)
        var reader = Self()
        var document = JSONDocument(bytes)
        do throws(JSONDocument.Problem) {
            try document.items { node in reader.take(node) }
        } catch {
            throw reader.refusal ?? harmless(error)
        }
        return try reader.finished()
    }

    /// One object per line.
    static func readLines(_ bytes: [UInt8]) throws(DataTable.Problem) -> DataTable {
        try check(bytes)
        var reader = Self()
        var line = 1
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var document = JSONDocument(Array(bytes[start..<end]), line: line)
            do throws(JSONDocument.Problem) {
                if document.isBlank { throw document.problem("the line is empty") }
                let node = try document.document()
                _ = reader.take(node)
            } catch {
                throw harmless(error)
            }
            if let refusal = reader.refusal { throw refusal }
            start = end + 1
            line += 1
        }
        return try reader.finished()
    }

    private static func check(_ bytes: [UInt8]) throws(DataTable.Problem) {
        if bytes.isEmpty { throw Problem(line: 1, message: "the file is empty") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Problem(line: DocumentText.firstInvalid(bytes).line, message: "the line is not UTF-8")
        }
    }

    /// A mistake of notation without what was found there, which may be part of a value.
    private static func harmless(_ problem: JSONDocument.Problem) -> DataTable.Problem {
        let message = problem.message
        let end = message.firstRange(of: ", found ")?.lowerBound ?? message.endIndex
        return Problem(
            line: problem.position.line, column: problem.position.column, message: String(message[..<end]),
            hint: problem.hint)
    }

    private func finished() throws(DataTable.Problem) -> DataTable {
        guard let table else { throw Problem(line: 1, message: "there is no row") }
        return table
    }

    /// Takes a row; false where it is refused, which ends the reading.
    private mutating func take(_ node: DocumentNode) -> Bool {
        do throws(DataTable.Problem) {
            try add(node)
        } catch {
            refusal = error
        }
        return refusal == nil
    }

    private mutating func add(_ node: DocumentNode) throws(DataTable.Problem) {
        guard case .object(let entries) = node.value else {
            throw problem(node.position, "expected an object with a value for every column")
        }
        if let count = table?.rows.count, count >= DataTable.maximumRows {
            throw problem(node.position, "more than \(DataTable.maximumRows) rows")
        }
        if table == nil { try begin(entries, node) }
        var row = [String?](repeating: nil, count: places.count)
        for entry in entries {
            guard let place = places[entry.key] else {
                throw problem(entry.keyPosition, "the key \(quoted(entry.key)) is not in the first object")
            }
            guard row[place] == nil else {
                throw problem(entry.keyPosition, "the key \(quoted(entry.key)) is written twice")
            }
            row[place] = try text(of: entry)
        }
        if let missing = row.firstIndex(of: nil), let columns = table?.columns {
            throw problem(node.position, "the object has no \(quoted(columns[missing])), which the first one has")
        }
        table?.append(row.compactMap(\.self))
    }

    /// Takes the first object's keys for the columns.
    private mutating func begin(_ entries: [DocumentNode.Entry], _ node: DocumentNode) throws(DataTable.Problem) {
        if entries.isEmpty { throw problem(node.position, "the object has no key") }
        for entry in entries {
            if entry.key.isEmpty { throw problem(entry.keyPosition, "the key is empty") }
            if let reason = DataTable.problem(withColumn: entry.key) { throw problem(entry.keyPosition, reason) }
            if places[entry.key] == nil { places[entry.key] = places.count }
        }
        table = DataTable(columns: places.sorted { $0.value < $1.value }.map(\.key), rows: [])
    }

    private func text(of entry: DocumentNode.Entry) throws(DataTable.Problem) -> String {
        let value = entry.value
        let taken = "a text, a number, true or false is taken"
        let kind: String
        switch value.value {
        case .list: kind = "a list"
        case .object: kind = "an object"
        case .scalar(let scalar) where scalar.kind == .null:
            throw problem(
                value.position, "the value of \(quoted(entry.key)) is null; \(taken)", hint: "an empty text is \"\"")
        case .scalar(let scalar):
            let count = scalar.text.utf8.count
            guard count <= DataTable.maximumValue else {
                throw problem(
                    value.position, "a value has \(count) bytes; at most \(DataTable.maximumValue) are taken")
            }
            return scalar.text
        }
        throw problem(value.position, "the value of \(quoted(entry.key)) is \(kind); \(taken)")
    }

    private func problem(_ position: Position, _ message: String, hint: String? = nil) -> DataTable.Problem {
        Problem(line: position.line, column: position.column, message: message, hint: hint)
    }
}
