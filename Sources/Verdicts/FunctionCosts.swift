import Measures
import Profiles
import Recordings

/// What every function of one side costs per request.
struct FunctionCosts {
    struct Cost {
        var file: String
        /// Where the function was met first.
        var firstLine: Int
        var flat = 0.0
        var cumulative = 0.0
        /// What is charged to the function as the innermost one outside the standard library, in all and by line.
        var charge = 0.0
        var lines: [Int: Double] = [:]
        /// The same by call path, from the function outwards, by the names on it: two builds share no lines.
        var paths: [[String]: Path] = [:]

        struct Path {
            var frames: ArraySlice<Frame>
            var value = 0.0
        }

        init(file: String, line: Int) {
            self.file = file
            firstLine = line
        }

        /// The line most is charged to.
        var line: Int {
            lines.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? firstLine
        }
    }

    /// By name: two builds of a service share no addresses, and the same file lies in different folders.
    private var costs: [String: Cost]
    private(set) var notes: [String] = []
    /// Whether the profiles are the native probe's and not those of Go.
    private var isNative = false
    /// Whether the functions are those of native code: a service may serve the probe's profiles as if they were Go's.
    private var hasNativeFunctions = false
    /// The least that a function must be charged with more to be told from chance.
    private var leastChange = 0.0

    /// One sample more or less is chance: so many are needed for a function to be named.
    private static let leastSamples = 3.0
    /// Between two samples of processor time, in nanoseconds.
    private static let samplePeriod = 1e7

    /// How exact the numbers are, of the probe's records and of those of Go.
    static let recordedNote = "Recorded one by one in a pass of its own."
    static let recordedByGoNote =
        "Recorded one by one in a pass of its own; several objects under 16 bytes may share one record."

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
        if let pass, pass.isNative {
            isNative = true
            hasNativeFunctions = true
            if metric == .tasksCreatedPerRequest {
                let before = try profile("native.creations.before", pass.profiles, pass.problems, read)
                let after = try profile("native.creations.after", pass.profiles, pass.problems, read)
                try add(from: before, to: after, "tasks", per: Double(pass.requests))
                notes.append(Self.recordedNote)
                notes += after.comments.prefix(2)
            } else {
                try addNative(pass, sampleType, read)
            }
            return
        }
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
    /// The cause is sought in the service's own code: every stack's cost is charged to its innermost frame outside the
    /// standard library, and functions are ordered by how much more they are charged with. By flat cost alone a
    /// library function that does the work would stand for whoever calls it too often, by cumulative cost alone the
    /// function that serves every request would stand for everything.
    func shares(against baseline: FunctionCosts, most: Int = 12) -> [Attribution.FunctionShare] {
        var scored: [(charge: Double, share: Attribution.FunctionShare)] = []
        for (name, cost) in costs {
            let before = baseline.costs[name]
            let share = Attribution.FunctionShare(
                function: name, file: cost.file, line: cost.line, flatBaseline: before?.flat ?? 0,
                flatCandidate: cost.flat, cumulativeBaseline: before?.cumulative ?? 0,
                cumulativeCandidate: cost.cumulative)
            guard share.cumulativeChange > 0 else { continue }
            scored.append((cost.charge - (before?.charge ?? 0), share))
        }
        scored.sort {
            ($1.charge, $1.share.flatChange, $1.share.cumulativeChange, $0.share.function)
                < ($0.charge, $0.share.flatChange, $0.share.cumulativeChange, $1.share.function)
        }
        let largest = scored.first?.charge ?? 0
        return scored.prefix(most).filter { $0.charge > 0 && $0.charge >= max(leastChange, largest / 50) }.map {
            scored in
            var share = scored.share
            guard let path = gainedMost(share.function, against: baseline) else { return share }
            share.path = path.frames.enumerated().filter { $0.offset == 0 || !isOfRuntime($0.element) }.map(\.element)
            share.pathChange = path.value
            return share
        }
    }

    /// Of the paths to a function, the one whose cost grew most, with how much it grew; nil where none grew.
    private func gainedMost(_ function: String, against baseline: FunctionCosts) -> Cost.Path? {
        let before = baseline.costs[function]?.paths ?? [:]
        let gained = (costs[function]?.paths ?? [:]).map { names, path in
            (names: names, path: Cost.Path(frames: path.frames, value: path.value - (before[names]?.value ?? 0)))
        }
        let most = gained.max {
            $0.path.value != $1.path.value
                ? $0.path.value < $1.path.value : $1.names.lexicographicallyPrecedes($0.names)
        }
        return most.flatMap { $0.path.value > 0 ? $0.path : nil }
    }

    // MARK: reading

    private mutating func addPass(
        _ pass: Explanation, _ sampleType: String, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        if sampleType == "cpu" {
            let cpu = try profile("cpu", pass.profiles, pass.problems, read)
            try add(from: nil, to: cpu, "cpu", per: Double(pass.requests))
            let period = cpu.isByProbe ? Double(max(1, cpu.period)) : Self.samplePeriod
            leastChange = Self.leastSamples * period / Double(max(1, pass.requests))
            let often =
                cpu.isByProbe ? "once a \(Unit.time.text(period)) of each thread's time" : "a hundred times a second"
            notes.append(
                "Processor time is sampled \(often), in a pass of its own; what took fewer than three "
                    + "samples more is not named. More requests per round give more samples.")
        } else {
            let before = try profile("heap.before", pass.profiles, pass.problems, read)
            let after = try profile("heap.after", pass.profiles, pass.problems, read)
            try add(from: before, to: after, sampleType, per: Double(pass.requests))
            notes.append(after.isByProbe ? Self.recordedNote : Self.recordedByGoNote)
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

    /// Processor time is sampled; what waited is seen from where tasks were, and both together are what a request took.
    private mutating func addNative(
        _ pass: Explanation, _ sampleType: String?, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        guard let sampleType, sampleType != "cpu" else {
            let before = try profile("native.cpu.before", pass.profiles, pass.problems, read)
            let after = try profile("native.cpu.after", pass.profiles, pass.problems, read)
            try add(from: before, to: after, "cpu", per: Double(pass.requests))
            leastChange = Self.leastSamples * Double(max(1, after.period)) / Double(max(1, pass.requests))
            notes.append(
                "Processor time is sampled in a pass of its own, each thread once every "
                    + "\(Unit.time.text(Double(after.period))) of its time; what took fewer than three samples more is not "
                    + "named.")
            notes += after.comments.prefix(2)
            if sampleType == nil { try addTimes(pass, read) }
            return
        }
        let recorded = try profile("native.allocs", pass.profiles, pass.problems, read)
        try add(from: nil, to: recorded, sampleType, per: Double(pass.requests))
        notes.append(Self.recordedNote)
        notes += recorded.comments.prefix(2)
    }

    /// Little's law: tasks present in a function on average ÷ requests per second = time each request spends there.
    private mutating func addTimes(
        _ pass: Explanation, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) {
        let prefix = isNative ? "native.tasks." : "goroutine."
        let names = pass.profiles.compactMap { kind, name in
            kind.hasPrefix(prefix) ? Int(kind.dropFirst(prefix.count)).map { (index: $0, name: name) } : nil
        }
        .sorted { $0.index < $1.index }.map(\.name)
        // A native service need not have tasks.
        if isNative, names.isEmpty {
            if let problem = pass.problems["native.tasks"] {
                notes.append("Where tasks waited is not known: \(problem)")
            }
            return
        }
        guard !names.isEmpty, let rate = pass.ratePerSecond, rate > 0 else {
            throw UnreadableProfile(reason: "no task was looked at during the load")
        }
        let dumps = try names.map { name throws(UnreadableProfile) in try dump(name, read) }
        let left = try pass.profiles["native.left"].map { name throws(UnreadableProfile) in try dump(name, read) }
        let leaked = LeakedTasks(first: dumps.first, left: left)
        let weight = 1e9 / rate / Double(names.count)
        for (index, dump) in dumps.enumerated() {
            let progress = dumps.count > 1 ? Double(index) / Double(dumps.count - 1) : 1
            for group in dump.groups {
                // What runs is in the samples of processor time already.
                if isNative, group.state == .running { continue }
                let waiting = Double(group.count) - leaked.count(like: group, at: progress)
                if waiting > 0 { add(group.frames, waiting * weight) }
            }
        }
        notes.append(
            "Time per request by where tasks were, from \(names.count) looks at all of them during a pass of its own.")
    }

    private func dump(
        _ name: String, _ read: (String) -> Result<[UInt8], UnreadableProfile>
    ) throws(UnreadableProfile) -> TaskDump {
        let bytes = try read(name).get()
        do {
            return try TaskDump(profile: try Profile(pprof: bytes))
        } catch {
            throw UnreadableProfile(reason: "\(name): \(error)")
        }
    }

    /// Adds one stack, innermost frame first, with its cost per request.
    private mutating func add(_ frames: [Frame], _ value: Double) {
        // What answering perfgate's own questions costs is nothing of the service's.
        guard !frames.contains(where: { StandardLibrary.servesProfiles($0.function) }) else { return }
        let charged = frames.firstIndex { !isOfRuntime($0) } ?? 0
        var seen: Set<String> = []
        for (depth, frame) in frames.enumerated() where seen.insert(frame.function).inserted || depth == charged {
            var cost = costs[frame.function] ?? Cost(file: frame.file, line: frame.line)
            if depth == charged {
                cost.charge += value
                cost.lines[frame.line, default: 0] += value
                let path = frames[charged...]
                cost.paths[path.map(\.function), default: Cost.Path(frames: path)].value += value
            }
            if depth == 0 { cost.flat += value }
            // Recursion is counted once, where it is met first.
            if frames.firstIndex(where: { $0.function == frame.function }) == depth { cost.cumulative += value }
            costs[frame.function] = cost
        }
    }

    private func isOfRuntime(_ frame: Frame) -> Bool {
        hasNativeFunctions
            ? NativeFunction.isRuntime(frame.function, path: frame.file) : StandardLibrary.contains(frame.function)
    }

    private mutating func add(
        from before: Profile?, to after: Profile, _ sampleType: String, per requests: Double
    ) throws(UnreadableProfile) {
        guard requests > 0 else { throw UnreadableProfile(reason: "no request was made") }
        for (profile, sign) in [(before, -1.0), (after, 1.0)] {
            guard let profile else { continue }
            if profile.isByProbe { hasNativeFunctions = true }
            guard let column = profile.sampleTypeIndex(named: sampleType) else {
                throw UnreadableProfile(reason: "the profile has no \(sampleType)")
            }
            for stack in StackCounts(profile, column: column).stacks {
                add(stack.frames, sign * Double(stack.value) / requests)
            }
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
