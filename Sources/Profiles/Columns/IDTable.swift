/// From the ids a profile uses to small numbers in the order of appearance.
///
/// Writers number from 1, so nearly every id lies in the dense part; the dictionary takes whatever else 64 bits can
/// say, and its hashes are seeded, so ids cannot be chosen to collide.
struct IDTable {
    static let missing = UInt32.max

    private(set) var dense: [UInt32]
    private var sparse: [UInt64: UInt32] = [:]

    /// How many ids there are, as long as they have come as 1, 2, 3 …; nil once they came otherwise.
    ///
    /// While it is known, an id is its number plus one, and looking it up takes no memory access.
    private(set) var sequential: Int? = 0

    init(count: Int) {
        dense = [UInt32](repeating: Self.missing, count: count * 2 + 16)
    }

    /// Gives an id its number; false when it has one already.
    mutating func insert(_ id: UInt64, _ index: UInt32) -> Bool {
        sequential = sequential.flatMap { UInt64($0) + 1 == id && $0 == Int(index) ? $0 + 1 : nil }
        guard id < UInt64(dense.count) else { return sparse.updateValue(index, forKey: id) == nil }
        guard dense[Int(id)] == Self.missing else { return false }
        dense[Int(id)] = index
        return true
    }

    func find(_ id: UInt64) -> UInt32 {
        id < UInt64(dense.count) ? dense[Int(id)] : findSparse(id)
    }

    func findSparse(_ id: UInt64) -> UInt32 {
        sparse[id] ?? Self.missing
    }
}
