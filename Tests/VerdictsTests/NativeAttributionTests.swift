import Measures
import Plans
import Profiles
import Recordings
import Testing
import Verdicts

/// What the native probe's passes say about a regression.
@Suite struct NativeAttributionTests {
    private static let names: [UInt64: (name: String, file: String)] = [
        1: ("swift_allocObject", "/usr/lib/swift/linux/libswiftCore.so"),
        2: ("Shop.buildAuditTrail(entries:)", "/src/audit.swift"),
        3: ("Shop.handle(_:)", "/src/handle.swift"),
        4: ("swift_continuation_await", "/usr/lib/swift/linux/libswift_Concurrency.so"),
        5: ("Shop.waitForLogEntry()", "/src/leak.swift"),
        6: ("Shop.askBackend()", "/src/backend.swift"),
        7: ("Shop.recomputeChecksum(rounds:)", "/src/checksum.swift"),
    ]

    private static func profile(
        _ types: [(String, String)], _ samples: [AddressProfile.Sample], period: Int64 = 0, comments: [String] = []
    ) throws -> [UInt8] {
        var profile = AddressProfile(
            sampleTypes: types.map { .init(type: $0.0, unit: $0.1) }, samples: samples, modules: [])
        if period > 0 { profile.period = .init(type: .init(type: "cpu", unit: "nanoseconds"), value: period) }
        profile.comments = comments
        var symbols = Symbols()
        for (address, known) in names {
            symbols.places[address] = .init(
                function: .init(name: known.name, linkerName: known.name, file: known.file, line: 1), line: 1)
        }
        return try ProfileWriter.pprof(profile, symbols: symbols)
    }

    private static func stack(_ addresses: [UInt64], _ values: [Int64], state: String? = nil) -> AddressProfile.Sample {
        .init(
            frames: addresses.map { .address($0) }, values: values,
            labels: state.map { [.init(key: "state", text: $0)] } ?? [])
    }

    /// A pass of 100 requests on each side, and what is named for the metric.
    private func attribution(
        of metric: Metric, _ instrument: Explanation.Instrument, baseline: [String: [UInt8]],
        candidate: [String: [UInt8]], problems: [String: String] = [:]
    ) throws -> Attribution {
        var recording = Trial(metric, Array(repeating: 1e6, count: 8), Array(repeating: 9e6, count: 8)).recording
        for (side, profiles) in [(Side.baseline, baseline), (.candidate, candidate)] {
            var pass = Explanation(instrument: instrument, side: side, requests: 100)
            pass.ratePerSecond = 100
            pass.problems = problems
            for kind in profiles.keys { pass.profiles[kind] = kind }
            recording.explanations.append(pass)
        }
        let comparison = Comparison(recording)
        let budgets = Budgets(all: [.limit(metric, maxIncrease: 0.1)], source: "")
        let attributor = Attributor(comparison: comparison) { side, name in
            guard let bytes = (side == .candidate ? candidate : baseline)[name] else {
                return .failure(UnreadableProfile(reason: "\(name) is not there"))
            }
            return .success(bytes)
        }
        return try #require(attributor.attribute(Judge.judge(comparison, budgets: budgets)).first)
    }

    private func functions(_ attribution: Attribution) throws -> [Attribution.FunctionShare] {
        guard case .functions(let shares) = attribution.content else {
            Issue.record("\(attribution)")
            return []
        }
        return shares
    }

    @Test func allocationsAreChargedToTheServicesOwnFunction() throws {
        func recorded(_ extra: Int64, comments: [String] = []) throws -> [String: [UInt8]] {
            let types = [("alloc_objects", "count"), ("alloc_space", "bytes")]
            let samples = [Self.stack([1, 2, 3], [extra, extra * 24]), Self.stack([1, 3], [3500, 70_000])]
            return ["native.allocs": try Self.profile(types, samples, comments: comments)]
        }
        let attribution = try attribution(
            of: .allocationsPerRequest, .allocations, baseline: try recorded(0),
            candidate: try recorded(300, comments: ["of one process; 3 more of the service are not in it"]))
        let first = try #require(try functions(attribution).first)
        #expect(first.function == "Shop.buildAuditTrail(entries:)")
        #expect(first.cumulativeChange == 3)
        #expect(attribution.notes.contains("of one process; 3 more of the service are not in it"))
    }

    /// Of two ways to a function the one that gained is shown, with what it gained; the runtime's part of it is left out.
    @Test func theCallPathThatGainedIsShown() throws {
        func recorded(_ counts: [Int64]) throws -> [String: [UInt8]] {
            let stacks: [[UInt64]] = [[1, 2, 6], [1, 2, 4, 3], [1, 2, 7]]
            let samples = zip(stacks, counts).map { Self.stack($0, [$1, $1 * 24]) }
            return ["native.allocs": try Self.profile([("alloc_objects", "count"), ("alloc_space", "bytes")], samples)]
        }
        let attribution = try attribution(
            of: .allocationsPerRequest, .allocations, baseline: try recorded([900, 100, 100]),
            candidate: try recorded([900, 400, 150]))
        let first = try #require(try functions(attribution).first)
        #expect(first.function == "Shop.buildAuditTrail(entries:)")
        #expect(first.cumulativeChange == 3.5)
        #expect(first.path.map(\.function) == ["Shop.buildAuditTrail(entries:)", "Shop.handle(_:)"])
        #expect(first.pathChange == 3)
    }

    /// What was counted before the pass began is taken off.
    @Test func tasksAreChargedToWhoCreatedThem() throws {
        func creations(_ count: Int64) throws -> [UInt8] {
            try Self.profile([("tasks", "count")], [Self.stack([1, 6, 3], [count])])
        }
        let attribution = try attribution(
            of: .tasksCreatedPerRequest, .allocations,
            baseline: ["native.creations.before": try creations(50), "native.creations.after": try creations(50)],
            candidate: ["native.creations.before": try creations(50), "native.creations.after": try creations(250)])
        let first = try #require(try functions(attribution).first)
        #expect(first.function == "Shop.askBackend()")
        #expect(first.cumulativeChange == 2)
    }

    private static let cpuTypes = [("samples", "count"), ("cpu", "nanoseconds")]

    private func cpu(_ samples: Int64) throws -> [UInt8] {
        try Self.profile(Self.cpuTypes, [Self.stack([7, 3], [samples, samples * 1_000_000])], period: 1_000_000)
    }

    /// Ten looks at ten tasks that wait for a backend, at 100 requests a second: 0.1 s each.
    ///
    /// Tasks that are never done grow from look to look and are still there at the end; no request waits for them.
    @Test func latencyIsWaitingAndProcessorTimeWithoutWhatIsNeverDone() throws {
        func tasks(waiting: Int64, leaked: Int64) throws -> [UInt8] {
            try Self.profile(
                [("tasks", "count")],
                [
                    Self.stack([4, 6, 3], [waiting], state: "suspended on a continuation"),
                    Self.stack([4, 5], [leaked], state: "suspended on a continuation"),
                    Self.stack([3], [5], state: "running"),
                ])
        }
        var candidate = ["native.cpu.before": try cpu(10), "native.cpu.after": try cpu(30)]
        for index in 0..<10 {
            candidate["native.tasks.\(index)"] = try tasks(waiting: 10, leaked: Int64(index + 1) * 20)
        }
        candidate["native.left"] = try tasks(waiting: 0, leaked: 200)
        let baseline = ["native.cpu.before": try cpu(10), "native.cpu.after": try cpu(10)]
        let shares = try functions(
            try attribution(of: .latencyP50, .time, baseline: baseline, candidate: candidate))
        #expect(shares.first?.function == "Shop.askBackend()")
        #expect(shares.first.map { abs($0.cumulativeChange - 100_000_000) < 1 } == true, "\(shares)")
        #expect(shares.first { $0.function == "Shop.recomputeChecksum(rounds:)" } == nil)
        #expect(shares.allSatisfy { $0.function != "Shop.waitForLogEntry()" }, "\(shares)")
    }

    @Test func processorTimeIsTheDifferenceOfSamples() throws {
        let shares = try functions(
            try attribution(
                of: .cpuPerRequest, .time,
                baseline: ["native.cpu.before": try cpu(100), "native.cpu.after": try cpu(110)],
                candidate: ["native.cpu.before": try cpu(500), "native.cpu.after": try cpu(530)]))
        #expect(shares.first?.function == "Shop.recomputeChecksum(rounds:)")
        #expect(shares.first.map { abs($0.flatChange - 200_000) < 1 } == true, "\(shares)")
    }

    /// Fewer than three samples more are chance.
    @Test func aSampleMoreNamesNobody() throws {
        let attribution = try attribution(
            of: .cpuPerRequest, .time,
            baseline: ["native.cpu.before": try cpu(0), "native.cpu.after": try cpu(10)],
            candidate: ["native.cpu.before": try cpu(0), "native.cpu.after": try cpu(12)])
        #expect(attribution.content == .nothing)
        #expect(attribution.notes.first == "No function costs more than in the baseline, as far as the profiles tell.")
    }

    @Test func whatIsMissingIsSaid() throws {
        let attribution = try attribution(
            of: .latencyP50, .time, baseline: ["native.cpu.before": try cpu(1), "native.cpu.after": try cpu(1)],
            candidate: ["native.cpu.before": try cpu(1), "native.cpu.after": try cpu(9)],
            problems: ["native.tasks": "the list is full"])
        #expect(attribution.notes.contains("Where tasks waited is not known: the list is full"))
    }
}
