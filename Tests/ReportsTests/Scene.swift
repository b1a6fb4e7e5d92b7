import Measures
import Plans
import Profiles
import Reports

@testable import Recordings
@testable import Verdicts

/// A recording built by hand, with the budgets it is judged by.
struct Scene {
    /// Values per side and metric, one per round; a single value stands for every round.
    var baseline: [MetricKey: [Double]]? = [:]
    var candidate: [MetricKey: [Double]] = [:]
    var rounds = 8
    /// Rounds planned at most; nil where all of them were made.
    var planned: Int?
    /// Nil where the run failed.
    var ending: Recording.Ending? = .planned
    var environment: @Sendable (Side, _ round: Int) -> Environment = { _, _ in
        Environment(steal: 0.004, loadAverage: 1.2)
    }
    /// What the kernel did with the service's processes in the steady load; nil where it was not read.
    var spent: @Sendable (Side, _ round: Int) -> Spent? = { _, _ in nil }
    /// Why something was not read in the steady load.
    var problems: @Sendable (Side, _ round: Int) -> [String: String] = { _, _ in [:] }
    var steps = ["list items", "order"]
    var budgets: [Budget] = []
    var attributions: [Attribution] = []
    var candidateName = "working tree (dirty)"
    var baselineName = "main (merge base 0a1b2c3d)"
    var failure: String?
    /// Failed exchanges of each step in every round of the candidate.
    var failures: [FailureCount] = []
    var absent: [Metric: String] = [:]
    var voided: [Int: String] = [:]
    var unsettled: [Metric] = []
    /// Whether the candidate got its load twice.
    var repeats = false
    /// What is done to every half-round's load once it is there.
    var adjust: @Sendable (inout LoadSummary) -> Void = { _ in }
    /// Judges the candidate against the baseline of another recording, made on this machine.
    var storedOn: Machine?
    var folder: String? = ".perfgate/20261123T203712Z-1f2e3d4c"

    static let machine = Machine(
        cpu: "AMD EPYC 7B13", architecture: "x86_64", cores: 2, memoryBytes: 8_232_116_224, kernel: "6.1.0-18-amd64",
        system: "Debian GNU/Linux 12", cpuLimit: 2, memoryLimitBytes: nil, clockSource: "kvm-clock")

    /// The report on the scene, judged by the real rule.
    var report: Report {
        let verdict = Judge.judge(comparison, budgets: Budgets(all: budgets, source: ""))
        return Report(verdict: verdict, comparison: comparison, attributions: attributions, folder: folder)
    }

    /// Explains as a run does that has no profiles.
    mutating func explain() {
        let verdict = Judge.judge(comparison, budgets: Budgets(all: budgets, source: ""))
        attributions = Attributor(comparison: comparison) { _, _ in .failure(UnreadableProfile(reason: "none")) }
            .attribute(verdict)
    }

    var comparison: Comparison {
        let recording = self.recording(id: "20261123T203712Z-1f2e3d4c", machine: Self.machine)
        guard let storedOn else { return Comparison(recording) }
        let stored = self.recording(id: "20261101T080000Z-00c0ffee", machine: storedOn)
        return Comparison(candidate: .init(recording, .candidate), baseline: .init(stored, .baseline))
    }

    private func recording(id: String, machine: Machine) -> Recording {
        var sides = [
            SideDescription(
                role: .candidate, name: candidateName, commit: "1f2e3d4c5b6a79880f1e2d3c4b5a69788f9e0d1c",
                command: "bin/api --listen 127.0.0.1:8080")
        ]
        if baseline != nil {
            sides.insert(
                SideDescription(
                    role: .baseline, name: baselineName, commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
                    command: "bin/api --listen 127.0.0.1:8080"), at: 0)
        }
        var recording = Recording(
            tool: "0.1.0", id: id, startedAt: "2026-11-23T20:37:12Z", seed: 42,
            plan: .init(file: "perfgate.yml", text: "version: 1\n"),
            budgets: .init(file: "thresholds.json", text: "{}"), machine: machine, sides: sides,
            plannedRounds: planned ?? max(1, rounds - voided.count))
        recording.seconds = 112
        recording.failure = failure
        recording.ending = failure == nil ? ending : nil
        for number in 0..<rounds {
            let candidate = half(.candidate, number)
            let baseline = baseline == nil ? nil : half(.baseline, number)
            let halves = number.isMultiple(of: 2) ? [baseline, candidate] : [candidate, baseline]
            recording.rounds.append(
                Round(number: number + 1, halves: halves.compactMap { $0 }, voided: voided[number + 1]))
        }
        return recording
    }

    private func half(_ side: Side, _ round: Int) -> HalfRound {
        var load = LoadSummary(stepNames: steps, requestedRate: 500)
        for index in load.steps.indices {
            for request in 0..<1000 {
                let drift = (side == .candidate ? 7 * round % 8 : round) * 10_000
                let latency = UInt64(1_000_000 + 2_000 * request + drift + 500_000 * index)
                load.steps[index].latency.record(latency)
                load.total.latency.record(latency)
                load.lateness.record(UInt64(20_000 + 10 * request))
            }
            if side == .candidate {
                load.steps[index].failures = failures
                load.steps[index].slowest = [
                    ExchangeRecord(
                        trace: "6b1f0c0000000000000000000000000\(round % 10)", due: 1_200_000_000,
                        latency: UInt64(3_500_000 + 10_000 * round + 500_000 * index),
                        timing: ExchangeTiming(wait: 400_000, firstByte: 3_000_000, body: 100_000), reason: nil)
                ]
            }
            let failed = side == .candidate ? failures.reduce(0) { $0 + $1.count } : 0
            load.steps[index].failed = failed
            load.steps[index].completed = 1000 - failed
            load.total.failed += failed
            load.total.completed += 1000 - failed
        }
        load.total.failures = load.steps.first?.failures ?? []
        load.arrivals = 1000
        load.flowsCompleted = 1000
        load.elapsed = 2_010_000_000
        load.dispatchSpan = 2_000_000_000
        adjust(&load)
        var half = HalfRound(
            side: side, load: load, before: Capture(), after: Capture(), window: Window(),
            environment: environment(side, round + 1))
        if let spent = spent(side, round + 1) { half.window = Window(spent) }
        half.window.problems = problems(side, round + 1)
        // A search yields its rate and nothing else.
        for (index, step) in ([nil] + steps.map(Optional.some)).enumerated() where load.capacity == nil {
            let summary = index == 0 ? load.total : load.steps[index - 1]
            for metric in [Metric.latencyP50, .latencyP90, .latencyP99] {
                guard let quantile = metric.quantile, let value = summary.latency.value(at: quantile) else { continue }
                half.values[MetricKey(metric, step: step)] = Double(value)
            }
            half.values[MetricKey(.errorsRate, step: step)] =
                Double(summary.failed) / Double(max(1, summary.exchanges))
        }
        let own = side == .candidate ? candidate : baseline ?? [:]
        for (key, values) in own { half.values[key] = values[round % values.count] }
        if side == .candidate, repeats { half.repetition = Repetition(requests: 2000, after: Capture()) }
        if side == .candidate {
            half.absent = absent
            for metric in absent.keys { half.values[MetricKey(metric)] = nil }
            half.unsettled = unsettled
        }
        return half
    }
}

extension Window {
    /// Two readings, between which this was spent.
    fileprivate init(_ spent: Spent) {
        self.init()
        func counters(_ cpu: UInt64, _ minorFaults: UInt64?, _ majorFaults: UInt64?) -> ProcessCounters {
            var counters = ProcessCounters(
                cpu: cpu, resident: 1, peakResident: 1, threads: 4, descriptors: 8, processes: [4711])
            counters.minorFaults = minorFaults
            counters.majorFaults = majorFaults
            return counters
        }
        start = counters(0, 0, 0)
        start?.scheduling = Scheduling(queueWait: 0, voluntarySwitches: 0, involuntarySwitches: 0)
        end = counters(spent.cpu, spent.minorFaults, spent.majorFaults)
        guard let voluntary = spent.voluntarySwitches, let involuntary = spent.involuntarySwitches else { return }
        end?.scheduling = Scheduling(
            queueWait: spent.queueWait, voluntarySwitches: voluntary, involuntarySwitches: involuntary)
    }
}

extension Budget {
    /// A budget as a line of `thresholds.json`.
    static func limit(
        _ metric: Metric, step: String? = nil, max maximum: Double? = nil, min minimum: Double? = nil,
        maxIncrease: Double? = nil, maxDecrease: Double? = nil, floor: Double = 0, severity: Severity = .error,
        accepted: Acceptance? = nil, line: Int = 4
    ) -> Budget {
        Budget(
            metric: metric, step: step, maximum: maximum, minimum: minimum, maximumIncrease: maxIncrease,
            maximumDecrease: maxDecrease, floor: floor, severity: severity, decide: .proven, accepted: accepted,
            place: Place(file: "thresholds.json", line: line, column: 5, path: "budgets.\(metric.rawValue)"))
    }
}
