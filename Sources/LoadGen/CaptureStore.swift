/// The values one virtual user captured, each in memory that is kept from flow to flow.
struct CaptureStore {
    private var values: [[UInt8]]
    private var isSet: [Bool]

    init(slots: Int) {
        values = [[UInt8]](repeating: [], count: slots)
        isSet = [Bool](repeating: false, count: slots)
    }

    /// Forgets the values of all slots from the first one on.
    mutating func removeAll(from first: Int = 0) {
        var slot = first
        while slot < isSet.count {
            isSet[slot] = false
            slot += 1
        }
    }

    /// Keeps a copy of the value under the slot.
    mutating func set(_ slot: Int, _ value: UnsafeRawBufferPointer) {
        values[slot].removeAll(keepingCapacity: true)
        values[slot].append(contentsOf: value)
        isSet[slot] = true
    }

    /// Takes over the first values of another user.
    mutating func copy(_ count: Int, from other: CaptureStore) {
        for slot in 0..<count {
            values[slot] = other.values[slot]
            isSet[slot] = other.isSet[slot]
        }
    }

    /// Calls `body` with the value; false where nothing was captured.
    @inline(__always)
    func with(_ slot: Int, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard isSet[slot] else { return false }
        values[slot].withUnsafeBytes(body)
        return true
    }
}
