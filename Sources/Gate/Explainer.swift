import Captures
import LoadGen
import Measures
import Plans
import ProbeReader
import Recordings
import Verdicts

/// Passes with instruments on, after the verdict and only for what regressed.
struct Explainer: Sendable {
    let plan: Plan
    let folder: RunFolder
    let seed: UInt64
    let listener: GateListener

    /// How often tasks are looked at during the load.
    static let snapshotInterval = Duration.milliseconds(50)
    static let mostSnapshots = 200

    func explain(_ verdict: Verdict, _ sides: Sides) async throws -> [Explanation] {
        guard plan.service.capture.pprof != nil || plan.service.capture.native == .auto else { return [] }
        var instruments: [Explanation.Instrument] = []
        for instrument in verdict.regressedMetrics.compactMap(\.instrument) where !instruments.contains(instrument) {
            instruments.append(instrument)
        }
        var result: [Explanation] = []
        for instrument in instruments {
            for target in sides.targets {
                // Without a command of its own the runtime cannot be told to record every allocation, nor can a probe be
                // preloaded.
                if target.command == nil, instrument == .allocations || plan.service.capture.pprof == nil { continue }
                listener(.explaining(instrument, target.description.role))
                result.append(try await pass(instrument, target))
            }
        }
        return result
    }

    private func pass(_ instrument: Explanation.Instrument, _ target: Target) async throws -> Explanation {
        let side = target.description.role
        var explanation = Explanation(instrument: instrument, side: side, requests: 0)
        let name = "explain-\(instrument.rawValue)-\(side.rawValue)"
        var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
        do {
            let port = try LoopbackPort.free(using: &ports)
            let extra = instrument == .allocations ? everyAllocation() : [:]
            let mode: ProbeMode = instrument == .time ? [.liveTasks, .cpu] : .liveTasks
            explanation = try await target.withService(
                port: port, extra: extra, mode: mode, log: folder.logPath(name)
            ) { service in
                try await LoadGenerator.withGenerator(
                    loads: plan.loads, scenario: plan.scenario, target: service.address,
                    connection: service.connection, seed: seed
                ) { generator in
                    var (result, problem) = try await generator.surrounding(
                        plan.scenario, serviceRunsOn: service.process == nil
                    ) {
                        listener(.leftBehind($0))
                    } _: {
                        if plan.loads.contains(where: { $0.warmup > .zero }) {
                            _ = try await generator.run(.warmup, onProgress: nil)
                        }
                        return try await explained(explanation, generator, service.instrument, name)
                    }
                    try Task.checkCancellation()
                    if let problem { result.problems["teardown"] = Gate.sentence(problem) }
                    return result
                }
            }
        } catch  where error.isInterruption {
            throw CaptureError.interrupted
        } catch {
            // An explanation that fails takes nothing from the verdict.
            explanation.problems["pass"] = Gate.sentence(error)
        }
        return explanation
    }

    private func explained(
        _ explanation: Explanation, _ generator: LoadGenerator, _ instrument: Instrument, _ name: String
    ) async throws -> Explanation {
        switch (instrument, explanation.instrument) {
        case (.go(let runtime), .allocations): try await allocations(generator, runtime, explanation, name)
        case (.go(let runtime), .time): try await time(generator, runtime, explanation, name)
        case (.native(let probed), .allocations): try await nativeAllocations(generator, probed, explanation, name)
        case (.native(let probed), .time): try await nativeTime(generator, probed, explanation, name)
        case (.none(let reason), _): throw CaptureError.unreadable(url: "the service", reason: reason)
        }
    }

    /// What makes a service that serves profiles record every allocation.
    ///
    /// The first is for a program of Go, the second for a Swift one with the probe linked in. The service's own debug
    /// settings are kept.
    private func everyAllocation() -> [String: String] {
        let own =
            plan.service.environment.last { $0.name == "GODEBUG" }?.value ?? ProcessEnvironment.current["GODEBUG"]
        let mode: ProbeMode = [.liveTasks, .exactStacks, .liveBlocks]
        return [
            "GODEBUG": (own.map { "\($0)," } ?? "") + "memprofilerate=1",
            "PERFGATE_PROBE_MODE": mode.environmentValue,
        ]
    }

    private func allocations(
        _ generator: LoadGenerator, _ runtime: GoRuntime, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        var explanation = explanation
        func heap(_ moment: String) async throws {
            // The runtime publishes an allocation two collections after it was made.
            _ = try await runtime.profile("heap", query: "gc=1")
            let bytes = try await runtime.profile("heap", query: "gc=1")
            explanation.profiles["heap.\(moment)"] = try folder.writeProfile(bytes, name: "\(name)-\(moment).pb.gz")
        }
        try await heap("before")
        explanation.requests = try await generator.run(.steady(), onProgress: nil).total.exchanges
        try await heap("after")
        return explanation
    }

    private func time(
        _ generator: LoadGenerator, _ runtime: GoRuntime, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        let (load, snapshots, cpu) = try await withThrowingTaskGroup(of: Reading.self) { group in
            // At most a day: a rate may be as slow as it likes.
            let seconds = Int(min(max(1, plan.expectedSeconds.rounded(.up)), 86_400))
            group.addTask {
                .processor(
                    try? await runtime.profile(
                        "profile", query: "seconds=\(seconds)", timeout: .seconds(seconds + 30)))
            }
            group.addTask {
                var taken: [[UInt8]] = []
                while !Task.isCancelled, taken.count < Self.mostSnapshots {
                    if let bytes = try? await runtime.profile("goroutine") { taken.append(bytes) }
                    try? await Task.sleep(for: Self.snapshotInterval)
                }
                return .tasks(taken)
            }
            group.addTask {
                .load(try await generator.run(.steady(), onProgress: nil))
            }
            var load: LoadSummary?
            var snapshots: [[UInt8]] = []
            var cpu: [UInt8]?
            var ended = 0
            while let reading = try await group.next() {
                switch reading {
                case .processor(let bytes):
                    cpu = bytes
                    ended += 1
                case .tasks(let taken): snapshots = taken
                case .load(let summary):
                    load = summary
                    ended += 1
                }
                // The snapshots go on until both others have ended.
                if ended == 2 { group.cancelAll() }
            }
            return (load, snapshots, cpu)
        }
        var explanation = explanation
        explanation.requests = load?.total.exchanges ?? 0
        if let cpu {
            explanation.profiles["cpu"] = try folder.writeProfile(cpu, name: "\(name)-cpu.pb.gz")
        } else {
            explanation.problems["cpu"] = "the service gave no CPU profile"
        }
        for (index, bytes) in snapshots.enumerated() {
            explanation.profiles["goroutine.\(index)"] = try folder.writeProfile(
                bytes, name: "\(name)-goroutine-\(index).pb.gz")
        }
        explanation.ratePerSecond = load.map { Double($0.total.exchanges) * 1e9 / Double(max(1, $0.elapsed)) }
        return explanation
    }

    private enum Reading: Sendable {
        case processor([UInt8]?)
        case tasks([[UInt8]])
        case load(LoadSummary)
    }
}
