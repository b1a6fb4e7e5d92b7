import ProbeReader

/// What is recorded all the time, besides the counts.
public struct ProbeRecording: OptionSet, Sendable, Hashable {
    /// The options as bits.
    public let rawValue: Int

    /// The options of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Every live task, with what made it: below a microsecond for each task, and 4 MiB.
    public static let tasks = ProbeRecording(rawValue: 1 << 0)
    /// The stack of every allocation and whether it was freed.
    ///
    /// Takes tens to hundreds of nanoseconds for each, and 27 MiB at most. Without it `allocs?seconds=N` records them
    /// for N seconds.
    public static let allocations = ProbeRecording(rawValue: 1 << 1)

    var mode: ProbeMode {
        var mode: ProbeMode = []
        if contains(.tasks) { mode.formUnion(.liveTasks) }
        if contains(.allocations) { mode.formUnion([.exactStacks, .liveBlocks]) }
        return mode
    }
}
