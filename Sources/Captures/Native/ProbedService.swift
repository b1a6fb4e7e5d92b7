import ProbeReader

/// A service with the probe in it, from outside.
///
/// Reading costs the service nothing: what it counts lies in memory it shares.
package struct ProbedService: Sendable {
    private let folder: String
    private let tree: ProcessTree
    private let symbols: NativeSymbols

    package init(_ probe: PreloadedProbe, _ tree: ProcessTree, _ symbols: NativeSymbols) {
        folder = probe.folder
        self.tree = tree
        self.symbols = symbols
    }

    /// How long the service's counters must not move to be read, and how long they may take until then.
    private static let stillness = Duration.milliseconds(50)
    private static let longestWait = 40

    // MARK: counts

    /// What has been counted by now; throws when a process of the service does not count, since a sum without it would
    /// look like a measurement.
    func counts() throws(CaptureError) -> ServiceCounts {
        let files = try files()
        var result = ServiceCounts(processes: [:], running: [])
        var counted: Set<Int32> = []
        let running = Set(try tree.processIDs())
        for file in files {
            let process = file.process
            result.processes[process] = try reading { () throws(ProbeError) in try file.counters() }
            guard running.contains(process.pid), file.isCurrent else { continue }
            result.running.insert(process)
            counted.insert(process.pid)
        }
        if let missing = running.subtracting(counted).min() {
            throw .unreadable(
                url: tree.executable(of: missing) ?? "process \(missing)",
                reason: "the native probe is not in it: it is linked statically, or does not heed LD_PRELOAD")
        }
        return result
    }

    /// The same once the counters stand still, or as they are after two seconds.
    func stillCounts() async throws(CaptureError) -> ServiceCounts {
        var last = try counts()
        for _ in 0..<Self.longestWait {
            do { try await Task.sleep(for: Self.stillness) } catch { throw .interrupted }
            let next = try counts()
            if next.allocations == last.allocations, next.tasksCreated == last.tasksCreated { return next }
            last = next
        }
        return last
    }

    /// Why the service's allocations are not known; nil when they are.
    func problemOfAllocations() throws(CaptureError) -> String? {
        for file in try files() {
            if let reason = try figures(file)[.allocations]?.reason { return "\(file.process.executable): \(reason)" }
        }
        return nil
    }

    /// Why the service's live bytes are not known; nil when they are.
    func problemOfLiveBytes() throws(CaptureError) -> String? {
        for file in try files() {
            if let reason = try figures(file)[.liveBytes]?.reason { return "\(file.process.executable): \(reason)" }
        }
        return nil
    }

    /// Whether the service has tasks, and whether they are counted.
    enum Tasks: Sendable, Equatable {
        /// None of its programs has the Swift concurrency runtime.
        case none
        case counted
        case unknown(String)
    }

    func tasks() throws(CaptureError) -> Tasks {
        var result = Tasks.none
        for file in try files() where file.runsSwiftTasks {
            let figures = try figures(file)
            for figure in [ProbeFigure.tasksCreated, .tasksCompleted, .asyncLets] {
                if let reason = figures[figure]?.reason { return .unknown("\(file.process.executable): \(reason)") }
            }
            result = .counted
        }
        return result
    }

    private func figures(_ file: ProbeFile) throws(CaptureError) -> [ProbeFigure: ProbeAvailability] {
        try reading { () throws(ProbeError) in try file.figures() }
    }

    /// The libraries that allocate for the service's processes.
    func allocators() throws(CaptureError) -> String? {
        let names = try files().filter(\.isCurrent).compactMap {
            $0.allocator.split(separator: "/").last.map(String.init)
        }
        return names.isEmpty ? nil : Set(names).sorted().joined(separator: ", ")
    }

    // MARK: profiles

    /// The running process that allocated most: of a service with several, its workers are alike.
    private func busiest() throws(CaptureError) -> ProbeFile {
        var best: (file: ProbeFile, allocations: UInt64)?
        for file in try files() where file.isCurrent {
            let counters = try reading { () throws(ProbeError) in try file.counters() }
            if counters.ownAllocations >= best?.allocations ?? 0 { best = (file, counters.ownAllocations) }
        }
        guard let best else { throw .unreadable(url: folder, reason: "no process of the service has the probe in it") }
        return best.file
    }

    /// Makes the busiest process record the stack of every allocation from now on, and whether it was freed.
    package func recordAllocations() throws(CaptureError) {
        let file = try busiest()
        try reading { () throws(ProbeError) in
            try file.set(try file.mode().union([.exactStacks, .liveBlocks]))
        }
    }

    /// What was recorded since ``recordAllocations()``, as pprof: `alloc_objects`, `alloc_space`, `inuse_space`.
    package func allocationsProfile() async throws(CaptureError) -> [UInt8] {
        let file = try busiest()
        return try await symbols.pprof(try reading { () throws(ProbeError) in try file.allocations() })
    }

    /// Samples of processor time since the start, as pprof.
    package func processorProfile() async throws(CaptureError) -> [UInt8] {
        let file = try busiest()
        return try await symbols.pprof(try reading { () throws(ProbeError) in try file.cpu() })
    }

    /// The tasks that are alive, with where they wait and where they were created, as pprof; nil where there are none.
    package func tasksProfile() async throws(CaptureError) -> [UInt8]? {
        guard let file = try files().last(where: { $0.isCurrent && $0.runsSwiftTasks }) else { return nil }
        return try await symbols.pprof(try reading { () throws(ProbeError) in try file.tasks() })
    }

    // MARK: reading

    private func files() throws(CaptureError) -> [ProbeFile] {
        let all = try reading { () throws(ProbeError) in try ProbeFile.all(in: folder) }
        // A process that is only just starting has not finished its file; if it goes on without one, it is missing
        // from the processes that count.
        return all.compactMap { try? $0.get() }
    }

    private func reading<Value>(_ body: () throws(ProbeError) -> Value) throws(CaptureError) -> Value {
        do throws(ProbeError) {
            return try body()
        } catch {
            throw .unreadable(url: folder, reason: error.message)
        }
    }
}
