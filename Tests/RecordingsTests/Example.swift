import Measures
import Recordings

/// A half-round as a capture would leave it, with every instrument present.
enum Example {
    static func half(_ side: Side = .candidate) -> HalfRound {
        var load = LoadSummary(stepNames: ["list", "order"], requestedRate: 500)
        load.arrivals = 100
        load.flowsCompleted = 96
        load.flowsFailed = 4
        load.elapsed = 2_000_000_000
        load.dispatchSpan = 1_980_000_000
        for request in 1...200 {
            load.total.latency.record(UInt64(request) * 10_000)
            load.steps[request % 2].latency.record(UInt64(request) * 10_000)
            load.total.serviceTime.record(UInt64(request) * 9_000)
        }
        load.total.completed = 190
        load.total.failed = 8
        load.total.timedOut = 2
        load.total.checksFailed = 5
        load.total.failures = [FailureCount(reason: "status 500, expected 200", count: 8, traces: ["4bf9"])]
        load.steps[0].completed = 100
        load.steps[1].completed = 90
        load.steps[1].failed = 8
        load.steps[1].timedOut = 2
        load.steps[1].checksFailed = 5
        var half = HalfRound(
            side: side, load: load, before: capture(tasks: 10, heap: 1_000_000, descriptors: 7),
            after: capture(tasks: 210, heap: 1_500_000, descriptors: 8), window: Window(),
            environment: Environment(steal: 0.01, loadAverage: 0.5))
        half.window.start = process(cpu: 1_000_000_000, peak: 30_000_000, descriptors: 7)
        half.window.start?.scheduling = Scheduling(
            queueWait: 5_000_000, voluntarySwitches: 1000, involuntarySwitches: 10)
        half.window.end = process(cpu: 1_080_000_000, peak: 40_000_000, descriptors: 40)
        half.window.end?.scheduling = Scheduling(
            queueWait: 25_000_000, voluntarySwitches: 1300, involuntarySwitches: 60)
        half.window.end?.minorFaults = 4100
        half.window.end?.majorFaults = 4
        half.window.instructions = 30_000_050
        half.window.threadsPeak = 9
        half.window.tasksPeak = 250
        half.window.runtime = RuntimeWindow(
            mallocs: 20_200, allocatedBytes: 4_020_000, mallocsPerReading: 100, bytesPerReading: 10_000,
            idleMallocsPerSecond: 50, idleBytesPerSecond: 5_000, seconds: 2,
            collections: 3, pause: 600_000)
        return half
    }

    static func capture(tasks: Int?, heap: UInt64?, descriptors: Int) -> Capture {
        var capture = Capture()
        capture.tasks = tasks
        capture.liveHeap = heap
        capture.process = process(cpu: 1, peak: 30_000_000, descriptors: descriptors)
        capture.profiles = ["goroutine": "profiles/1-candidate-goroutine.pb.gz"]
        return capture
    }

    static func process(cpu: UInt64, peak: UInt64, descriptors: Int) -> ProcessCounters {
        var counters = ProcessCounters(
            cpu: cpu, resident: 20_000_000, peakResident: peak, threads: 8, descriptors: descriptors,
            processes: [4711, 4712])
        counters.minorFaults = 4000
        counters.majorFaults = 2
        return counters
    }

    static func recording(rounds: Int = 2) -> Recording {
        var recording = Recording(
            tool: "0.1.0", id: "20261123T203712Z-1f2e3d4c", startedAt: "2026-11-23T20:37:12Z", seed: .max,
            plan: .init(file: "perfgate.yml", text: "version: 1\n"), budgets: .init(file: "t.json", text: "{}"),
            machine: Machine(
                cpu: "cpu", architecture: "arm64", cores: 2, memoryBytes: 8 << 30, kernel: "6.1", system: "Debian 12",
                cpuLimit: 1.5, memoryLimitBytes: 4 << 30, clockSource: "tsc"),
            sides: [
                SideDescription(role: .baseline, name: "main", commit: "0a1b", command: "bin/api"),
                SideDescription(role: .candidate, name: "working tree", commit: nil, command: nil),
            ], plannedRounds: max(1, rounds))
        recording.seconds = 12.5
        for number in 0..<rounds {
            var halves = [half(.baseline), half(.candidate)]
            for index in halves.indices { halves[index].derive() }
            recording.rounds.append(Round(number: number + 1, halves: halves))
        }
        var explanation = Explanation(instrument: .allocations, side: .candidate, requests: 500)
        explanation.profiles = ["allocs.before": "profiles/allocs.pb.gz"]
        explanation.problems = ["cpu": "the profile is in use"]
        recording.explanations = [explanation]
        return recording
    }
}
