/// The values one virtual user captured in its current flow, in memory that is kept from flow to flow.
struct CaptureStore {
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>?]

    init(slots: Int) {
        ranges = [Range<Int>?](repeating: nil, count: slots)
    }

    mutating func removeAll() {
        if ranges.isEmpty { return }
        bytes.removeAll(keepingCapacity: true)
        for index in ranges.indices { ranges[index] = nil }
    }

    /// Keeps a copy of the value under the slot.
    mutating func set(_ slot: Int, _ value: UnsafeRawBufferPointer) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        ranges[slot] = start..<bytes.count
    }

    /// Calls `body` with the value; false where nothing was captured.
    @inline(__always)
    func with(_ slot: Int, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard let range = ranges[slot] else { return false }
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        return true
    }
}
