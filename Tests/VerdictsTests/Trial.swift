import Measures
import Plans
import Recordings
import Verdicts

/// Values per round for each side, judged through the public door.
struct Trial {
    var baseline: [MetricKey: [Double]]?
    var candidate: [MetricKey: [Double]] = [:]
    var requests = 1000
    /// Of the requests of each round.
    var failed = 0
    var baselineFailed = 0
    /// The candidate's search in every round.
    var capacity: CapacityRecord?
    var absent: [Metric: String] = [:]
    var unsettled: [Metric] = []
    var beganUnsettled = false
    var voided: [Int: String] = [:]
    /// What the probe saw of each side, if there is one.
    var native: [Side: NativeWindow] = [:]
    var failure: String?
    /// Rounds per side; by default as many as there are values.
    var rounds: Int?
    /// Rounds planned at most; by default those there are.
    var planned: Int?
    /// Compares with a recording of its own, made by this machine.
    var storedOn: Machine?
    var storedPlan = "plan"
    var storedFiles: [String: String]?
    var storedTool = "1.0.0"
    var storedFailure: String?
    /// What the candidate was built with, and what the baseline.
    var toolchain: String?
    var storedToolchain: String?

    /// Made once: its empty histograms are shared by every half-round.
    private static let load = LoadSummary(stepNames: ["list"], requestedRate: nil)

    static let machine = Machine(
        cpu: "cpu", architecture: "x86_64", cores: 2, memoryBytes: 8 << 30, kernel: "6.1", system: "Debian 12",
        cpuLimit: nil, memoryLimitBytes: nil, clockSource: "tsc")

    /// One metric on both sides.
    init(_ metric: Metric, _ baseline: [Double]?, _ candidate: [Double]) {
        self.baseline = baseline.map { [MetricKey(metric): $0] }
        self.candidate = [MetricKey(metric): candidate]
    }

    var recording: Recording { recording(id: "run", machine: Self.machine) }

    var comparison: Comparison {
        guard let storedOn else { return Comparison(recording) }
        var stored = recording(id: "stored", machine: storedOn)
        stored.plan.text = storedPlan
        stored.plan.named = storedFiles
        stored.tool = storedTool
        stored.failure = storedFailure
        return Comparison(candidate: .init(recording, .candidate), baseline: .init(stored, .baseline))
    }

    func judge(_ budgets: Budget...) -> Verdict {
        Judge.judge(comparison, budgets: Budgets(all: budgets, source: ""))
    }

    /// The first finding, as its kind and its sentence.
    func finding(_ budget: Budget) -> String {
        guard let finding = judge(budget).findings.first else { return "none" }
        return "\(finding.kind.rawValue): \(finding.reason)"
    }

    private func recording(id: String, machine: Machine) -> Recording {
        var sides = [SideDescription(role: .candidate, name: "branch", commit: nil, command: nil, toolchain: toolchain)]
        if baseline != nil {
            sides.append(
                SideDescription(role: .baseline, name: "main", commit: nil, command: nil, toolchain: storedToolchain))
        }
        let count = rounds ?? max(candidate.values.map(\.count).max() ?? 0, baseline?.values.map(\.count).max() ?? 0)
        var recording = Recording(
            tool: "1.0.0", id: id, startedAt: "2026-11-23T20:37:12Z", seed: 1, plan: .init(file: "p", text: "plan"),
            budgets: .init(file: "b", text: "{}"), machine: machine, sides: sides,
            plannedRounds: planned ?? max(1, count - voided.count))
        recording.failure = failure
        for index in 0..<count {
            var halves = [half(.candidate, candidate, index)]
            if let baseline { halves.append(half(.baseline, baseline, index)) }
            recording.rounds.append(Round(number: index + 1, halves: halves, voided: voided[index + 1]))
        }
        return recording
    }

    private func half(_ side: Side, _ values: [MetricKey: [Double]], _ round: Int) -> HalfRound {
        var load = Self.load
        let failed = side == .candidate ? self.failed : baselineFailed
        load.total.completed = requests - failed
        load.total.failed = failed
        load.total.failures = failed > 0 ? [FailureCount(reason: "status 500", count: failed, traces: [])] : []
        var half = HalfRound(
            side: side, load: load, before: Capture(), after: Capture(), window: Window(),
            environment: Environment(steal: nil, loadAverage: nil))
        half.window.native = native[side]
        for (key, list) in values where round < list.count { half.values[key] = list[round] }
        if side == .candidate {
            half.load.capacity = capacity
            half.absent = absent
            half.unsettled = unsettled
            half.before.settled = !beganUnsettled
        }
        return half
    }
}

extension Budget {
    static func limit(
        _ metric: Metric, step: String? = nil, max maximum: Double? = nil, min minimum: Double? = nil,
        maxIncrease: Double? = nil, maxDecrease: Double? = nil, floor: Double = 0, severity: Severity = .error,
        decide: Decision = .proven, accepted: Acceptance? = nil, line: Int = 1
    ) -> Budget {
        Budget(
            metric: metric, step: step, maximum: maximum, minimum: minimum, maximumIncrease: maxIncrease,
            maximumDecrease: maxDecrease, floor: floor, severity: severity, decide: decide, accepted: accepted,
            place: Place(file: "thresholds.json", line: line, column: 1, path: ""))
    }
}
