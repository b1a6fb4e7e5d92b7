import Measures
import Plans
import Profiles
import Recordings

@testable import Verdicts

extension Scene {
    static let usual: [Budget] = [
        .limit(.latencyP50, maxIncrease: 0.08, floor: 200_000, line: 5),
        .limit(.latencyP99, max: 250e6, maxIncrease: 0.25, floor: 1e6, severity: .warn, line: 6),
        .limit(.allocationsPerRequest, maxIncrease: 0.01, floor: 0.5, line: 7),
        .limit(.cpuPerRequest, maxIncrease: 0.05, floor: 20_000, line: 8),
        .limit(.tasksLeakedPer1000, max: 0, line: 9),
        .limit(.errorsRate, max: 0.001, line: 10),
    ]

    static func values(
        cpu: Double = 400_000, allocations: Double = 50, leaked: Double = 0, spread: Double = 1, turned: Bool = false
    ) -> [MetricKey: [Double]] {
        var noise = [0.004, -0.006, 0.002, 0.001, -0.003, 0.005, -0.002, 0.0].map { $0 * spread }
        if turned { noise.reverse() }
        return [
            MetricKey(.cpuPerRequest): noise.map { cpu * (1 + $0) },
            MetricKey(.allocationsPerRequest): [allocations], MetricKey(.tasksLeakedPer1000): [leaked],
            MetricKey(.throughput): noise.map { 499 * (1 + $0) },
        ]
    }

    static var passed: Scene {
        Scene(baseline: values(), candidate: values(cpu: 401_000, turned: true), budgets: usual)
    }

    /// A ramp of arrivals, and later users that wait for answers.
    static var severalLoads: Scene {
        var scene = passed
        scene.adjust = { load in
            var ramp = load
            ramp.requestedRate = 500
            ramp.steps = [load.steps[0]]
            ramp.total = load.steps[0]
            ramp.stages = [
                StageDelivery(requestedRate: 250, length: 1_000_000_000, arrivals: 250, lag: 40_000),
                StageDelivery(requestedRate: 750, length: 1_000_000_000, arrivals: 750, lag: 60_000),
            ]
            var users = load
            users.requestedRate = nil
            users.steps = [load.steps[1]]
            users.total = load.steps[1]
            users.arrivals = 900
            users.flowsCompleted = 900
            users.lateness = Histogram()
            load.requestedRate = nil
            load.loads = [
                LoadPart(name: "morning rush", start: 0, summary: ramp),
                LoadPart(name: "clerks <b>", start: 1_000_000_000, summary: users),
            ]
        }
        return scene
    }

    /// Searches for the capacity, of which the last is told.
    static var capacity: Scene {
        let rates: [Double] = [707, 707, 730, 707, 685, 707, 707, 730]
        var scene = Scene(
            baseline: [MetricKey(.throughputAtBudget): rates],
            candidate: [MetricKey(.throughputAtBudget): rates.reversed().map { $0 * 0.8 }],
            budgets: [.limit(.throughputAtBudget, min: 300, maxDecrease: 0.1, line: 5)])
        let absent = Metric.allCases.filter { $0 != .throughputAtBudget }.map {
            ($0, "the load searched for the capacity")
        }
        scene.absent = Dictionary(uniqueKeysWithValues: absent)
        scene.adjust = { load in
            load.requestedRate = 707.10678
            load.capacity = CapacityRecord(
                windows: [
                    .init(rate: 100, requests: 200, outcome: .held),
                    .init(rate: 5000, requests: 1800, outcome: .missed, reason: "7800 of 10000 arrivals <b>waited"),
                    .init(
                        rate: 707.10678, requests: 20, outcome: .undelivered,
                        reason: "the load generator's thread was busy 90 % of the time"),
                    .init(rate: 707.10678, requests: 1414, outcome: .held),
                ], ending: .found, errorLimit: 0.001)
        }
        scene.explain()
        return scene
    }

    static var functions: Scene {
        var scene = Scene(
            baseline: values(), candidate: values(cpu: 402_000, allocations: 101, turned: true), budgets: usual)
        func share(
            _ function: String, _ file: String, _ line: Int, _ flat: (Double, Double), _ all: (Double, Double)
        )
            -> Attribution.FunctionShare
        {
            Attribution.FunctionShare(
                function: function, file: file, line: line, flatBaseline: flat.0, flatCandidate: flat.1,
                cumulativeBaseline: all.0, cumulativeCandidate: all.1)
        }
        var list = share(
            "example.com/api/items.(*Store).List", "/home/ci/api/items/store.go", 61, (10, 22), (20, 66))
        list.path = [
            Frame(function: list.function, file: list.file, line: list.line),
            Frame(function: "example.com/api/items.(*API).show", file: "/home/ci/api/items/api.go", line: 30),
            Frame(function: "main.main.func1", file: "/home/ci/cmd/api/main.go", line: 18),
        ]
        list.pathChange = 42
        scene.attributions = [
            Attribution(
                metric: .allocationsPerRequest,
                content: .functions([
                    list,
                    share(
                        "encoding/json.(*decodeState).object", "/usr/lib/go/src/encoding/json/decode.go", 780,
                        (4, 34), (6, 44)),
                    share("strings.(*Builder).grow", "/usr/lib/go/src/strings/builder.go", 65, (1, 7), (1, 7)),
                    share("fmt.Sprintf", "/usr/lib/go/src/fmt/print.go", 239, (2, 5), (2, 5)),
                ]),
                notes: [FunctionCosts.recordedByGoNote])
        ]
        return scene
    }

    static var leak: Scene {
        var scene = Scene(baseline: values(), candidate: values(leaked: 999.5, turned: true), budgets: usual)
        scene.repeats = true
        let sender = [
            Frame(
                function: "example.com/api/logging.Middleware.func1.1", file: "/home/ci/api/logging/log.go", line: 20),
            Frame(function: "example.com/api/logging.(*Sink).push", file: "/home/ci/api/logging/sink.go", line: 44),
        ]
        let creator = Frame(
            function: "example.com/api/logging.Middleware.func1", file: "/home/ci/api/logging/log.go", line: 18)
        scene.attributions = [
            Attribution(
                metric: .tasksLeakedPer1000,
                content: .tasks([
                    .init(
                        state: "chan send", before: 0, after: 15_880, share: 0.9932, frames: sender, createdBy: creator),
                    .init(
                        state: "IO wait", before: 3, after: 112, share: 0.0068,
                        frames: [
                            Frame(
                                function: "internal/poll.runtime_pollWait", file: "/usr/lib/go/src/runtime/netpoll.go",
                                line: 351)
                        ], createdBy: nil),
                ]),
                notes: [TaskAttribution.note])
        ]
        return scene
    }

    static var missing: Scene {
        var scene = passed
        scene.absent = [.allocationsPerRequest: "no instrument counts allocations of this service"]
        return scene
    }

    static var loadFailed: Scene {
        var scene = passed
        scene.rounds = 2
        scene.planned = 8
        scene.failure = "round 3, candidate: the service ended with signal 11 during the load"
        return scene
    }

    static var inconclusive: Scene {
        Scene(baseline: values(), candidate: values(cpu: 416_000, spread: -9, turned: true), budgets: usual)
    }

    static var improved: Scene {
        Scene(baseline: values(), candidate: values(cpu: 300_000, allocations: 20, turned: true), budgets: usual)
    }

    static var unanchored: Scene {
        Scene(baseline: nil, candidate: values(turned: true), budgets: usual)
    }

    static var stored: Scene {
        var scene = Scene(
            baseline: values(), candidate: values(cpu: 500_000, allocations: 60, turned: true), budgets: usual)
        scene.storedOn = Scene.machine
        scene.storedOn?.cpu = "Intel Xeon Platinum 8370C"
        scene.storedOn?.cores = 4
        return scene
    }

    static var accepted: Scene {
        var scene = Scene(baseline: values(), candidate: values(cpu: 436_000, turned: true), budgets: usual)
        scene.budgets[3].accepted = .init(upTo: 0.12, until: "2027-01-31", reason: "stronger checksum")
        return scene
    }

    static var errors: Scene {
        var scene = passed
        scene.failures = [
            FailureCount(
                reason: "status 500, expected 201", count: 12,
                traces: ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7d0e0e47364bf92f3"]),
            FailureCount(reason: "timed out after 10 s", count: 2, traces: []),
        ]
        scene.voided = [3: "the hypervisor took 12 % of the processor time"]
        scene.explain()
        return scene
    }

    /// Everything that comes from outside says something that must not be obeyed.
    static func hostile(_ text: String) -> Scene {
        var scene = functions
        scene.steps = [text, "order"]
        scene.candidateName = text
        scene.baselineName = text
        scene.folder = text
        scene.failures = [FailureCount(reason: text, count: 500, traces: [text])]
        scene.voided = [2: text]
        scene.failure = text
        scene.budgets.append(.limit(.latencyP90, step: text, max: 1, line: 11))
        scene.budgets.append(.limit(.tasksPeak, max: 1, line: 12))
        scene.absent = [.tasksPeak: text]
        let frames = [Frame](repeating: Frame(function: text, file: text, line: 7), count: 3)
        scene.attributions = [
            Attribution(
                metric: .allocationsPerRequest,
                content: .functions([
                    .init(
                        function: text, file: text, line: 1, flatBaseline: 1, flatCandidate: 2, cumulativeBaseline: 3,
                        cumulativeCandidate: 4)
                ]), notes: [text]),
            Attribution(
                metric: .latencyP90,
                content: .tasks([
                    .init(state: text, before: 0, after: 10, share: 1, frames: frames, createdBy: frames[0])
                ]), notes: [text]),
        ]
        return scene
    }

    static let hostileText =
        "</pre></details><img src=x onerror=alert(1)> | @octocat #123 GH-7 [x](https://evil.example) `rm` **b** _i_ "
        + "<!-- \n\n# heading\u{202E}\u{0007}\u{1B}[31m ]]> & www.evil.example ~~s~~ $x$ \\| ![i](u)"
}
