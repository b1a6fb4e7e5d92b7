import ProbeLayout

/// What a probe does besides counting.
package struct ProbeMode: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Keeps a list of live tasks, each with the stack that created it.
    package static let liveTasks = ProbeMode(rawValue: UInt64(PL_MODE_LIVE_TASKS))
    /// Keeps the stack of every allocation, which slows the process down.
    package static let exactStacks = ProbeMode(rawValue: UInt64(PL_MODE_EXACT_STACKS))
    /// Takes samples by the processor time of each thread; only when asked for as the process is started.
    package static let cpu = ProbeMode(rawValue: UInt64(PL_MODE_CPU))
    /// With `exactStacks`: remembers which blocks are not freed yet.
    package static let liveBlocks = ProbeMode(rawValue: UInt64(PL_MODE_LIVE_BLOCKS))

    /// What the process is to find in its environment.
    package var environmentValue: String { String(rawValue) }
}
