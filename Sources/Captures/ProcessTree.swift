package import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// The processes of a service, read from `/proc`.
package struct ProcessTree: Sendable {
    /// The service's first process.
    package let root: Int32
    /// Whose children the service's processes become when their own parent ends.
    private let guardian: Int32?
    let files: String

    /// `files` is where the kernel shows processes.
    package init(root: Int32, guardian: Int32? = nil, files: String = "/proc") {
        self.root = root
        self.guardian = guardian
        self.files = files
    }

    /// Counters summed over the service's processes, or why they cannot be read.
    package func counters() -> Result<ProcessCounters, CaptureError> {
        var total = ProcessCounters(
            cpu: 0, resident: 0, peakResident: 0, threads: 0, descriptors: 0, processes: [])
        var (minorFaults, majorFaults): (UInt64, UInt64) = (0, 0)
        let ids: [pid_t]
        switch members() {
        case .success(let members): ids = members
        case .failure(let error): return .failure(error)
        }
        for id in ids {
            switch counters(of: id) {
            case .success(let one):
                total.cpu &+= one.cpu
                total.resident &+= one.resident
                total.peakResident &+= one.peakResident
                total.threads += one.threads
                total.descriptors += one.descriptors
                total.processes += one.processes
                minorFaults &+= one.minorFaults ?? 0
                majorFaults &+= one.majorFaults ?? 0
            case .failure(let error):
                // A child that ended between the listing and the reading is no longer a member. One that lives but may
                // not be looked into would be missing from every sum, which would then look like measurements.
                if id == root || lives(id) { return .failure(error) }
            }
        }
        total.minorFaults = minorFaults
        total.majorFaults = majorFaults
        return .success(total)
    }

    /// Threads of all processes: the cheapest reading, for sampling during the load.
    package func threads() -> Int? {
        guard let members = try? members().get() else { return nil }
        let sum = members.reduce(0) { $0 + ProcFile.entries("\(files)/\($1)/task").count }
        return sum > 0 ? sum : nil
    }

    /// The files the service's processes run.
    package func executables() -> [String] {
        Set(((try? processIDs()) ?? []).compactMap { executable(of: $0) }).sorted()
    }

    /// The service's processes.
    func processIDs() throws(CaptureError) -> [pid_t] { try members().get() }

    /// Page faults of the ended children that each of these processes has waited for: whatever ran has had some.
    func faultsOfEndedChildren(of ids: some Sequence<pid_t>) -> [pid_t: UInt64] {
        ids.reduce(into: [:]) { $0[$1] = ProcFile.stat($1, in: files)?.childrenFaults }
    }

    /// The file a process runs; nil when it has ended.
    func executable(of id: pid_t) -> String? {
        ProcFile.target(of: "\(files)/\(id)/exe")
    }

    private static let mostProcesses = 4096

    /// The root, all its descendants that are alive, and those that were given up by a parent that ended; or why they
    /// cannot be known.
    func members() -> Result<[pid_t], CaptureError> {
        guard let stat = ProcFile.stat(root, in: files), stat.state != "Z" else {
            return .failure(.file(path: "\(files)/\(root)", reason: "the service's process is gone"))
        }
        // Without this list the root, often no more than a shell, would stand for the whole service.
        let list = "\(files)/\(root)/task/\(root)/children"
        guard ProcFile.text(list) != nil else {
            return .failure(.file(path: list, reason: "cannot be read, so the service's processes are not known"))
        }
        var result: Set<pid_t> = []
        var open = [root] + (guardian.map { children(of: $0) } ?? [])
        while let id = open.popLast() {
            guard !result.contains(id), let stat = ProcFile.stat(id, in: files), stat.state != "Z" else { continue }
            result.insert(id)
            // A bound, so that a service that forks without end cannot hold perfgate up.
            guard result.count <= Self.mostProcesses else {
                return .failure(
                    .file(
                        path: "\(files)/\(root)",
                        reason: "the service has more than \(Self.mostProcesses) processes"))
            }
            open += children(of: id)
        }
        return .success(result.sorted())
    }

    private func children(of id: pid_t) -> [pid_t] {
        ProcFile.entries("\(files)/\(id)/task").flatMap { thread in
            (ProcFile.text("\(files)/\(id)/task/\(thread)/children") ?? "").split(separator: " ")
                .compactMap { pid_t($0) }
        }
    }

    /// Whether a process has memory still; the first thing that one that ends gives up.
    func lives(_ id: pid_t) -> Bool {
        ProcFile.text("\(files)/\(id)/status").flatMap { ProcFile.number("VmRSS", in: $0) } != nil
    }

    private func counters(of id: pid_t) -> Result<ProcessCounters, CaptureError> {
        func failure(_ file: String) -> Result<ProcessCounters, CaptureError> {
            .failure(.file(path: "\(files)/\(id)/\(file)", reason: "cannot be read"))
        }
        guard let stat = ProcFile.stat(id, in: files) else { return failure("stat") }
        guard let cpu = Self.cpuTime(of: id) else { return failure("stat") }
        guard let status = ProcFile.text("\(files)/\(id)/status"),
            let resident = ProcFile.number("VmRSS", in: status),
            let peak = ProcFile.number("VmHWM", in: status)
        else { return failure("status") }
        let descriptors = ProcFile.entries("\(files)/\(id)/fd")
        // No descriptor at all is possible, but an unreadable folder looks the same; the folder itself decides.
        guard !descriptors.isEmpty || access("\(files)/\(id)/fd", R_OK) == 0 else { return failure("fd") }
        let name = UInt64(UInt32(bitPattern: id)) << 32 ^ stat.startTime
        var counters = ProcessCounters(
            cpu: cpu &+ stat.childrenTime &* Self.tick, resident: resident * 1024, peakResident: peak * 1024,
            threads: ProcFile.entries("\(files)/\(id)/task").count, descriptors: descriptors.count, processes: [name])
        counters.minorFaults = stat.minorFaults
        counters.majorFaults = stat.majorFaults
        return .success(counters)
    }

    /// Nanoseconds of a clock tick.
    private static let tick = 1_000_000_000 / UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// The process's processor-time clock: nanoseconds, all threads, ended ones included.
    ///
    /// The clock id of another process is made as `clock_getcpuclockid` makes it; the tick-based figures of `stat` are
    /// a thousand times coarser, so they serve only for children that have ended and have no clock any more.
    private static func cpuTime(of id: pid_t) -> UInt64? {
        var clock: clockid_t = 0
        guard clock_getcpuclockid(id, &clock) == 0 else { return nil }
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
