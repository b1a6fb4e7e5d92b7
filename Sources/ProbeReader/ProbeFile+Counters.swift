import ProbeLayout

extension ProbeFile {
    /// Everything the process has counted until now.
    ///
    /// Exact when the process is still. While it runs the numbers are each right, but not of quite the same moment.
    package func counters() throws(ProbeError) -> ProbeCounters {
        let memory = try? memory.get(of: self)
        var result = try reading(memory)
        // Tasks may be made while the numbers are read; what is taken together has to belong together.
        for _ in 0..<8 {
            let next = try reading(memory)
            if next == result { break }
            result = next
        }
        return result
    }

    private func reading(_ memory: ProcessMemory?) throws(ProbeError) -> ProbeCounters {
        let header = try header()
        var result = ProbeCounters()
        result.tasksNumbered = tasksNumbered(header, memory)
        let used = min(Int(header.slots_used), Int(PL_SLOTS))
        let size = used * ProbeLayoutNumbers.slotSize
        guard let bytes = descriptor.read(size, at: UInt64(PL_SLOTS_AT)) else {
            throw .inconsistent(path: path, what: "the file was cut short")
        }
        var completions: UInt64 = 0
        var asyncLetCompletions: UInt64 = 0
        var begun: UInt64 = 0
        bytes.withUnsafeBytes { bytes in
            for index in 0..<used {
                let slot = bytes.loadUnaligned(fromByteOffset: index * ProbeLayoutNumbers.slotSize, as: pl_slot.self)
                result.allocations &+= slot.allocations
                result.bytes &+= slot.bytes
                result.frees &+= slot.frees
                result.dispatchAllocations &+= slot.dispatch_allocations
                result.dispatchBytes &+= slot.dispatch_bytes
                result.liveBytes &+= Int64(bitPattern: slot.usable_in &- slot.usable_out)
                result.tasksCreated &+= slot.tasks_created
                result.tasksDestroyed &+= slot.tasks_destroyed
                completions &+= slot.completion_halves
                asyncLetCompletions &+= slot.async_let_completion_halves
                begun &+= slot.async_lets_begun
                result.samples &+= slot.samples
            }
        }
        result.tasksCompleted = (completions &- asyncLetCompletions) / 2
        result.asyncLetsCompleted = asyncLetCompletions / 2
        result.asyncLetsAreCounted = header.async_lets_seen == 1
        if result.asyncLetsAreCounted {
            result.asyncLetsCreated = begun
        } else if let numbered = result.tasksNumbered, numbered >= result.tasksCreated {
            result.asyncLetsCreated = numbered - result.tasksCreated
        }
        return result
    }

    /// The runtime numbers tasks from one on and keeps the next number.
    private func tasksNumbered(_ header: pl_header, _ memory: ProcessMemory?) -> UInt64? {
        if header.last_task_id > 0 { return header.last_task_id - 1 }
        guard header.next_task_id != 0, let next = memory?.word(at: header.next_task_id), next > 0 else { return nil }
        return next - 1
    }
}
