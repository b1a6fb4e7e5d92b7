import ProbeReader
package import Recordings

/// What a service counts over the steady load, freed of what it does when it has nothing to do.
package struct NativeMeter: Sendable {
    private let service: ProbedService
    private let idle: ServiceCounts
    private let idleSeconds: Double
    private let start: ServiceCounts
    private let startedAt: ContinuousClock.Instant

    /// How long the service is watched doing nothing: most of what services do by themselves comes once a second.
    private static let idleTime = Duration.seconds(1)

    /// Watches the idle service, and begins.
    package init(starting service: ProbedService) async throws(CaptureError) {
        let first = try await service.stillCounts()
        let idleFrom = ContinuousClock.now
        do { try await Task.sleep(for: Self.idleTime) } catch { throw .interrupted }
        self.service = service
        start = try await service.counts()
        startedAt = .now
        idle = start.since(first)
        idleSeconds = (startedAt - idleFrom) / .seconds(1)
    }

    /// Reads once more, and gives the differences and why some of them cannot be trusted.
    package func stop() async throws(CaptureError) -> (window: NativeWindow, problems: [String: String]) {
        let now = try await service.stillCounts()
        let counts = now.since(start)
        let gap = now.gap(since: start)
        var window = NativeWindow(seconds: (ContinuousClock.now - startedAt) / .seconds(1))
        var problems: [String: String] = [:]
        func count(_ value: KeyPath<ServiceCounts, UInt64>) -> NativeWindow.Count {
            .init(total: counts[keyPath: value], idlePerSecond: Double(idle[keyPath: value]) / idleSeconds)
        }
        if let problem = try service.problem(of: .allocations, since: start) ?? gap {
            problems["allocations"] = problem
        } else {
            window.allocations = count(\.allocations)
            window.allocatedBytes = count(\.bytes)
            // Where they cannot be told apart they are among the allocations.
            if try !service.mixesDispatch(since: start) {
                window.dispatchAllocations = count(\.dispatchAllocations)
            }
            window.frees = count(\.frees)
        }
        window.allocator = try service.allocators()
        switch try service.tasks(since: start) {
        case .none: break
        case .unknown(let reason): problems["tasksCreated"] = reason
        case .counted:
            if let gap {
                problems["tasksCreated"] = gap
            } else if let reason = counts.taskProblem(of: counts.processes.keys) {
                problems["tasksCreated"] = "unverified: \(reason)"
            } else {
                window.tasksCreated = count(\.tasksCreated)
            }
        }
        return (window, problems)
    }
}
