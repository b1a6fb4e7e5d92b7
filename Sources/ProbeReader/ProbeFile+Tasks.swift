import ProbeLayout
package import Profiles

extension ProbeFile {
    /// Every live task: where it is suspended now, and where it was made.
    ///
    /// One column, `tasks`; the label `state` says what a task is doing, in the words of `TaskState`. Frames are those
    /// of the suspended function and its async callers, a mark, and the stack that made the task. The process runs on
    /// meanwhile: each task is as it was at one moment, not all at the same.
    package func tasks() throws(ProbeError) -> AddressProfile {
        let header = try header()
        try require(.liveTasks, header)
        try require(.taskLayout, header)
        let memory = try memory.get(of: self)
        let map = try ProcessMap.ranges(of: self)
        guard map.isStillThere else { throw .ended(pid: process.pid) }
        let stacks = try RecordedStacks(self, header)
        let modules = map.modules()
        let walk = TaskWalk(memory: memory, code: map.ranges.filter(\.isCode).map(\.addresses))
        var sleeps = SleepFunctions(
            runtime: header.concurrency_start..<max(header.concurrency_start, header.concurrency_end), modules: modules)

        var groups: [Group: Int64] = [:]
        var vanished: UInt64 = 0
        for entry in try liveTasks(header) {
            guard let task = walk.still(entry.address, metadata: header.task_metadata) else {
                vanished += 1
                continue
            }
            let made = stacks.frames(numbered: entry.stack, of: PL_STACK_OF_TASK).map(Array.init) ?? []
            let suspended = task.isRunning || task.isComplete ? [] : walk.frames(of: task)
            let state = state(task, suspended, made, memory, &sleeps)
            groups[Group(state: state, suspended: suspended, made: made), default: 0] += 1
        }

        let samples = groups.map { group, count in group.sample(count) }
        var profile = AddressProfile(
            sampleTypes: [Profile.SampleType(type: "tasks", unit: "count")],
            samples: samples.sorted { $0.comesBefore($1) }, modules: modules)
        profile.timeNanos = Self.now()
        profile.lost(header.live_tasks_lost, "tasks were made that the list of live ones had no place for")
        profile.lost(vanished, "tasks ended while they were looked at")
        return profile
    }

    private struct Group: Hashable {
        let state: TaskState
        let suspended: [UInt64]
        let made: [UInt64]

        func sample(_ count: Int64) -> AddressProfile.Sample {
            var frames = suspended.map { AddressProfile.Frame.address($0) }
            if frames.isEmpty { frames.append(.mark(state.rawValue)) }
            frames.append(.mark("created by"))
            frames += made.isEmpty ? [.mark("not recorded")] : made.map { .address($0) }
            return AddressProfile.Sample(
                frames: frames, values: [count], labels: [.init(key: TaskState.label, text: state.rawValue)])
        }
    }

    private func liveTasks(_ header: pl_header) throws(ProbeError) -> [pl_live] {
        guard header.regions & UInt64(PL_REGION_TASKS) != 0 else { return [] }
        guard let bytes = descriptor.read(PL_TASKS_SIZE, at: UInt64(PL_TASKS_AT)) else {
            throw .inconsistent(path: path, what: "the file was cut short")
        }
        return bytes.withUnsafeBytes { bytes in
            (0..<PL_TASKS).compactMap { index in
                let entry = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<pl_live>.stride, as: pl_live.self)
                // Below are the marks of an entry without an object.
                return entry.address > 2 ? entry : nil
            }
        }
    }

    private func state(
        _ task: LiveTask, _ suspended: [UInt64], _ made: [UInt64], _ memory: ProcessMemory,
        _ sleeps: inout SleepFunctions
    ) -> TaskState {
        if task.isComplete { return .finished }
        if task.isRunning { return .running }
        switch task.dependency {
        case .continuation: return sleeps.contains(suspended.first) ? .sleeping : .continuation
        case .taskGroup: return .taskGroup
        case .task(let other): return LiveTask.isChild(other, in: memory) ? .childTask : .task
        // The pool that runs what belongs to no actor has no identity.
        case .executor(let identity): return identity == 0 ? .enqueued : .actor
        case nil: break
        }
        if task.isEnqueued { return .enqueued }
        return made.contains { sleeps.contains($0) } ? .timer : .suspended
    }
}

extension TaskWalk {
    /// A task that was the same before and after a look at it; nil where there is none any more.
    func still(_ address: UInt64, metadata: UInt64) -> LiveTask? {
        var last = LiveTask(at: address, metadata: metadata, in: memory)
        for _ in 0..<3 {
            let next = LiveTask(at: address, metadata: metadata, in: memory)
            if next == last { break }
            last = next
        }
        return last
    }
}
