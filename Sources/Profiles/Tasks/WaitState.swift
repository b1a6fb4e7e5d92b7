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

    /// What a state says about a goroutine that should have ended.
    package enum Suspicion: String, Hashable, Sendable, Codable {
        /// Waits for another goroutine at a channel: the usual leak.
        case channel
        /// Waits for another goroutine at a lock or a counter.
        case sync
        /// Waits for the world outside, or for time: may still wake.
        case external
        case running
        /// The runtime's own work.
        case runtime
        case unknown
    }

    private static let labels: [(state: WaitState, label: String, suspicion: Suspicion)] = [
        (.chanSend, "chan send", .channel),
        (.chanReceive, "chan receive", .channel),
        (.select, "select", .channel),
        (.chanSendNil, "chan send (nil chan)", .channel),
        (.chanReceiveNil, "chan receive (nil chan)", .channel),
        (.selectNoCases, "select (no cases)", .channel),
        (.mutexLock, "sync.Mutex.Lock", .sync),
        (.rwMutexRLock, "sync.RWMutex.RLock", .sync),
        (.rwMutexLock, "sync.RWMutex.Lock", .sync),
        (.waitGroup, "sync.WaitGroup.Wait", .sync),
        (.condWait, "sync.Cond.Wait", .sync),
        (.semacquire, "semacquire", .sync),
        (.ioWait, "IO wait", .external),
        (.sleep, "sleep", .external),
        (.coroutine, "coroutine", .external),
        (.syscall, "syscall", .external),
        (.running, "running", .running),
        (.runnable, "runnable", .running),
        (.continuation, "suspended on a continuation", .channel),
        (.sleeping, "sleeping", .external),
        (.childTask, "waiting for a child task", .sync),
        (.taskGroup, "waiting for a task group", .sync),
        (.otherTask, "waiting for a task", .sync),
        (.actor, "waiting for an actor", .sync),
        (.enqueued, "enqueued", .running),
        (.suspended, "suspended", .unknown),
        (.unknown, "unknown", .unknown),
    ]

    private static let byLabel = Dictionary(uniqueKeysWithValues: labels.map { ($0.label, $0.state) })
    private static let byState = Dictionary(uniqueKeysWithValues: labels.map { ($0.state, $0) })

    /// Words for the runtime's own goroutines and moments.
    private static let runtimeWords: Set<String> = [
        "idle", "dead", "copystack", "preempted", "GC assist marking", "dumping heap", "garbage collection",
        "garbage collection scan", "panicwait", "GC assist wait", "GC sweep wait", "GC scavenge wait", "finalizer wait",
        "force gc (idle)", "GOMAXPROCS updater (idle)", "trace reader (blocked)", "wait for GC cycle",
        "GC worker (idle)", "GC worker (active)", "debug call", "GC mark termination", "stopping the world",
        "flushing proc caches", "trace goroutine status", "trace proc status", "page trace flush",
        "GC weak to strong wait", "cleanup wait",
    ]

    /// The state for a word of the runtime.
    package init(label: String) {
        self = Self.byLabel[label] ?? .other(label)
    }

    /// The runtime's word for the state.
    package var label: String {
        if case .other(let word) = self { return word }
        return Self.byState[self]?.label ?? ""
    }

    package var suspicion: Suspicion {
        if case .other(let word) = self { return Self.runtimeWords.contains(word) ? .runtime : .unknown }
        return Self.byState[self]?.suspicion ?? .unknown
    }

    /// Whether nothing can ever end the wait.
    package var neverWakes: Bool {
        self == .chanSendNil || self == .chanReceiveNil || self == .selectNoCases
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
