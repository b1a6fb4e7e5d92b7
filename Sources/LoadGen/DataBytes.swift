import Plans

/// The values of a data set as bytes, one after another.
struct DataBytes: Sendable {
    private let bytes: [UInt8]
    /// Where value `row × columns + column` begins; one more than there are values.
    private let starts: [Int]
    private let columns: Int
    private let rows: Int
    private let order: Scenario.DataSet.Order
    private let seed: UInt64

    /// `seed` is that of the round; sets of different names draw different rows from it.
    init(_ set: Scenario.DataSet, seed: UInt64) throws(LoadError) {
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
        order = set.order
        self.seed = set.name.utf8.reduce(seed) { mixed($0 ^ UInt64($1)) }
    }

    func hasColumn(_ column: Int) -> Bool { (0..<columns).contains(column) }

    /// Calls `body` with the value of the row the user's iteration uses.
    @inline(__always)
    func with(_ user: VirtualUser, column: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        let index = row(for: user) * columns + column
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[starts[index]..<starts[index + 1]])) }
    }

    @inline(__always)
    private func row(for user: VirtualUser) -> Int {
        switch order {
        case .sequential: Int(user.iteration % UInt64(rows))
        // The high half of the product is uniform to within rows ÷ 2⁶⁴.
        case .random: Int(mixed(seed ^ mixed(user.iteration)).multipliedFullWidth(by: UInt64(rows)).high)
        case .oncePerUser: user.index % rows
        }
    }
}
