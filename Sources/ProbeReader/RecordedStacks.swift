import ProbeLayout

/// The stacks a process has recorded, as they are now.
struct RecordedStacks {
    struct Stack {
        let frames: ArraySlice<UInt64>
        let count: UInt64
        let amount: UInt64
        let freedCount: UInt64
        let freedAmount: UInt64
    }

    private let entries: [UInt8]
    private let frames: [UInt64]

    /// Empty where none were asked for yet.
    init(_ file: ProbeFile, _ header: pl_header) throws(ProbeError) {
        guard header.regions & UInt64(PL_REGION_STACKS) != 0 else {
            entries = []
            frames = []
            return
        }
        // The entries first: whatever is written down in one of them has its frames by then.
        guard let entries = file.descriptor.read(PL_STACKS_SIZE, at: UInt64(PL_STACKS_AT)) else {
            throw .inconsistent(path: file.path, what: "the file was cut short")
        }
        let used = try file.header().frames_used
        let count = Int(min(used, UInt64(PL_FRAMES)))
        guard let bytes = file.descriptor.read(count * 8, at: UInt64(PL_FRAMES_AT)) else {
            throw .inconsistent(path: file.path, what: "the file was cut short")
        }
        self.entries = entries
        frames = bytes.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
    }

    /// Those of a kind, each with what it stands for; the same frames may be there twice.
    func stacks(of kind: pl_stack_kind) -> [Stack] {
        (0..<entries.count / MemoryLayout<pl_stack>.stride).compactMap { index in
            let entry = entry(index)
            guard entry.count > 0, let frames = frames(of: entry, kind) else { return nil }
            return Stack(
                frames: frames, count: entry.count, amount: entry.amount,
                freedCount: min(entry.freed_count, entry.count),
                freedAmount: min(entry.freed_bytes, entry.amount))
        }
    }

    /// The frames of one, by its number as a live object has it: one more than its place.
    func frames(numbered number: UInt32, of kind: pl_stack_kind) -> ArraySlice<UInt64>? {
        guard number > 0, Int(number) <= entries.count / MemoryLayout<pl_stack>.stride else { return nil }
        return frames(of: entry(Int(number) - 1), kind)
    }

    private func entry(_ index: Int) -> pl_stack {
        entries.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: index * MemoryLayout<pl_stack>.stride, as: pl_stack.self)
        }
    }

    /// Kind, length and place in one word; nil where the frames are not all there.
    private func frames(of entry: pl_stack, _ kind: pl_stack_kind) -> ArraySlice<UInt64>? {
        let length = Int(entry.place >> 40 & 0xffff)
        let start = Int(entry.place & 0xff_ffff_ffff)
        guard entry.place >> 56 == UInt64(kind.rawValue), (1...PL_DEPTH).contains(length),
            start <= frames.count, length <= frames.count - start
        else { return nil }
        return frames[start..<start + length]
    }
}
