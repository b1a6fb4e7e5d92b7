import Recordings
import Synchronization
import SystemCalls
import TestSupport
import Testing

@testable import Captures

#if canImport(Glibc)
    import Glibc
#endif

/// Counting by the kernel, through the way instructions are counted, with events every machine has.
@Suite struct PerfCounterTests {
    /// Why this process may not even count page faults, as in a container that forbids the call; nil where it may.
    private static let refusal: Int32? = {
        let counter = sc_open_counter(Int32(SC_PAGE_FAULTS))
        guard counter >= 0 else { return -counter }
        close(counter)
        return nil
    }()

    /// Where nothing may be counted there is nothing to compare, but the reason must be one that is told in words.
    private func isPermitted() -> Bool {
        guard let refusal = Self.refusal else { return true }
        #expect([EPERM, EACCES, ENOSYS].contains(refusal), "\(PerfCounter.Problem.refused(refusal).message)")
        return false
    }

    // MARK: what a counter covers

    /// Faults of pages that are touched for the first time, and of little else.
    private static let pages = 3000
    private static let others = 200

    /// Touches fresh pages, each of them once.
    @Sendable private static func touchPages() {
        let size = 4096 * pages
        guard let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { return }
        // Large pages would be touched once for many.
        madvise(memory, size, MADV_NOHUGEPAGE)
        for page in 0..<pages { memory.storeBytes(of: 1, toByteOffset: page * 4096, as: UInt8.self) }
        munmap(memory, size)
    }

    /// Runs `body` on a thread of its own to its end.
    private static func onThread(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        pthread_join(thread, nil)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Threads that were started after it was opened, by threads that were as well, and that have ended.
    @Test func threadsOfThreadsAreCounted() throws {
        guard isPermitted() else { return }
        let counts = Mutex<[UInt64]>([])
        // A test may go on another thread than it began on; this one is its own.
        Self.onThread {
            let counter = sc_open_counter(Int32(SC_PAGE_FAULTS))
            guard counter >= 0 else { return }
            defer { close(counter) }
            func count() {
                if let now = try? PerfCounter.Reading(of: counter) { counts.withLock { $0.append(now.count) } }
            }
            count()
            Self.touchPages()
            count()
            Self.onThread { Self.touchPages() }
            count()
            Self.onThread { Self.onThread { Self.touchPages() } }
            count()
        }
        let read = counts.withLock { $0 }
        try #require(read.count == 4)
        for (before, after) in zip(read, read.dropFirst()) {
            #expect((Self.pages...(Self.pages + Self.others)).contains(Int(after - before)), "\(read)")
        }
    }

    /// The parent's other threads go uncounted: it is the one that opened the counter and what it starts.
    @Test func threadsThatWereThereAreNotCounted() throws {
        guard isPermitted() else { return }
        let counts = Mutex<[UInt64]>([])
        Self.onThread {
            let counter = sc_open_counter(Int32(SC_PAGE_FAULTS))
            guard counter >= 0 else { return }
            counts.withLock { $0.append(UInt64(counter)) }
        }
        let counter = try #require(counts.withLock { $0 }.first.map { Int32($0) })
        defer { close(counter) }
        let before = try PerfCounter.Reading(of: counter)
        Self.touchPages()
        let after = try PerfCounter.Reading(of: counter)
        #expect(before == after)
    }

    // MARK: services

    private func start(_ command: String, counting event: PerfCounter.Event?) throws -> ServiceProcess {
        try ServiceProcess(
            command: command, directory: "/", environment: ["PATH": "/usr/bin:/bin"],
            output: try Scratch.folder("counter") + "/output", counting: event)
    }

    private func wait(_ process: ServiceProcess, untilPrinted lines: Int) async throws {
        for _ in 0..<3000 {
            if process.printed().split(separator: "\n").count >= lines { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("only printed: \(process.printed())")
    }

    /// A loop of a shell that then becomes another program, so that its processor time stands still and stays readable.
    private static let loop = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done; exec sleep 600"

    /// The processor clocks of all processes, by another way, are what the counter must be equal to.
    @Test func everyProcessOfAServiceIsCounted() async throws {
        guard isPermitted() else { return }
        let process = try start(
            "(\(Self.loop)) & setsid sh -c '\(Self.loop)' & sh -c '(\(Self.loop)) & wait' & wait",
            counting: .taskClock)
        let tree = ProcessTree(root: try await process.started())
        try await wait(process, untilPrinted: 3)
        try await Task.sleep(for: .milliseconds(200))
        let counters = try tree.counters().get()
        let counted = try await process.counted()
        #expect(counters.processes.count == 5)
        #expect(counters.cpu > 30_000_000)
        let ratio = Double(counted.count) / Double(counters.cpu)
        #expect((0.95...1.05).contains(ratio), "counted \(counted.count) ns, the clocks say \(counters.cpu) ns")
        #expect(counted.counted == counted.wanted)
        await process.stop(grace: .seconds(1))
    }

    /// What has ended is still in the sum, whoever waited for it.
    @Test func endedProcessesStayCounted() async throws {
        guard isPermitted() else { return }
        let process = try start(
            """
            sh -c 'echo $$; \(Self.loop)' &
            wait
            echo ended
            exec sleep 600
            """, counting: .taskClock)
        _ = try await process.started()
        try await wait(process, untilPrinted: 2)
        try await Task.sleep(for: .milliseconds(200))
        let before = try await process.counted()
        let child = try #require(process.printed().split(separator: "\n").first.flatMap { Int32($0) })
        #expect(kill(child, SIGTERM) == 0)
        try await wait(process, untilPrinted: 3)
        let after = try await process.counted()
        #expect(before.count > 10_000_000)
        #expect(after.count >= before.count)
        #expect(after.count < before.count + before.count / 2, "\(before) then \(after)")
        await process.stop(grace: .seconds(1))
    }

    /// A service runs whether it may be counted or not; what it may is what this process may.
    @Test func aServiceIsCountedWhereAThreadIs() async throws {
        let process = try start("echo up; exec sleep 600", counting: .pageFaults)
        _ = try await process.started()
        try await wait(process, untilPrinted: 1)
        let counted: Result<PerfCounter.Reading, PerfCounter.Problem>
        do throws(PerfCounter.Problem) {
            counted = .success(try await process.counted())
        } catch {
            counted = .failure(error)
        }
        switch (counted, Self.refusal) {
        case (.success(let reading), nil): #expect(reading.count > 10)
        case (.failure(let problem), let refusal?): #expect(problem == .refused(refusal))
        default: Issue.record("\(counted), while for a thread it is \(Self.refusal.map { "\($0)" } ?? "permitted")")
        }
        await process.stop(grace: .seconds(1))
    }

    @Test func onlyWhatWasAskedForIsCounted() async throws {
        let process = try start("echo up; sleep 600", counting: nil)
        _ = try await process.started()
        try await wait(process, untilPrinted: 1)
        await #expect(throws: PerfCounter.Problem.notAskedFor) { try await process.counted() }
        await process.stop(grace: .seconds(1))
    }

    /// The descriptor is closed with the command, and its number may be somebody else's.
    @Test func nothingIsReadAfterTheEnd() async throws {
        let process = try start("true", counting: .pageFaults)
        _ = try await process.waitForEnd()
        await process.stop(grace: .seconds(1))
        await #expect(throws: PerfCounter.Problem.stopped) { try await process.counted() }
    }

    /// A command that could not be started hands nothing over, or what it had time to count.
    @Test func aCommandThatNeverRan() async throws {
        let process = try ServiceProcess(
            command: "true", directory: "/no/such/folder", environment: [:],
            output: try Scratch.folder("counter") + "/output", counting: .pageFaults)
        await #expect(throws: CaptureError.self) { try await process.waitForEnd() }
        await process.stop(grace: .seconds(1))
    }

    /// Instructions where there is a counter of them, and else the reason; the service runs either way.
    @Test func instructionsOrAReason() async throws {
        let process = try start("\(Self.loop)", counting: .instructions)
        _ = try await process.started()
        try await wait(process, untilPrinted: 1)
        do throws(PerfCounter.Problem) {
            let counted = try await process.counted()
            // A turn of the shell's loop takes far more than a hundred instructions.
            #expect(counted.count > 10_000_000)
            #expect(MachineSurveyor.instructions().works)
        } catch {
            #expect(!MachineSurveyor.instructions().works)
            guard case .refused = error else {
                Issue.record("\(error.message)")
                return
            }
        }
        await process.stop(grace: .seconds(1))
    }

    @Test func anUnknownEventIsRefused() {
        #expect(sc_open_counter(99) == -EINVAL)
        var count = sc_count()
        #expect(sc_read_counter(-1, &count) == EBADF)
    }

    // MARK: between two readings

    private func difference(_ count: UInt64, _ wanted: UInt64, _ counted: UInt64) -> Result<UInt64, PerfCounter.Problem>
    {
        let earlier = PerfCounter.Reading(count: 1000, wanted: 500, counted: 400)
        let later = PerfCounter.Reading(count: count, wanted: wanted, counted: counted)
        return Result { () throws(PerfCounter.Problem) in try later.since(earlier) }
    }

    @Test func differences() {
        #expect(difference(1700, 10_500, 10_400) == .success(700))
        // One part in a thousand may be lost, and no more.
        #expect(difference(1700, 10_500, 10_390) == .success(700))
        #expect(difference(1700, 10_500, 10_389) == .failure(.shared(0.9989)))
        #expect(difference(1700, 10_500, 400) == .failure(.shared(0)))
        // Stopped, as by a program that may not be looked into; and readings of another counter.
        #expect(difference(1000, 500, 400) == .failure(.stopped))
        #expect(difference(1000, 10_500, 10_400) == .failure(.stopped))
        #expect(difference(999, 10_500, 10_400) == .failure(.stopped))
        #expect(difference(1700, 499, 10_400) == .failure(.stopped))
        #expect(difference(1700, 10_500, 399) == .failure(.stopped))
        #expect(difference(.max, .max, .max) == .success(.max - 1000))
    }

    @Test(arguments: [
        (PerfCounter.Problem.notAskedFor, "no counter was opened"),
        (.notHandedOver, "the counter was not handed over when the service was started"),
        (.refused(ENOENT), "this machine has no such counter, or its hypervisor keeps it back"),
        (.refused(EOPNOTSUPP), "this machine has no such counter, or its hypervisor keeps it back"),
        (.refused(EACCES), "perf_event_open is not permitted; see perfgate doctor for what would permit it"),
        (.refused(EPERM), "perf_event_open is not permitted; see perfgate doctor for what would permit it"),
        (.refused(ENOSYS), "this kernel is built without perf events"),
        (.refused(EMFILE), "perf_event_open failed: Too many open files"),
        (.stopped, "the counter stood still while the service worked"),
        (
            .shared(0.876),
            "the processor's counters were shared with others, or are not on every processor, so that only 87 % of the "
                + "time was counted"
        ),
    ])
    func words(problem: PerfCounter.Problem, text: String) {
        #expect(problem.message == text)
    }
}
