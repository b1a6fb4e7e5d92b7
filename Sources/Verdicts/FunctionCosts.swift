import Measures
import Profiles
import Recordings

/// What every function of one side costs per request.
struct FunctionCosts {
    struct Cost {
        var file: String
        var line: Int
        var flat: Double
        var cumulative: Double
    }

    /// By name: two builds of a service share no addresses, and the same file lies in different folders.
    private var costs: [String: Cost]
    private(set) var notes: [String] = []

    static let none = FunctionCosts()

    private init() {
        costs = [:]
    }

    /// From the pass made to explain, or, for allocations, from the sampled profiles of the rounds.
    init(
        _ subject: Comparison.Subject, metric: Metric, sampleType: String?,
        read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        costs = [:]
        let pass = subject.recording.explanations.first {
            $0.side == subject.side && $0.instrument == metric.instrument
        }
        if let pass, let problem = pass.problems["pass"] { throw UnreadableProfile(reason: problem) }
        guard let sampleType else {
            guard let pass else { throw UnreadableProfile(reason: "there was no pass to explain time") }
            try addTimes(pass, read)
            return
        }
        if let pass, pass.requests > 0 {
            try addPass(pass, sampleType, read)
        } else {
            try addRounds(subject, sampleType, read)
        }
    }

    /// Functions that cost more than in `baseline`, the likeliest cause first.
    ///
    /// A function is a likely cause when much of the increase passes through it and little else does: increase of the
    /// cumulative cost × the share of that cost which is new. Callers of the cause carry old costs as well and fall
    /// behind; what the cause calls carries a part of the increase only.
    func shares(against baseline: FunctionCosts, most: Int = 12) -> [Attribution.FunctionShare] {
        var scored: [(score: Double, share: Attribution.FunctionShare)] = []
        for (name, cost) in costs {
            let before = baseline.costs[name]
            let share = Attribution.FunctionShare(
                function: name, file: cost.file, line: cost.line, flatBaseline: before?.flat ?? 0,
                flatCandidate: cost.flat, cumulativeBaseline: before?.cumulative ?? 0,
                cumulativeCandidate: cost.cumulative)
            let increase = share.cumulativeChange
            guard increase > 0, cost.cumulative > 0 else { continue }
            scored.append((increase * min(1, increase / cost.cumulative), share))
        }
        scored.sort {
            ($1.score, $1.share.cumulativeChange, $0.share.function)
                < ($0.score, $0.share.cumulativeChange, $1.share.function)
        }
        let largest = scored.first?.score ?? 0
        return scored.prefix(most).filter { $0.score >= largest / 100 }.map(\.share)
    }

    // MARK: reading

    private mutating func addPass(
        _ pass: Explanation, _ sampleType: String, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        if sampleType == "cpu" {
            let cpu = try profile("cpu", pass.profiles, pass.problems, read)
            try add(from: nil, to: cpu, "cpu", per: Double(pass.requests))
            notes.append("Processor time is sampled a hundred times a second, in a pass of its own.")
        } else {
            let before = try profile("heap.before", pass.profiles, pass.problems, read)
            let after = try profile("heap.after", pass.profiles, pass.problems, read)
            try add(from: before, to: after, sampleType, per: Double(pass.requests))
            notes.append("Every allocation was recorded, in a pass of its own.")
        }
    }

    private mutating func addRounds(
        _ subject: Comparison.Subject, _ sampleType: String, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        guard sampleType != "cpu" else { throw UnreadableProfile(reason: "there was no pass to explain time") }
        let halves = subject.sided.halves
        let requests = halves.reduce(0.0) { $0 + Double($1.half.load.total.exchanges) }
        guard requests > 0 else { throw UnreadableProfile(reason: "no request was made") }
        let kind = sampleType.hasPrefix("inuse") ? "heap" : "allocs"
        for (_, half) in halves {
            let before = try profile(kind, half.before.profiles, half.before.problems, read)
            let after = try profile(kind, half.after.profiles, half.after.problems, read)
            try add(from: before, to: after, sampleType, per: requests)
        }
        notes.append("Allocations are sampled (one per 512 KiB on average), so small shares are uncertain.")
    }

    /// Little's law: tasks present in a function on average ÷ requests per second = time each request spends there.
    private mutating func addTimes(
        _ pass: Explanation, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        let names = pass.profiles.filter { $0.key.hasPrefix("goroutine.") }.map(\.value).sorted()
        guard !names.isEmpty, let rate = pass.ratePerSecond, rate > 0 else {
            throw UnreadableProfile(reason: "no task was looked at during the load")
        }
        let weight = 1e9 / rate / Double(names.count)
        for name in names {
            let dump: TaskDump
            do {
                dump = try TaskDump(goroutineProfile: try Profile(pprof: try read(name).get()))
            } catch let error as UnreadableProfile {
                throw error
            } catch {
                throw UnreadableProfile(reason: "\(name): \(error)")
            }
            for group in dump.groups { add(group, weight) }
        }
        notes.append(
            "Time per request by where tasks were, from \(names.count) looks at all of them during a pass of its own.")
    }

    private mutating func add(_ group: TaskGroup, _ weight: Double) {
        let value = Double(group.count) * weight
        var seen: Set<String> = []
        for (depth, frame) in group.frames.enumerated() where seen.insert(frame.function).inserted {
            var cost = costs[frame.function] ?? Cost(file: frame.file, line: frame.line, flat: 0, cumulative: 0)
            cost.cumulative += value
            if depth == 0 {
                cost.flat += value
                cost.line = frame.line
            }
            costs[frame.function] = cost
        }
    }

    private mutating func add(
        from before: Profile?, to after: Profile, _ sampleType: String, per requests: Double
    ) throws(UnreadableProfile) {
        let difference: ProfileDifference
        do {
            difference = try ProfileDifference(from: before, to: after, sampleType: sampleType)
        } catch {
            throw UnreadableProfile(reason: error.message)
        }
        guard requests > 0 else { throw UnreadableProfile(reason: "no request was made") }
        for row in difference.rows {
            var cost = costs[row.function] ?? Cost(file: row.file, line: row.line, flat: 0, cumulative: 0)
            cost.flat += Double(row.flatChange) / requests
            cost.cumulative += Double(row.cumulativeChange) / requests
            costs[row.function] = cost
        }
    }

    private func profile(
        _ kind: String, _ names: [String: String], _ problems: [String: String],
        _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) -> Profile {
        guard let name = names[kind] else {
            let reason = problems[kind] ?? problems["profile \(kind)"] ?? "it was not captured"
            throw UnreadableProfile(reason: "no \(kind) profile: \(reason)")
        }
        let bytes = try read(name).get()
        do {
            return try Profile(pprof: bytes)
        } catch {
            throw UnreadableProfile(reason: "\(name): \(error.message)")
        }
    }
}
