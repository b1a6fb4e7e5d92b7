import ProbeLayout
package import Profiles

#if canImport(Glibc)
    import Glibc
#endif

extension ProbeFile {
    /// What the process has mapped now; after its end nobody can say.
    package func modules() throws(ProbeError) -> [AddressProfile.Module] {
        let map = try ProcessMap.ranges(of: self)
        guard map.isStillThere else { throw .ended(pid: process.pid) }
        return map.modules()
    }

    /// Every allocation since stacks are recorded, by its stack.
    ///
    /// With `ProbeMode.liveBlocks` the part of it that is not freed yet, too. For a process that has ended the modules
    /// have to be what was asked for before.
    package func allocations(modules: [AddressProfile.Module]? = nil) throws(ProbeError) -> AddressProfile {
        let header = try header()
        try require(.exactStacks, header)
        let hasLive = header.regions & UInt64(PL_REGION_BLOCKS) != 0
        var columns = [
            Profile.SampleType(type: "alloc_objects", unit: "count"),
            Profile.SampleType(type: "alloc_space", unit: "bytes"),
        ]
        if hasLive {
            columns += [
                Profile.SampleType(type: "inuse_objects", unit: "count"),
                Profile.SampleType(type: "inuse_space", unit: "bytes"),
            ]
        }
        var profile = try profile(PL_STACK_OF_ALLOCATION, columns, header, modules) { stack in
            let all = [stack.count, stack.amount]
            return hasLive ? all + [stack.count - stack.freedCount, stack.amount - stack.freedAmount] : all
        }
        profile.defaultSampleType = "alloc_space"
        profile.lost(header.allocation_stacks_lost, "allocations were made whose stacks had no place")
        profile.lost(header.live_blocks_lost, "allocations were made of which it is not known whether they were freed")
        return profile
    }

    /// Every task made since live tasks are listed, by the stack that made it, whether it is still there or not.
    package func taskCreations(modules: [AddressProfile.Module]? = nil) throws(ProbeError) -> AddressProfile {
        let header = try header()
        try require(.liveTasks, header)
        let columns = [Profile.SampleType(type: "tasks", unit: "count")]
        var profile = try profile(PL_STACK_OF_TASK, columns, header, modules) { [$0.count] }
        profile.lost(header.task_stacks_lost, "tasks were made whose stacks had no place")
        return profile
    }

    /// Where the process spent its processor time since it started.
    package func cpu(modules: [AddressProfile.Module]? = nil) throws(ProbeError) -> AddressProfile {
        let header = try header()
        try require(.cpu, header)
        let columns = [
            Profile.SampleType(type: "samples", unit: "count"), Profile.SampleType(type: "cpu", unit: "nanoseconds"),
        ]
        var profile = try profile(PL_STACK_OF_SAMPLE, columns, header, modules) { [$0.count, $0.amount] }
        profile.period = AddressProfile.Period(
            type: columns[1], value: Int64(clamping: header.sample_period_nanoseconds))
        profile.lost(header.samples_lost, "samples were taken whose stacks had no place")
        profile.lost(header.threads_without_timer, "threads ran without being sampled")
        return profile
    }

    private func profile(
        _ kind: pl_stack_kind, _ columns: [Profile.SampleType], _ header: pl_header,
        _ modules: [AddressProfile.Module]?, values: (RecordedStacks.Stack) -> [UInt64]
    ) throws(ProbeError) -> AddressProfile {
        let stacks = try RecordedStacks(self, header)
        var sums: [ArraySlice<UInt64>: [UInt64]] = [:]
        for stack in stacks.stacks(of: kind) {
            let old = sums[stack.frames]
            let new = values(stack)
            sums[stack.frames] = old.map { zip($0, new).map { $0 &+ $1 } } ?? new
        }
        let samples = sums.map { frames, values in
            AddressProfile.Sample(
                frames: frames.map { .address($0) }, values: values.map { Int64(clamping: $0) })
        }
        let mapped: [AddressProfile.Module]
        if let modules { mapped = modules } else { mapped = try self.modules() }
        var profile = AddressProfile(
            sampleTypes: columns, samples: samples.sorted { $0.comesBefore($1) }, modules: mapped)
        profile.timeNanos = Self.now()
        let now = try self.header()
        profile.lost(now.stacks_with_gaps, "stacks lack functions that were built without frame pointers")
        return profile
    }

    func require(_ figure: ProbeFigure, _ header: pl_header) throws(ProbeError) {
        if let reason = try figures()[figure]?.reason { throw .unavailable(figure, reason: reason) }
    }

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension AddressProfile {
    mutating func lost(_ count: UInt64, _ what: String) {
        if count > 0 { comments.append("\(count) \(what)") }
    }
}

extension AddressProfile.Sample {
    /// The order of a profile: what weighs most first, and always the same.
    func comesBefore(_ other: Self) -> Bool {
        if values != other.values { return other.values.lexicographicallyPrecedes(values) }
        return frames.lexicographicallyPrecedes(other.frames) { one, other in
            switch (one, other) {
            case (.address(let one), .address(let other)): one < other
            case (.mark(let one), .mark(let other)): one < other
            case (.address, .mark): true
            case (.mark, .address): false
            }
        }
    }
}
