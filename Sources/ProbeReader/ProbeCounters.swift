/// What a process has allocated, and which tasks it has made, since it started: of all its threads, ended ones included.
///
/// Numbers only ever grow, but for `liveBytes`. A number of a figure that is not available says nothing; ask
/// `ProbeFile.figures`.
package struct ProbeCounters: Sendable, Equatable, Codable {
    /// Blocks given out by malloc and its relatives; a realloc is one, and one free of what it replaced.
    package var allocations: UInt64 = 0
    /// As asked for.
    package var bytes: UInt64 = 0
    package var frees: UInt64 = 0
    /// The part of `allocations` that libdispatch made for its own bookkeeping, which depends on how threads meet.
    package var dispatchAllocations: UInt64 = 0
    package var dispatchBytes: UInt64 = 0
    /// Bytes of the blocks given out and not freed, as the allocator rounds them.
    ///
    /// Below zero where more was freed than was allocated since the counting began, as in a forked child.
    package var liveBytes: Int64 = 0

    /// Tasks with memory of their own, which are all but async lets.
    package var tasksCreated: UInt64 = 0
    package var tasksCompleted: UInt64 = 0
    package var tasksDestroyed: UInt64 = 0
    /// Nil where nothing tells.
    package var asyncLetsCreated: UInt64?
    package var asyncLetsCompleted: UInt64 = 0
    /// Whether async lets were counted where they begin, and not told by what is missing from the runtime's own count.
    package var asyncLetsAreCounted = false
    /// How many tasks of both kinds the runtime itself has numbered; nil where it cannot be read.
    package var tasksNumbered: UInt64?
    /// Samples of processor time taken.
    package var samples: UInt64 = 0

    package init() {}

    /// Not libdispatch's: what the program and its libraries asked for.
    package var ownAllocations: UInt64 { allocations &- dispatchAllocations }
    package var ownBytes: UInt64 { bytes &- dispatchBytes }
    /// Tasks that are waiting, or running, or were lost.
    package var unfinished: Int64 { Int64(bitPattern: tasksCreated &- tasksCompleted) }
    /// The same with async lets, as far as those are known.
    package var unfinishedOfBothKinds: Int64 {
        unfinished &+ (asyncLetsCreated.map { Int64(bitPattern: $0 &- asyncLetsCompleted) } ?? 0)
    }

    /// What happened since an earlier reading of the same process.
    package func minus(_ earlier: ProbeCounters) -> ProbeCounters {
        var result = self
        result.allocations &-= earlier.allocations
        result.bytes &-= earlier.bytes
        result.frees &-= earlier.frees
        result.dispatchAllocations &-= earlier.dispatchAllocations
        result.dispatchBytes &-= earlier.dispatchBytes
        result.liveBytes &-= earlier.liveBytes
        result.tasksCreated &-= earlier.tasksCreated
        result.tasksCompleted &-= earlier.tasksCompleted
        result.tasksDestroyed &-= earlier.tasksDestroyed
        result.asyncLetsCreated = Self.difference(asyncLetsCreated, earlier.asyncLetsCreated)
        result.asyncLetsCompleted &-= earlier.asyncLetsCompleted
        result.tasksNumbered = Self.difference(tasksNumbered, earlier.tasksNumbered)
        result.samples &-= earlier.samples
        return result
    }

    private static func difference(_ later: UInt64?, _ earlier: UInt64?) -> UInt64? {
        guard let later, let earlier else { return nil }
        return later &- earlier
    }
}
