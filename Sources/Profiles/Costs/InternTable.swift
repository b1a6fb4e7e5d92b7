#if canImport(Glibc)
    internal import Glibc
#endif

/// Byte strings, each known by one small number in the order of first appearance.
///
/// Open addressing over one array of bytes; the hash is the standard library's, seeded anew in each process, so nobody
/// can choose names that collide.
struct InternTable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [Int] = []
    /// Number + 1 of the string in a slot; 0 = free.
    private var slots: [UInt32]

    init(expected: Int = 16) {
        var size = 32
        while size < expected * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
    }

    var count: Int { ends.count }

    private func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    /// The number of a string that is given in two parts; a length between them keeps "ab"+"c" apart from "a"+"bc".
    mutating func intern(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(first.count)
        hasher.combine(bytes: first)
        hasher.combine(bytes: second)
        let hash = hasher.finalize()
        var slot = hash & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash, equals(index, first, second) { return UInt32(index) }
            slot = (slot + 1) & (slots.count - 1)
        }
        let index = UInt32(count)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: first.count)) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: first)
        bytes.append(contentsOf: second)
        ends.append(bytes.count)
        hashes.append(hash)
        slots[slot] = index + 1
        if count * 2 > slots.count { grow() }
        return index
    }

    private func equals(_ index: Int, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        let range = range(index)
        guard range.count == 4 + first.count + second.count else { return false }
        return bytes.withUnsafeBytes { all in
            let stored = UnsafeRawBufferPointer(rebasing: all[range])
            return stored.loadUnaligned(as: UInt32.self) == UInt32(truncatingIfNeeded: first.count)
                && same(stored, 4, first) && same(stored, 4 + first.count, second)
        }
    }

    private func same(_ stored: UnsafeRawBufferPointer, _ offset: Int, _ part: UnsafeRawBufferPointer) -> Bool {
        guard let start = part.baseAddress, let other = stored.baseAddress else { return true }
        return memcmp(other + offset, start, part.count) == 0
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for index in 0..<count {
            var slot = hashes[index] & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index) + 1
        }
    }
}
