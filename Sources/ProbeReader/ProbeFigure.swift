import ProbeLayout

/// Something a probe counts or shows, each of which a process may lack alone.
package enum ProbeFigure: String, Sendable, Hashable, CaseIterable, Codable {
    case allocations
    case liveBytes
    case dispatchSplit
    case tasksCreated
    case tasksCompleted
    case tasksDestroyed
    case asyncLets
    case taskLayout
    case asyncStacks
    case exactStacks
    case liveTasks
    case cpu

    package var words: String {
        switch self {
        case .allocations: "allocations"
        case .liveBytes: "live bytes"
        case .dispatchSplit: "allocations of libdispatch apart from the others"
        case .tasksCreated: "tasks created"
        case .tasksCompleted: "tasks completed"
        case .tasksDestroyed: "tasks destroyed"
        case .asyncLets: "async lets"
        case .taskLayout: "the inside of a task"
        case .asyncStacks: "async callers"
        case .exactStacks: "stacks of allocations"
        case .liveTasks: "live tasks"
        case .cpu: "samples of processor time"
        }
    }

    var index: Int {
        let figure =
            switch self {
            case .allocations: PL_ALLOCATIONS
            case .liveBytes: PL_LIVE_BYTES
            case .dispatchSplit: PL_DISPATCH_SPLIT
            case .tasksCreated: PL_TASKS_CREATED
            case .tasksCompleted: PL_TASKS_COMPLETED
            case .tasksDestroyed: PL_TASKS_DESTROYED
            case .asyncLets: PL_ASYNC_LETS
            case .taskLayout: PL_TASK_LAYOUT
            case .asyncStacks: PL_ASYNC_STACKS
            case .exactStacks: PL_EXACT_STACKS
            case .liveTasks: PL_LIVE_TASKS
            case .cpu: PL_CPU
            }
        return Int(figure.rawValue)
    }
}

/// Whether a figure may be trusted.
package enum ProbeAvailability: Sendable, Equatable {
    case exact
    /// It is there, and nothing shows that it is right; no verdict may rest on it.
    case unverified(String)
    case unavailable(String)

    package var isExact: Bool { self == .exact }

    /// Why not, nil where it may.
    package var reason: String? {
        switch self {
        case .exact: nil
        case .unverified(let reason), .unavailable(let reason): reason
        }
    }
}
