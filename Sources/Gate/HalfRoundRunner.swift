import Captures
import LoadGen
import Measures
import Plans
import Profiles
import Recordings

/// One launch of one side: setup, warm-up, captures, steady load, captures, teardown.
struct HalfRoundRunner: Sendable {
    let plan: Plan
    /// Whether a budget asks for leaks, so that growth is worth a second load.
    let watchesLeaks: Bool
    let folder: RunFolder
    let seed: UInt64
    let listener: GateListener

    /// How long a count may take to stand still.
    private static let settleBound = Duration.seconds(5)
    /// Growth that is worth a second load.
    private static let worthRepeating = 1

    /// `name` is that of the round's files; `round` counts the valid ones.
    func run(_ target: Target, port: Int, name: String, round: Int, of rounds: Int) async throws -> HalfRound {
        let side = target.description.role
        func enter(_ phase: GateEvent.Phase) { listener(.phase(phase, side, round: round, of: rounds)) }
        let prefix = "\(name)-\(side.rawValue)"
        enter(.starting)
        let meter = EnvironmentMeter()
        return try await target.withService(port: port, log: folder.logPath(prefix)) { service in
            try await LoadGenerator.withGenerator(
                loads: plan.loads, scenario: plan.scenario, target: service.address,
                connection: service.connection, seed: seed
            ) { generator in
                let (half, problem) = try await generator.surrounding(
                    plan.scenario, serviceRunsOn: service.process == nil
                ) { part, work in
                    enter(part == .setup ? .settingUp : .tearingDown)
                    try await mustBeDone(side) {
                        try await service.running(during: "the \(part.rawValue)", work)
                    }
                } leftBehind: {
                    listener(.leftBehind($0))
                } _: {
                    try await measured(generator, service, side, meter, prefix: prefix, enter)
                }
                if let problem { throw problem }
                // What an interruption kept from being captured is no fault of the service.
                try Task.checkCancellation()
                enter(.stopping)
                return half
            }
        }
    }

    /// What lies between setup and teardown.
    private func measured(
        _ generator: LoadGenerator, _ service: RunningService, _ side: Side, _ meter: EnvironmentMeter,
        prefix: String, _ enter: (GateEvent.Phase) -> Void
    ) async throws -> HalfRound {
        var tasksPeak: Int?
        var window = Window()
        if plan.loads.contains(where: { $0.warmup > .zero }) {
            enter(.warmingUp)
            tasksPeak = try await service.running(during: "the warm-up") {
                _ = try await generator.openConnections()
                return try await sampled(
                    { try await generator.run(.warmup) },
                    every: .milliseconds(200), { try? await service.instrument.taskCount() }
                ).peak
            }
            try await generator.rest(plan.scenario)
        }
        let executables = try? service.tree.get().executables()
        enter(.settling)
        let before = try await capture(service, name: "\(prefix)-before")
        let load = try await service.running(during: "the load") {
            try await steady(generator, service, &window) { enter(.load) }
        }
        do throws(CaptureError) {
            if let now = try await service.instrument.taskCount() {
                if case .native = service.instrument, window.tasksPeak == nil {
                    window.problems["tasks"] = "the tasks could not be counted while the load was on"
                }
                window.tasksPeak = max(tasksPeak ?? 0, window.tasksPeak ?? 0, now)
            }
        } catch {
            window.problems["tasks"] = error.message
            window.tasksPeak = nil
        }
        try await service.mustRun(during: "the load")
        try await generator.rest(plan.scenario)
        enter(.settling)
        let after = try await capture(service, name: "\(prefix)-after", expected: before)
        let repetition = try await repeated(load, generator, service, before, after, name: "\(prefix)-again") {
            enter(.repeating)
        }
        try await service.mustRun(during: "the capture after the load")
        var half = HalfRound(
            side: side, load: load, before: before, after: after, window: window, environment: meter.environment())
        half.executables = executables
        half.repetition = repetition
        half.derive()
        return half
    }

    /// Without what surrounds it a load is not the one that was asked for.
    private func mustBeDone(_ side: Side, _ part: () async throws -> Void) async throws {
        do {
            try await part()
        } catch let error as LoadError where error.isOfPart {
            throw GateError.side(side, .undelivered(error.description))
        }
    }

    // MARK: the steady load

    private func steady(
        _ generator: LoadGenerator, _ service: RunningService, _ window: inout Window, _ begin: () -> Void
    ) async throws -> LoadSummary {
        _ = try await generator.openConnections()
        let meter = try await InstrumentMeter(starting: service.instrument, &window)
        begin()
        // What takes longest to read lies outermost, so that the counters of processor time span little but the load.
        let before = scheduling(service, &window)
        window.start = read(service, &window)
        window.start?.scheduling = before
        let counted = await reading(service, &window)
        let ((load, threads), tasks) = try await sampled(
            {
                try await sampled(
                    { try await generator.run(.steady(), onProgress: { listener(.load($0)) }) },
                    every: .milliseconds(100), { try? service.tree.get().threads() })
            }, every: .milliseconds(100), { service.instrument.tasksDuringLoad() })
        if let counted, let now = await reading(service, &window) {
            do throws(PerfCounter.Problem) {
                window.instructions = try now.since(counted)
            } catch {
                window.problems["instructions"] = error.message
            }
        }
        window.end = read(service, &window)
        let after = scheduling(service, &window)
        window.end?.scheduling = after
        window.threadsPeak = threads
        window.tasksPeak = tasks
        try await meter?.stop(&window)
        return load
    }

    /// By how much the share of failed requests may differ between two loads that are to tell the same.
    private static let tolerance = 0.001

    private static func fails(_ load: LoadSummary) -> Double {
        Double(load.total.failed + load.total.timedOut) / Double(max(1, load.total.exchanges))
    }

    /// The load once more where something was left behind, or nil where nothing was, where it could not be delivered, or
    /// where the service answered it with more failures: one that has run out of what it leaks leaks no more.
    private func repeated(
        _ first: LoadSummary, _ generator: LoadGenerator, _ service: RunningService, _ before: Capture,
        _ after: Capture, name: String, _ begin: () -> Void
    ) async throws -> Repetition? {
        func grew(_ count: (Capture) -> Int?) -> Bool {
            guard let before = count(before), let after = count(after) else { return false }
            return after - before >= Self.worthRepeating
        }
        // A search tells nothing of leaks, and another one would take as long.
        guard first.capacity == nil, watchesLeaks, grew({ $0.tasks }) || grew({ $0.process?.descriptors }) else {
            return nil
        }
        begin()
        let load = try await service.running(during: "the repeated load") {
            _ = try await generator.openConnections()
            return try await generator.run(.steady())
        }
        try await generator.rest(plan.scenario)
        // Whether the requests were sent in time does not matter here, only that they were made.
        if let problem = load.deliveryProblem(), !problem.isGeneratorsFault { return nil }
        guard load.total.exchanges > 0, Self.fails(load) <= Self.fails(first) + Self.tolerance else { return nil }
        let capture = try await capture(service, name: name, expected: after)
        return Repetition(requests: load.total.exchanges, after: capture)
    }

    private func read(_ service: RunningService, _ window: inout Window) -> ProcessCounters? {
        switch service.counters() {
        case .success(let counters): return counters
        case .failure(let unknown): window.problems["process"] = unknown.reason
        }
        return nil
    }

    /// What only informs may be missing; the reason is kept.
    private func scheduling(_ service: RunningService, _ window: inout Window) -> Scheduling? {
        switch (try? service.tree.get())?.scheduling() {
        case .success(let scheduling):
            if scheduling.queueWait == nil {
                window.problems["scheduling"] = "this kernel does not count how long threads wait for a processor"
            }
            return scheduling
        case .failure(let error): window.problems["scheduling"] = error.message
        case nil: break
        }
        return nil
    }

    private func reading(_ service: RunningService, _ window: inout Window) async -> PerfCounter.Reading? {
        if case .failure(let unknown) = service.tree { window.problems["instructions"] = unknown.reason }
        guard case .success = service.tree, let process = service.process else { return nil }
        do throws(PerfCounter.Problem) {
            return try await process.counted()
        } catch {
            window.problems["instructions"] = error.message
            return nil
        }
    }

    /// Does the work while taking readings at an interval; gives the result and the largest reading.
    private func sampled<Result: Sendable>(
        _ work: @Sendable () async throws -> Result, every interval: Duration,
        _ reading: @escaping @Sendable () async -> Int?
    ) async throws -> (result: Result, peak: Int?) {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                var peak: Int?
                while !Task.isCancelled {
                    if let value = await reading() { peak = max(peak ?? value, value) }
                    try? await Task.sleep(for: interval)
                }
                return peak
            }
            let result = try await work()
            group.cancelAll()
            let peak = try await group.next() ?? nil
            return (result, peak)
        }
    }

    // MARK: captures around it

    /// `expected` is the capture whose counts this one should fall back to.
    private func capture(_ service: RunningService, name: String, expected: Capture? = nil) async throws -> Capture {
        var capture = Capture()
        try await captureInside(service.instrument, name: name, expected: expected?.tasks, &capture)
        if capture.tasks == nil {
            capture.settled = try await settle(expected: expected?.process?.descriptors) {
                try? service.counters().get().descriptors
            }.settled
        }
        switch service.counters() {
        case .success(let counters):
            capture.process = counters
            capture.process?.descriptorKinds = (try? service.tree.get())?.descriptorKinds()
        case .failure(let unknown): capture.problems["process"] = unknown.reason
        }
        return capture
    }

    private func captureInside(
        _ instrument: Instrument, name: String, expected: Int?, _ capture: inout Capture
    ) async throws {
        var failure: CaptureError?
        let settled = try await settle(expected: expected) {
            do throws(CaptureError) { return try await instrument.taskCount() } catch {
                failure = error
                return nil
            }
        }
        capture.settled = settled.settled
        capture.tasks = settled.count
        if settled.count == nil, let failure { capture.problems["tasks"] = failure.message }
        do throws(CaptureError) {
            capture.liveHeap = try await instrument.liveHeap()
        } catch {
            capture.problems["heap"] = error.message
        }
        if case .none(let reason) = instrument {
            for figure in ["tasks", "heap"] { capture.problems[figure] = reason }
        }
        for kind in instrument.kinds {
            do throws(CaptureError) {
                guard let bytes = try await instrument.profile(kind) else { continue }
                capture.profiles[kind] = try store(bytes, "\(name)-\(kind).pb.gz")
            } catch {
                capture.problems["profile \(kind)"] = error.message
            }
        }
    }

    private func store(_ bytes: [UInt8], _ name: String) throws(CaptureError) -> String {
        do {
            return try folder.writeProfile(bytes, name: name)
        } catch {
            throw .file(path: name, reason: error.message)
        }
    }

    private func settle(
        expected: Int?, _ reading: () async throws -> Int?
    ) async throws -> (count: Int?, settled: Bool) {
        var settling = Settling(bound: Self.settleBound, expected: expected)
        while let count = try await reading() {
            switch settling.read(count) {
            case .wait(let pause): try await Task.sleep(for: pause)
            case .settled(let count): return (count, true)
            case .falling(let count): return (count, false)
            }
        }
        return (nil, true)
    }
}
