/// The strings of a profile, end to end in one array of bytes; text is made only for what is shown.
struct StringTable: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    var count: Int { ends.count }

    mutating func reserve(strings: Int, bytes count: Int) {
        ends.reserveCapacity(strings)
        bytes.reserveCapacity(count)
    }

    mutating func append(_ string: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: string)
        // The whole profile is smaller than 4 GiB, so its strings are.
        ends.append(UInt32(bytes.count))
    }

    private func range(_ index: UInt32) -> Range<Int> {
        let index = Int(index)
        return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    func isEmpty(_ index: UInt32) -> Bool { range(index).isEmpty }

    /// The string; bytes that are no UTF-8 become replacement characters.
    subscript(index: UInt32) -> String {
        String(decoding: bytes[range(index)], as: UTF8.self)
    }

    func withBytes<Result>(_ index: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let range = range(index)
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
