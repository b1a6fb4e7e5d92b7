import Plans

/// The values of a data set as bytes, one after another.
struct DataBytes: Sendable {
    private let bytes: [UInt8]
    /// Where value `row × columns + column` begins; one more than there are values.
    private let starts: [Int]
    private let columns: Int
    private let rows: Int

    init(_ set: Scenario.DataSet) throws(LoadError) {
        var bytes: [UInt8] = []
        var starts = [0]
        guard !set.rows.isEmpty else { throw .invalidPlan("the data set \"\(set.name)\" has no rows") }
        for row in set.rows {
            guard row.count == set.columns.count else {
                throw .invalidPlan("a row of the data set \"\(set.name)\" has \(row.count) values")
            }
            for value in row {
                bytes.append(contentsOf: value.utf8)
                starts.append(bytes.count)
            }
        }
        self.bytes = bytes
        self.starts = starts
        columns = set.columns.count
        rows = set.rows.count
    }

    func hasColumn(_ column: Int) -> Bool { (0..<columns).contains(column) }

    /// Calls `body` with the iteration's value: rows are taken in turn.
    @inline(__always)
    func with(iteration: UInt64, column: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        let index = Int(iteration % UInt64(rows)) * columns + column
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[starts[index]..<starts[index + 1]])) }
    }
}
