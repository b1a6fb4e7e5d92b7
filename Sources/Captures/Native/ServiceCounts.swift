import ProbeReader

/// What all processes of a service have counted, as one reading.
struct ServiceCounts: Sendable {
    /// By process and the program it ran, ended ones included: what they did stays done.
    var processes: [ProbeFile.Process: ProbeCounters]
    /// Those that still run.
    var running: Set<ProbeFile.Process>
    /// Page faults of the ended children that each running process has waited for, by its pid.
    var childrenFaults: [Int32: UInt64] = [:]

    /// Those that ended, or that have run another program since.
    var ended: Set<ProbeFile.Process> { Set(processes.keys).subtracting(running) }

    private func sum(_ value: (ProbeCounters) -> UInt64) -> UInt64 {
        processes.values.reduce(0) { $0 &+ value($1) }
    }

    var allocations: UInt64 { sum(\.ownAllocations) }
    var bytes: UInt64 { sum(\.ownBytes) }
    var dispatchAllocations: UInt64 { sum(\.dispatchAllocations) }
    var frees: UInt64 { sum(\.frees) }
    var tasksCreated: UInt64 { sum { $0.tasksCreated &+ ($0.asyncLetsCreated ?? 0) } }

    /// Bytes in blocks of running processes; below zero where forked children freed what their parent had allocated.
    var liveBytes: Int64 { running.reduce(Int64(0)) { $0 &+ (processes[$1]?.liveBytes ?? 0) } }

    /// Tasks of running processes that have not ended; nil where the counts make no sense.
    var unfinishedTasks: Int? {
        let sum = running.reduce(Int64(0)) { $0 &+ (processes[$1]?.unfinishedOfBothKinds ?? 0) }
        return sum < 0 ? nil : Int(sum)
    }

    /// Why the counts since an earlier reading lack something; nil where nothing says so.
    ///
    /// A child that was there for a moment, without the probe, shows by its faults alone. Beside one that counted it
    /// does not show.
    func gap(since earlier: ServiceCounts) -> String? {
        let hasGrown = childrenFaults.contains { $0.value > earlier.childrenFaults[$0.key] ?? 0 }
        guard hasGrown, ended.isSubset(of: earlier.ended) else { return nil }
        return "a child of the service ended without having counted: its program is linked statically, or does not "
            + "heed LD_PRELOAD"
    }

    /// What each process did since an earlier reading.
    func since(_ earlier: ServiceCounts) -> ServiceCounts {
        var result = self
        for (process, counters) in processes {
            guard let before = earlier.processes[process] else { continue }
            result.processes[process] = counters.minus(before)
        }
        return result
    }
}
