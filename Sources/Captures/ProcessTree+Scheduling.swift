package import Recordings

extension ProcessTree {
    /// Two files are read of each, so that a service with more of them would hold up the round.
    private static let mostThreads = 4096

    /// What the scheduler did with every living thread of the service, or why it cannot be read.
    ///
    /// Costs some 70 µs a thread, so it is for the two ends of a load and not for sampling during it.
    package func scheduling() -> Result<Scheduling, CaptureError> {
        var sum = ThreadSum()
        let ids: [Int32]
        switch members() {
        case .success(let members): ids = members
        case .failure(let error): return .failure(error)
        }
        for id in ids {
            for thread in ProcFile.entries("\(files)/\(id)/task") {
                let folder = "\(files)/\(id)/task/\(thread)"
                guard sum.threads < Self.mostThreads else {
                    return .failure(
                        .file(path: folder, reason: "not read, the service has more than \(Self.mostThreads) threads"))
                }
                if let failure = sum.add(folder) { return .failure(failure) }
            }
        }
        return .success(sum.scheduling)
    }
}

/// The counters of the threads read so far.
private struct ThreadSum {
    var threads = 0
    private var wait: UInt64? = 0
    /// Times a thread was given a processor.
    private var turns: UInt64 = 0
    private var voluntary: UInt64 = 0
    private var involuntary: UInt64 = 0

    var scheduling: Scheduling {
        // A kernel that does not count writes zeros; a service that has done anything has had a turn.
        Scheduling(
            queueWait: turns > 0 ? wait : nil, voluntarySwitches: voluntary, involuntarySwitches: involuntary)
    }

    /// Adds the thread whose folder it is, or nothing when it has ended; gives what cannot be read.
    mutating func add(_ folder: String) -> CaptureError? {
        // In this order: where the second file is there the thread lived, so the first is missing for another reason.
        let times = ProcFile.text(folder + "/schedstat")
        guard let status = ProcFile.text(folder + "/status") else { return nil }
        guard let voluntary = ProcFile.number("voluntary_ctxt_switches", in: status),
            let involuntary = ProcFile.number("nonvoluntary_ctxt_switches", in: status)
        else { return .file(path: folder + "/status", reason: "has no context switches") }
        threads += 1
        self.voluntary &+= voluntary
        self.involuntary &+= involuntary
        guard let times else {
            wait = nil
            return nil
        }
        // Nanoseconds on a processor, nanoseconds waiting for one, and turns.
        let fields = times.split { $0 == " " || $0 == "\n" }.map { UInt64($0) }
        guard fields.count == 3, let waited = fields[1], let turns = fields[2] else {
            return .file(path: folder + "/schedstat", reason: "is not three numbers")
        }
        wait = wait.map { $0 &+ waited }
        self.turns &+= turns
        return nil
    }
}
