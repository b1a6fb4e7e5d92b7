import ProbeReader

extension ProbedService {
    /// Tasks that have not ended, once the counters agree with the runtime's own; nil where the service has no tasks.
    package func taskCount() async throws(CaptureError) -> Int? {
        switch try tasks() {
        case .none: return nil
        case .unknown(let reason): throw .unreadable(url: "the probe's count of tasks", reason: reason)
        case .counted: break
        }
        var problem = ""
        for _ in 0..<20 {
            let counts = try await counts()
            guard let reason = counts.taskProblem(of: counts.running) else {
                if let count = counts.unfinishedTasks { return count }
                throw .unreadable(url: "the probe's count of tasks", reason: "more tasks ended than began")
            }
            problem = reason
            // A task may be made while the counters are read.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { throw .interrupted }
        }
        throw .unreadable(url: "the probe's count of tasks is unverified", reason: problem)
    }

    /// The same at once, while the service is at work, so that nothing can be verified; nil where it cannot be read.
    package func tasksNow() -> Int? {
        guard let reading = try? countsNow(), reading.missing == nil else { return nil }
        return reading.counts.unfinishedTasks
    }

    /// Bytes in blocks that were allocated and not freed.
    package func liveBytes() async throws(CaptureError) -> UInt64 {
        if let reason = try problem(of: .liveBytes) { throw .unreadable(url: "the probe's live bytes", reason: reason) }
        guard let bytes = UInt64(exactly: try await stillCounts().liveBytes) else {
            // A forked child frees what its parent allocated before the fork, of which it knows nothing.
            throw .unreadable(
                url: "the probe's live bytes", reason: "more was freed than was allocated, as by forked processes")
        }
        return bytes
    }
}

extension ServiceCounts {
    /// Why the counts of tasks cannot be trusted; nil where those of each process agree with its runtime's.
    func taskProblem(of some: some Collection<ProbeFile.Process>) -> String? {
        for process in some {
            guard let counters = processes[process], counters.tasksCreated > 0 || counters.tasksNumbered ?? 0 > 0
            else { continue }
            if counters.asyncLetsCreated == nil { return "\(process.executable): async lets could not be told" }
            if let reason = counters.taskCheck.reason { return "\(process.executable): \(reason)" }
        }
        return nil
    }
}
