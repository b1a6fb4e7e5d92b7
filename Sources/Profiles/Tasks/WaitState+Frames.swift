extension WaitState {
    /// Functions of the runtime, and the wait each stands for.
    ///
    /// A nil channel cannot be told from any other here, nor a running goroutine from a runnable one.
    private static let waits: [String: WaitState] = [
        "runtime.chansend": .chanSend,
        "runtime.chansend1": .chanSend,
        "runtime.chanrecv": .chanReceive,
        "runtime.chanrecv1": .chanReceive,
        "runtime.chanrecv2": .chanReceive,
        "runtime.selectgo": .select,
        "runtime.block": .selectNoCases,
        "runtime.netpollblock": .ioWait,
        "runtime.notifyListWait": .condWait,
        "runtime.timeSleep": .sleep,
        "runtime.coroswitch": .coroutine,
        "runtime.coroswitch_m": .coroutine,
        "time.Sleep": .sleep,
        "runtime.cgocall": .syscall,
        "runtime.notetsleepg": .syscall,
    ]

    /// The same, for functions the linker places in several packages, by the last part of the name.
    private static let placed: [String: WaitState] = [
        "runtime_pollWait": .ioWait,
        "runtime_SemacquireMutex": .mutexLock,
        "runtime_SemacquireRWMutexR": .rwMutexRLock,
        "runtime_SemacquireRWMutex": .rwMutexLock,
        "runtime_SemacquireWaitGroup": .waitGroup,
        "runtime_Semacquire": .semacquire,
        "runtime_notifyListWait": .condWait,
    ]

    private static let plumbing = [
        "runtime.", "runtime/internal/", "internal/runtime/", "sync.", "internal/sync.", "internal/poll.",
    ]

    /// Whether a function stands between the program and its wait, and says nothing about the program.
    static func isPlumbing(_ function: String) -> Bool {
        function == "time.Sleep" || plumbing.contains { function.hasPrefix($0) }
    }

    /// The state that the leaf end of a stack gives away.
    ///
    /// `complete` says whether the stack still has its runtime frames, as in a binary profile. Without them silence
    /// means nothing; with them, a stack that was not parked is running or in a system call.
    static func inferred(from frames: [Frame], complete: Bool) -> WaitState {
        var isParked = false
        for frame in frames {
            let function = frame.function
            if isSystemCall(function) { return .syscall }
            guard isPlumbing(function) else { break }
            if function == "runtime.gopark" || function == "runtime.goparkunlock" { isParked = true }
            if let state = waits[function] { return state }
            let name = function[(function.lastIndex(of: ".").map(function.index(after:)) ?? function.startIndex)...]
            if let state = placed[String(name)] { return state }
        }
        if !complete { return .unknown }
        return isParked ? .unknown : .running
    }

    private static func isSystemCall(_ function: String) -> Bool {
        ["syscall.Syscall", "syscall.RawSyscall", "syscall.syscall", "internal/runtime/syscall."]
            .contains { function.hasPrefix($0) }
    }
}
