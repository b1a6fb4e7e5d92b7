import Synchronization
import SystemCalls

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One thread that waits for sockets, instants and jobs, and calls what is registered for them.
///
/// Only ``execute(_:)`` and ``stop()`` may be called from other threads. Instants are nanoseconds on the monotonic clock.
final class Reactor: @unchecked Sendable {
    /// Bytes read at once; one buffer serves all connections, so that an idle one holds none.
    static let readSize = 256 * 1024
    private static let eventsAtOnce = 256
    private static let wakeKey = UInt64.max
    private static let timerKey = UInt64.max - 1

    private struct Mail {
        var jobs: [@Sendable () -> Void] = []
        var isStopping = false
        var whenStopped: [@Sendable () -> Void] = []
    }

    /// What one `read` fills.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Reactor.readSize, alignment: 64)

    private let poll: CInt
    private let wake: CInt
    private let alarm: CInt
    private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Reactor.eventsAtOnce)
    private let mail = Mutex(Mail())
    private var thread: pthread_t?
    /// By descriptor.
    private var links: [Link?] = []
    private var generation: UInt32 = 0
    private var timers: [ReactorTimer] = []
    /// What the alarm is set to, 0 while it is not.
    private var alarmAt: UInt64 = 0

    /// Starts the thread.
    ///
    /// Throws ``LoadError/noThread(_:)`` where the system has none to give.
    init() throws(LoadError) {
        poll = epoll_create1(CInt(EPOLL_CLOEXEC))
        wake = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
        alarm = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_NONBLOCK) | CInt(TFD_CLOEXEC))
        var code = poll < 0 || wake < 0 || alarm < 0 ? errno : 0
        if code == 0 {
            watch(wake, key: Self.wakeKey, edgeTriggered: false)
            watch(alarm, key: Self.timerKey, edgeTriggered: true)
            var started = pthread_t()
            // The thread keeps the reactor alive until it ends.
            let owner = Unmanaged.passRetained(self)
            code = pthread_create(
                &started, nil,
                { owner in
                    if let owner { Unmanaged<Reactor>.fromOpaque(owner).takeRetainedValue().run() }
                    return nil
                }, owner.toOpaque())
            if code == 0 { pthread_detach(started) } else { owner.release() }
        }
        guard code == 0 else { throw .noThread(String(cString: strerror(code))) }
    }

    deinit {
        for descriptor in [poll, wake, alarm] where descriptor >= 0 { close(descriptor) }
        events.deallocate()
        buffer.deallocate()
    }

    @inline(__always)
    static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    func preconditionIsCurrent() {
        precondition(thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false, "called on another thread")
    }

    /// Runs a job on the thread; jobs run in the order in which they were handed over.
    func execute(_ job: @escaping @Sendable () -> Void) {
        mail.withLock { $0.jobs.append(job) }
        signal()
    }

    /// Does a job on the thread and waits for what it gives.
    func perform<R: Sendable>(_ job: @escaping @Sendable () throws(LoadError) -> R) async throws(LoadError) -> R {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<R, LoadError>, Never>) in
            execute {
                do throws(LoadError) {
                    continuation.resume(returning: .success(try job()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Ends the thread once the jobs handed over so far are done.
    func stop() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            mail.withLock {
                $0.isStopping = true
                $0.whenStopped.append { continuation.resume() }
            }
            signal()
        }
    }

    private func signal() {
        var one: UInt64 = 1
        // A counter that is full wakes the thread as well.
        _ = write(wake, &one, 8)
    }

    private func watch(_ descriptor: CInt, key: UInt64, edgeTriggered: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (edgeTriggered ? EPOLLET.rawValue : 0)
        event.data.u64 = key
        epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
    }
}

// MARK: - On the thread

extension Reactor {
    private func run() {
        thread = pthread_self()
        var isOver = false
        while !isOver {
            let count = epoll_wait(poll, events, CInt(Self.eventsAtOnce), -1)
            var hasMail = false
            for index in 0..<max(0, Int(count)) {
                let key = events[index].data.u64
                switch key {
                case Self.wakeKey: hasMail = true
                case Self.timerKey: alarmAt = 0
                default:
                    let place = Int(UInt32(truncatingIfNeeded: key))
                    guard let link = links[place], link.generation == UInt32(key >> 32) else { continue }
                    link.ready(events[index].events)
                }
            }
            if alarmAt == 0 { fireTimers() }
            if hasMail { isOver = readMail() }
        }
        let waiting = mail.withLock { $0.whenStopped }
        for resume in waiting { resume() }
    }

    /// Does the jobs that have come; true once the thread is to end.
    private func readMail() -> Bool {
        var count: UInt64 = 0
        _ = read(wake, &count, 8)
        let (jobs, isStopping) = mail.withLock { mail in
            defer { mail.jobs.removeAll() }
            return (mail.jobs, mail.isStopping)
        }
        for job in jobs { job() }
        return isStopping
    }

    private func fireTimers() {
        let now = Self.clock()
        for timer in timers {
            guard let deadline = timer.deadline, deadline <= now else { continue }
            timer.deadline = nil
            timer.fire()
        }
        setAlarm()
    }

    /// Sets the alarm to the earliest instant any timer waits for; one that is set too early does no harm.
    fileprivate func setAlarm() {
        var earliest = UInt64.max
        for timer in timers { if let deadline = timer.deadline, deadline < earliest { earliest = deadline } }
        guard earliest != .max, alarmAt == 0 || earliest < alarmAt else { return }
        alarmAt = earliest
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(earliest / 1_000_000_000)
        setting.it_value.tv_nsec = Int(earliest % 1_000_000_000)
        // All zeros would disarm it.
        if earliest == 0 { setting.it_value.tv_nsec = 1 }
        timerfd_settime(alarm, CInt(TFD_TIMER_ABSTIME), &setting, nil)
    }

    fileprivate func add(_ timer: ReactorTimer) { timers.append(timer) }

    /// Watches a link's descriptor for what comes in, and for room to write where that is wanted; false where the system
    /// has no room for another.
    @discardableResult
    func watch(_ link: Link, forWriting: Bool) -> Bool {
        let place = Int(link.descriptor)
        if place >= links.count { links += [Link?](repeating: nil, count: place + 1 - links.count) }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (forWriting ? EPOLLOUT.rawValue : 0)
        let isNew = links[place] !== link
        if isNew {
            generation &+= 1
            link.generation = generation
            links[place] = link
        }
        event.data.u64 = UInt64(link.generation) << 32 | UInt64(place)
        return epoll_ctl(poll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, link.descriptor, &event) == 0
    }

    /// Forgets a link, whose descriptor is about to be closed.
    func forget(_ link: Link) {
        let place = Int(link.descriptor)
        if place < links.count, links[place] === link { links[place] = nil }
    }
}

/// What a reactor calls when an instant has come.
final class ReactorTimer {
    private unowned let reactor: Reactor
    fileprivate let fire: () -> Void
    /// When it fires next, nil while it is not armed.
    fileprivate(set) var deadline: UInt64?

    /// Makes a timer that lives as long as the reactor.
    init(_ reactor: Reactor, _ fire: @escaping () -> Void) {
        self.reactor = reactor
        self.fire = fire
        reactor.add(self)
    }

    /// Makes the timer fire at the instant, instead of when it was to fire before.
    @inline(__always)
    func arm(at instant: UInt64) {
        deadline = instant
        reactor.setAlarm()
    }

    func disarm() { deadline = nil }
}
