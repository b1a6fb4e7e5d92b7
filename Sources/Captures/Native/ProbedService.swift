import ProbeReader

/// A service with the probe in it, from outside.
///
/// What it counts lies in memory it shares, so a reading takes none of the service's own time.
package struct ProbedService: Sendable {
    private let folder: String
    private let tree: ProcessTree
    private let symbols: NativeSymbols

    package init(_ probe: PreloadedProbe, _ tree: ProcessTree, _ symbols: NativeSymbols) {
        folder = probe.folder
        self.tree = tree
        self.symbols = symbols
    }

    /// How long the service's counters must not move to be read, and how often they are asked until then.
    private static let stillness = Duration.milliseconds(50)
    private static let mostReadings = 40
    /// How often a process may be found between its start and its first count.
    private static let mostRetries = 25

    // MARK: counts

    /// What has been counted by now; throws when a process of the service does not count, since a sum without it would
    /// look like a measurement.
    func counts() async throws(CaptureError) -> ServiceCounts {
        var missing: Int32?
        for _ in 0..<Self.mostRetries {
            let reading = try countsNow()
            guard let found = reading.missing else { return reading.counts }
            missing = found
            try await pause(.milliseconds(20))
        }
        let name = missing.flatMap { tree.executable(of: $0) } ?? "a process of the service"
        throw .unreadable(
            url: name, reason: "the native probe is not in it: it is linked statically, or does not heed LD_PRELOAD")
    }

    /// The same at once, with a process that does not count, which may be one that is just starting.
    func countsNow() throws(CaptureError) -> (counts: ServiceCounts, missing: Int32?) {
        var result = ServiceCounts(processes: [:], running: [])
        var counted: Set<Int32> = []
        let running = Set(try tree.processIDs())
        for file in try files() {
            let process = file.process
            result.processes[process] = try reading { () throws(ProbeError) in try file.counters() }
            guard running.contains(process.pid), file.isCurrent else { continue }
            result.running.insert(process)
            counted.insert(process.pid)
        }
        result.childrenFaults = tree.faultsOfEndedChildren(of: running)
        return (result, running.subtracting(counted).filter { tree.lives($0) }.min())
    }

    /// The same once the counters stand still, or as they are after two seconds.
    func stillCounts() async throws(CaptureError) -> ServiceCounts {
        var last = try await counts()
        for _ in 0..<Self.mostReadings {
            try await pause(Self.stillness)
            let next = try await counts()
            if next.allocations == last.allocations, next.tasksCreated == last.tasksCreated { return next }
            last = next
        }
        return last
    }

    /// Why a figure of the service is not known; nil when every process has it that runs, or that has run since `start`.
    func problem(of figure: ProbeFigure, since start: ServiceCounts? = nil) throws(CaptureError) -> String? {
        for file in try files(since: start) {
            if let reason = try figures(file)[figure]?.reason { return "\(file.process.executable): \(reason)" }
        }
        return nil
    }

    /// Whether what libdispatch allocates for itself cannot be told from the service's own allocations.
    func mixesDispatch(since start: ServiceCounts) throws(CaptureError) -> Bool {
        for file in try files(since: start) {
            if try reading({ () throws(ProbeError) in try file.mixesDispatch() }) { return true }
        }
        return false
    }

    /// Whether the service has tasks, and whether they are counted.
    enum Tasks: Sendable, Equatable {
        /// None of its programs has the Swift concurrency runtime.
        case none
        case counted
        case unknown(String)
    }

    func tasks(since start: ServiceCounts? = nil) throws(CaptureError) -> Tasks {
        var result = Tasks.none
        for file in try files(since: start) {
            guard try runsSwiftTasks(file) else { continue }
            let figures = try figures(file)
            for figure in [ProbeFigure.tasksCreated, .tasksCompleted, .asyncLets] {
                if let reason = figures[figure]?.reason { return .unknown("\(file.process.executable): \(reason)") }
            }
            result = .counted
        }
        return result
    }

    /// The libraries that allocate for the service's processes.
    func allocators() throws(CaptureError) -> String? {
        let names = try files().filter(\.isCurrent).compactMap {
            $0.allocator.split(separator: "/").last.map(String.init)
        }
        return names.isEmpty ? nil : String(Set(names).sorted().joined(separator: ", ").prefix(200))
    }

    // MARK: one of its processes

    /// The running process that allocated most, which is looked at closer.
    package func busiest() throws(CaptureError) -> ProbedProcess {
        guard let process = try busiest(withTasks: false) else {
            throw .unreadable(url: folder, reason: "no process of the service has the probe in it")
        }
        return process
    }

    /// The tasks that are alive, with where they wait and where they were created, as pprof; nil where the service has
    /// no tasks.
    package func tasksProfile() async throws(CaptureError) -> [UInt8]? {
        try await busiest(withTasks: true)?.tasksProfile()
    }

    private func busiest(withTasks: Bool) throws(CaptureError) -> ProbedProcess? {
        var candidates: [(file: ProbeFile, allocations: UInt64)] = []
        for file in try files() where file.isCurrent {
            if withTasks, try !runsSwiftTasks(file) { continue }
            let counters = try reading { () throws(ProbeError) in try file.counters() }
            candidates.append((file, counters.ownAllocations))
        }
        guard let best = candidates.max(by: { $0.allocations < $1.allocations }) else { return nil }
        // Not worth a word is a shell that only waits for the service.
        let others = candidates.filter { $0.allocations > best.allocations / 10 }.count - 1
        return ProbedProcess(file: best.file, others: others, symbols: symbols)
    }

    // MARK: reading

    private func runsSwiftTasks(_ file: ProbeFile) throws(CaptureError) -> Bool {
        try reading { () throws(ProbeError) in try file.runsSwiftTasks() }
    }

    private func figures(_ file: ProbeFile) throws(CaptureError) -> [ProbeFigure: ProbeAvailability] {
        try reading { () throws(ProbeError) in try file.figures() }
    }

    /// Of the processes that run; with `start`, of those too that have ended since.
    private func files(since start: ServiceCounts?) throws(CaptureError) -> [ProbeFile] {
        let endedBefore = start?.ended
        return try files().filter { file in
            file.isCurrent || endedBefore.map { !$0.contains(file.process) } ?? false
        }
    }

    private func files() throws(CaptureError) -> [ProbeFile] {
        var result: [ProbeFile] = []
        for file in try reading({ () throws(ProbeError) in try ProbeFile.all(in: folder) }) {
            do throws(ProbeError) {
                result.append(try file.get())
            } catch .notAProbeFile, .size {
                // A program that is only just starting, or that ended before it had counted anything. One that goes on
                // without a file is missing from the processes that count.
                continue
            } catch {
                throw .unreadable(url: folder, reason: error.message)
            }
        }
        return result
    }

    private func reading<Value>(_ body: () throws(ProbeError) -> Value) throws(CaptureError) -> Value {
        do throws(ProbeError) {
            return try body()
        } catch {
            throw .unreadable(url: folder, reason: error.message)
        }
    }

    private func pause(_ time: Duration) async throws(CaptureError) {
        do { try await Task.sleep(for: time) } catch { throw .interrupted }
    }
}
