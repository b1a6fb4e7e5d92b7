#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The calling thread as the operating system sees it.
enum LoopThread {
    /// Processor time of this thread, in nanoseconds.
    static func processorTime() -> UInt64 {
        var time = timespec()
        guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Asks for real-time scheduling at the lowest priority; false where the machine does not permit it.
    ///
    /// On a single processor it is not asked for: a busy generator would leave the service nothing to run on.
    static func enterRealTime() -> Bool {
        guard sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 else { return false }
        var parameters = sched_param()
        parameters.sched_priority = 1
        return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0
    }

    /// Goes back to ordinary scheduling.
    static func leaveRealTime() {
        var parameters = sched_param()
        parameters.sched_priority = 0
        _ = pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters)
    }
}
