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
            let counts = try counts()
            guard let reason = counts.taskProblem else { return counts.unfinishedTasks }
            problem = reason
            // A task may be made while the counters are read.
            do { try await Task.sleep(for: .milliseconds(20)) } catch { throw .interrupted }
        }
        throw .unreadable(url: "the probe's count of tasks is unverified", reason: problem)
    }

    /// The same at once, while the service is at work, so that nothing can be verified.
    package func tasksNow() -> Int? {
        guard (try? tasks()) == .counted else { return nil }
        return try? counts().unfinishedTasks
    }

    /// Bytes in blocks that were allocated and not freed.
    package func liveBytes() async throws(CaptureError) -> UInt64 {
        if let reason = try problemOfLiveBytes() { throw .unreadable(url: "the probe's live bytes", reason: reason) }
        return try await stillCounts().liveBytes
    }
}

extension ServiceCounts {
    /// Why the counts of tasks cannot be trusted; nil where each process's agree with its runtime's.
    var taskProblem: String? {
        for (process, counters) in processes where counters.tasksCreated > 0 || counters.tasksNumbered ?? 0 > 0 {
            if let reason = counters.taskCheck.reason { return "\(process.executable): \(reason)" }
        }
        return nil
    }
}
