/// Follows a suspended task from where it will go on to the function it began with.
struct TaskWalk {
    let memory: ProcessMemory
    /// The executable parts of the process, by address.
    let code: [Range<UInt64>]

    private static let maximumFrames = 192
    /// Some targets mark an async context in an address's upper bits.
    private static let mark: UInt64 = 1 << 60

    /// The frames, leaf first.
    ///
    /// Ends where memory cannot be read or does not lead to code: the process runs on, and a context may be
    /// something else by the time it is looked at.
    func frames(of task: LiveTask) -> [UInt64] {
        guard isCode(task.resumeFunction) else { return [] }
        var result = [task.resumeFunction]
        var seen: Set<UInt64> = []
        var context = task.resumeContext & ~Self.mark
        while context != 0, context % 8 == 0, result.count < Self.maximumFrames, seen.insert(context).inserted {
            guard let bytes = memory.bytes(16, at: context) else { break }
            let (parent, resume) = bytes.withUnsafeBytes {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            guard isCode(resume) else { break }
            // A continuation's own context leads to the function that waits for it, which is where the task goes on.
            if result.count > 1 || resume != task.resumeFunction { result.append(resume) }
            context = parent & ~Self.mark
        }
        return result
    }

    func isCode(_ address: UInt64) -> Bool {
        var low = 0
        var high = code.count
        while low < high {
            let middle = (low + high) / 2
            if code[middle].lowerBound <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 && code[low - 1].contains(address)
    }
}
