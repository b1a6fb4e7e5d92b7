/// What a live task is doing.
package enum TaskState: String, Sendable, Hashable, CaseIterable {
    case continuation = "suspended on a continuation"
    case sleeping = "sleeping"
    case childTask = "waiting for a child task"
    case taskGroup = "waiting for a task group"
    case task = "waiting for a task"
    case actor = "waiting for an actor"
    case enqueued = "enqueued"
    case running = "running"
    /// The runtime makes a task for each sleep that runs when it is over.
    case timer = "timer of a sleeping task"
    /// Somebody holds its handle.
    case finished = "finished and still held"
    /// Nothing more is known.
    case suspended = "suspended"

    /// The pprof label that holds it.
    package static let label = "state"
}
