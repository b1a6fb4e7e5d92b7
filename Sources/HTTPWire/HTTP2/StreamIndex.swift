/// Which slot a stream is in, by its identifier: an open hash table that never allocates.
struct StreamIndex: ~Copyable {
    private struct Entry {
        /// 0 where the place is free.
        var stream: UInt32
        var slot: Int32
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let mask: Int

    /// A table for at most so many streams at once.
    init(streams: Int) {
        var count = 16
        while count < streams * 2 { count *= 2 }
        mask = count - 1
        entries = .allocate(capacity: count)
        entries.initialize(repeating: Entry(stream: 0, slot: 0), count: count)
    }

    deinit { entries.deallocate() }

    /// A client's streams are odd and count upwards, so that neighbours lie side by side.
    @inline(__always)
    private func home(of stream: UInt32) -> Int { Int(stream >> 1) & mask }

    @inline(__always)
    private func place(of stream: UInt32) -> Int {
        var place = home(of: stream)
        while entries[place].stream != stream, entries[place].stream != 0 { place = (place + 1) & mask }
        return place
    }

    /// The slot of a stream, nil where it is not open.
    @inline(__always)
    func slot(of stream: UInt32) -> Int? {
        let entry = entries[place(of: stream)]
        return entry.stream == 0 ? nil : Int(entry.slot)
    }

    mutating func insert(_ stream: UInt32, slot: Int) {
        entries[place(of: stream)] = Entry(stream: stream, slot: Int32(slot))
    }

    mutating func remove(_ stream: UInt32) {
        var hole = place(of: stream)
        guard entries[hole].stream != 0 else { return }
        // Entries behind the hole that were displaced over it move up, so that no search ends too early.
        var next = (hole + 1) & mask
        while entries[next].stream != 0 {
            let home = home(of: entries[next].stream)
            if (next - home) & mask >= (next - hole) & mask {
                entries[hole] = entries[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        entries[hole].stream = 0
    }
}
