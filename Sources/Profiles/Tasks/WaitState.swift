/// What a goroutine or a Swift task is doing, or waiting for.
package enum WaitState: Hashable, Sendable {
    case chanSend, chanReceive, select
    /// These three can never wake.
    case chanSendNil, chanReceiveNil, selectNoCases
    case mutexLock, rwMutexRLock, rwMutexLock, waitGroup, condWait, semacquire
    case ioWait, sleep, coroutine, syscall
    case running, runnable
    /// Waits of a Swift task.
    case continuation, sleeping, childTask, taskGroup, otherTask, actor, enqueued, suspended
    /// The source does not say: a goroutine profile as text hides the frames that would tell.
    case unknown
    /// A word of the runtime that has no case of its own.
    case other(String)

    private static let labels: [(state: WaitState, label: String)] = [
        (.chanSend, "chan send"),
        (.chanReceive, "chan receive"),
        (.select, "select"),
        (.chanSendNil, "chan send (nil chan)"),
        (.chanReceiveNil, "chan receive (nil chan)"),
        (.selectNoCases, "select (no cases)"),
        (.mutexLock, "sync.Mutex.Lock"),
        (.rwMutexRLock, "sync.RWMutex.RLock"),
        (.rwMutexLock, "sync.RWMutex.Lock"),
        (.waitGroup, "sync.WaitGroup.Wait"),
        (.condWait, "sync.Cond.Wait"),
        (.semacquire, "semacquire"),
        (.ioWait, "IO wait"),
        (.sleep, "sleep"),
        (.coroutine, "coroutine"),
        (.syscall, "syscall"),
        (.running, "running"),
        (.runnable, "runnable"),
        (.continuation, "suspended on a continuation"),
        (.sleeping, "sleeping"),
        (.childTask, "waiting for a child task"),
        (.taskGroup, "waiting for a task group"),
        (.otherTask, "waiting for a task"),
        (.actor, "waiting for an actor"),
        (.enqueued, "enqueued"),
        (.suspended, "suspended"),
        (.unknown, "unknown"),
    ]

    private static let byLabel = Dictionary(uniqueKeysWithValues: labels.map { ($0.label, $0.state) })
    private static let byState = Dictionary(uniqueKeysWithValues: labels.map { ($0.state, $0.label) })

    /// The state for a word of the runtime.
    package init(label: String) {
        self = Self.byLabel[label] ?? .other(label)
    }

    /// The runtime's word for the state.
    package var label: String {
        if case .other(let word) = self { return word }
        return Self.byState[self] ?? ""
    }
}

extension WaitState: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(label: try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(label)
    }
}
