import Measures
import Recordings
import Testing

/// From what was captured to one value per metric, or to the reason why there is none.
@Suite struct HalfRoundValuesTests {
    private static let noCreations =
        "nothing counts the tasks that this service creates: it is not seen to have Swift tasks; remove the budget"

    private static let noSearch =
        "the load is no search for the capacity; use the executor find-capacity, in a plan of its own"

    /// Of a service whose created tasks nothing counts, which is no news.
    private func derived(_ change: (inout HalfRound) -> Void = { _ in }) -> HalfRound {
        var half = Example.half()
        change(&half)
        half.derive()
        if half.absent[.tasksCreatedPerRequest] == Self.noCreations {
            half.absent[.tasksCreatedPerRequest] = nil
        }
        if half.absent[.throughputAtBudget] == Self.noSearch { half.absent[.throughputAtBudget] = nil }
        return half
    }

    private func value(_ half: HalfRound, _ metric: Metric, step: String? = nil) -> Double? {
        half.values[MetricKey(metric, step: step)]
    }

    @Test func everyMetricHasAValue() {
        let half = derived()
        #expect(half.absent == [:])
        #expect(Metric.allCases.filter { value(half, $0) == nil } == [.throughputAtBudget, .tasksCreatedPerRequest])
        #expect(half.unsettled == [])
    }

    @Test func load() {
        let half = derived()
        #expect(value(half, .errorsRate) == 10.0 / 200)
        #expect(value(half, .checksFailedRate) == 5.0 / 200)
        #expect(value(half, .throughput) == 95)
        #expect(value(half, .latencyMax) == 2_000_000)
        #expect(value(half, .latencyMean) == 1_005_000)
        #expect(value(half, .latencyP50).map { abs($0 - 1_000_000) < 1_000 } == true)
        #expect(value(half, .errorsRate, step: "order") == 0.1)
        #expect(value(half, .errorsRate, step: "list") == 0)
        #expect(value(half, .latencyMax, step: "list") == 2_000_000)
        #expect(value(half, .latencyMax, step: "order") == 1_990_000)
        #expect(value(half, .throughput, step: "list") == 50)
    }

    @Test func aLoadThatIsNoSearchHasNoCapacity() {
        var half = Example.half()
        half.derive()
        #expect(half.absent[.throughputAtBudget] == Self.noSearch)
    }

    /// Rates above the capacity are part of what was counted, so that nothing else is told.
    @Test func aSearchHasTheRateItFoundAndNothingElse() {
        let windows = [
            CapacityRecord.Window(rate: 100, requests: 200, outcome: .held),
            CapacityRecord.Window(rate: 400, requests: 500, outcome: .missed, reason: "it was slow"),
        ]
        func derived(_ ending: CapacityRecord.Ending) -> HalfRound {
            self.derived {
                $0.load.capacity = CapacityRecord(windows: windows, ending: ending, errorLimit: 0.001)
            }
        }
        let found = derived(.found)
        #expect(found.values == [MetricKey(.throughputAtBudget): 100])
        #expect(Set(found.absent.keys) == Set(Metric.allCases).subtracting([.throughputAtBudget]))
        #expect(
            found.absent[.latencyP99]
                == "the load searched for the capacity, with rates above it, and tells nothing else; use a plan with "
                + "another executor")
        #expect(found.unsettled == [])
        #expect(found.perRequest(\.queueWait) == nil)
        #expect(found.contention == nil)
        let above = derived(.aboveRange)
        #expect(above.values == [:])
        #expect(
            above.absent[.throughputAtBudget]
                == "even the highest rate, 400/s, held, so that the capacity is that or more; raise load.to")
    }

    @Test func process() {
        let half = derived()
        #expect(value(half, .cpuPerRequest) == 400_000)
        #expect(value(half, .memoryPeakRSS) == 40_000_000)
        #expect(value(half, .threadsPeak) == 9)
        #expect(value(half, .tasksPeak) == 250)
    }

    @Test func instructions() {
        #expect(value(derived(), .instructionsPerRequest) == 150_000.25)
    }

    @Test func uncountedInstructions() {
        let none = derived { $0.window.instructions = nil }
        #expect(none.absent == [.instructionsPerRequest: "nothing counts instructions of this service"])
        let refused = derived { half in
            half.window.instructions = nil
            half.window.problems["instructions"] = "this kernel is built without perf events"
        }
        #expect(value(refused, .instructionsPerRequest) == nil)
        #expect(refused.absent == [.instructionsPerRequest: "this kernel is built without perf events"])
    }

    /// 20 200 less one reading (100) and two idle seconds (100): 20 000 over 200 requests.
    @Test func runtime() {
        let half = derived()
        #expect(value(half, .allocationsPerRequest) == 100)
        #expect(value(half, .allocationsBytesPerRequest) == 20_000)
        #expect(value(half, .collectionsPer1000) == 15)
        #expect(value(half, .collectionPausePerRequest) == 3_000)
    }

    /// 20 100 less two idle seconds (100): 20 000 over 200 requests.
    @Test func native() {
        let half = derived { $0.window.native = Self.native() }
        #expect(value(half, .allocationsPerRequest) == 100)
        #expect(value(half, .allocationsBytesPerRequest) == 5_000)
        #expect(value(half, .tasksCreatedPerRequest) == 4)
        #expect(
            half.absent == [
                .collectionsPer1000: "this service has no garbage collector that perfgate knows of",
                .collectionPausePerRequest: "this service has no garbage collector that perfgate knows of",
            ])
    }

    private static func native() -> NativeWindow {
        var window = NativeWindow(seconds: 2)
        window.allocations = .init(total: 20_100, idlePerSecond: 50)
        window.allocatedBytes = .init(total: 1_000_000, idlePerSecond: 0)
        window.tasksCreated = .init(total: 802, idlePerSecond: 1)
        return window
    }

    @Test func whatTheProbeCannotTellIsAbsentWithItsReason() {
        let half = derived {
            var native = Self.native()
            native.allocations = nil
            native.tasksCreated?.idlePerSecond = 500
            $0.window.native = native
            $0.window.problems["allocations"] = "its malloc is its own"
        }
        #expect(half.absent[.allocationsPerRequest] == "its malloc is its own")
        #expect(
            half.absent[.tasksCreatedPerRequest]
                == "the idle service does too much by itself to tell what requests cost")
        #expect(value(half, .allocationsBytesPerRequest) == 5_000)
    }

    @Test func leaks() {
        let half = derived()
        #expect(value(half, .tasksLeakedPer1000) == 1000)
        #expect(value(half, .memoryGrowthPer1000) == 2_500_000)
        #expect(value(half, .descriptorsLeakedPer1000) == 5)
    }

    @Test func shrinkingIsNegative() {
        let half = derived { $0.after.tasks = 4 }
        #expect(value(half, .tasksLeakedPer1000) == -30)
    }

    @Test func unsettled() {
        let half = derived { $0.after.settled = false }
        #expect(half.unsettled == [.tasksLeakedPer1000, .memoryGrowthPer1000, .descriptorsLeakedPer1000])
        #expect(value(half, .tasksLeakedPer1000) == 1000)
    }

    @Test func derivingAgainStartsAfresh() {
        var half = derived { $0.after.settled = false }
        let once = half
        half.derive()
        half.absent[.tasksCreatedPerRequest] = nil
        half.absent[.throughputAtBudget] = nil
        #expect(half == once)
    }

    // MARK: absent, never zero

    /// Nothing was asked of the service: no figure at all but what needs no request.
    @Test func noRequest() {
        let half = derived { half in half.load = LoadSummary(stepNames: ["list"], requestedRate: nil) }
        let unasked = Metric.allCases.filter { ![.threadsPeak, .tasksPeak, .throughputAtBudget].contains($0) }
        for metric in unasked {
            #expect(value(half, metric) == nil, "\(metric)")
            #expect(half.absent[metric] == "no request was made", "\(metric)")
        }
        #expect(half.values.keys.sorted() == [MetricKey(.tasksPeak), MetricKey(.threadsPeak)])
    }

    @Test func unusedStep() {
        let half = derived { $0.load.steps[0] = StepSummary(name: "list") }
        #expect(half.values.keys.filter { $0.step == "list" } == [])
        #expect(value(half, .errorsRate, step: "order") == 0.1)
    }

    @Test func noTime() {
        let half = derived { $0.load.elapsed = 0 }
        #expect(value(half, .throughput) == nil)
        #expect(half.absent == [.throughput: "the load took no time"])
    }

    @Test func noLatency() {
        let half = derived { $0.load.total.latency = Histogram() }
        for metric in [
            Metric.latencyP50, .latencyP90, .latencyP95, .latencyP99, .latencyP999, .latencyMax, .latencyMean,
        ] {
            #expect(value(half, metric) == nil)
            #expect(half.absent[metric] == "no latency was recorded")
        }
        #expect(value(half, .errorsRate) == 0.05)
    }

    private static let ofProcess: [Metric] = [.cpuPerRequest, .memoryPeakRSS]

    @Test func unknownProcess() {
        let half = derived { half in
            half.window.start = nil
            half.window.end = nil
            half.window.threadsPeak = nil
            half.window.tasksPeak = nil
            half.before.process = nil
        }
        for metric in Self.ofProcess + [.threadsPeak, .tasksPeak, .descriptorsLeakedPer1000] {
            #expect(value(half, metric) == nil)
            #expect(half.absent[metric] == "the service's process is not known")
        }
    }

    @Test func processProblem() {
        let half = derived { half in
            half.window.end = nil
            half.window.threadsPeak = nil
            half.window.problems = ["process": "permission denied"]
            half.after.process = nil
            half.after.problems = ["process": "the process is gone"]
        }
        for metric in Self.ofProcess + [.threadsPeak] { #expect(half.absent[metric] == "permission denied") }
        #expect(half.absent[.descriptorsLeakedPer1000] == "the process is gone")
    }

    @Test func endedProcess() {
        let half = derived { $0.window.end?.processes = [4712, 4713] }
        #expect(value(half, .cpuPerRequest) == nil)
        // It took the largest memory it had with it.
        #expect(value(half, .memoryPeakRSS) == nil)
        let reason = "a process of the service ended during the load"
        #expect(half.absent == [.cpuPerRequest: reason, .memoryPeakRSS: reason])
    }

    /// Counters that run backwards are of another process, and must not trap.
    @Test func processorTimeBackwards() {
        let half = derived { $0.window.end?.cpu = 0 }
        #expect(half.absent == [.cpuPerRequest: "a process of the service ended during the load"])
    }

    @Test func threadsStandInForTasks() {
        #expect(value(derived { $0.window.tasksPeak = nil }, .tasksPeak) == 9)
    }

    /// Where tasks should have been counted, threads are no substitute.
    @Test func uncountedTasks() {
        let half = derived { $0.window.problems["tasks"] = "the index page did not answer" }
        #expect(value(half, .tasksPeak) == nil)
        #expect(half.absent == [.tasksPeak: "the index page did not answer"])
    }

    private static let ofRuntime: [Metric] = [
        .allocationsPerRequest, .allocationsBytesPerRequest, .collectionsPer1000, .collectionPausePerRequest,
    ]

    @Test func noRuntime() {
        let none = derived { $0.window.runtime = nil }
        let broken = derived { half in
            half.window.runtime = nil
            half.window.problems["runtime"] = "no MemStats in the heap profile"
        }
        for metric in Self.ofRuntime {
            #expect(value(none, metric) == nil)
            #expect(none.absent[metric] == "no instrument counts allocations of this service")
            #expect(broken.absent[metric] == "no MemStats in the heap profile")
        }
    }

    /// A service that was restarted has lost what it had leaked.
    @Test func aRestartedServiceHasNoLeaks() {
        let half = derived { $0.window.problems["runtime"] = "its counters went backwards" }
        for metric in [Metric.tasksLeakedPer1000, .memoryGrowthPer1000] {
            #expect(value(half, metric) == nil)
            #expect(half.absent[metric] == "its counters went backwards")
        }
        #expect(value(half, .descriptorsLeakedPer1000) != nil)
    }

    @Test func forgottenPauses() {
        let half = derived { $0.window.runtime?.pause = nil }
        #expect(value(half, .collectionPausePerRequest) == nil)
        #expect(
            half.absent == [.collectionPausePerRequest: "more collections ran than the runtime remembers pauses of"])
    }

    /// What the instrument itself allocates may exceed a small total: that is none, not less than none.
    @Test func overheadAboveTheTotal() {
        #expect(value(derived { $0.window.runtime?.mallocs = 10 }, .allocationsPerRequest) == 0)
    }

    @Test(arguments: [Double.infinity, .nan, 1e308])
    func senselessIdleRate(rate: Double) {
        let half = derived { half in
            half.window.runtime?.idleMallocsPerSecond = rate
            half.window.runtime?.seconds = 1e308
            half.window.runtime?.idleBytesPerSecond = 0
        }
        #expect(value(half, .allocationsPerRequest) == nil)
        #expect(half.absent == [.allocationsPerRequest: "the idle rate of the service's counters makes no sense"])
    }

    @Test func noTasks() {
        let none = derived { $0.before.tasks = nil }
        #expect(value(none, .tasksLeakedPer1000) == nil)
        #expect(
            none.absent == [
                .tasksLeakedPer1000:
                    "nothing counts tasks in this service: it is neither a Go service with service.capture.pprof nor "
                    + "seen to have Swift tasks; remove the budget"
            ])
        let broken = derived { half in
            half.after.tasks = nil
            half.after.problems["tasks"] = "the dump was cut off"
        }
        #expect(broken.absent == [.tasksLeakedPer1000: "the dump was cut off"])
    }

    @Test func noCreatedTasks() {
        var half = Example.half()
        half.window.native = NativeWindow(seconds: 2)
        half.derive()
        #expect(half.absent[.tasksCreatedPerRequest] == Self.noCreations)
    }

    @Test func noHeap() {
        let half = derived { $0.after.liveHeap = nil }
        #expect(value(half, .memoryGrowthPer1000) == nil)
        #expect(half.absent == [.memoryGrowthPer1000: "no instrument measures the live heap of this service"])
        let broken = derived { half in
            half.before.liveHeap = nil
            half.before.problems["heap"] = "status 404"
        }
        #expect(broken.absent == [.memoryGrowthPer1000: "status 404"])
    }

    /// The largest counters there are: a value or a reason, never a trap.
    @Test func largestCounters() {
        let half = derived { half in
            half.window.start?.cpu = 0
            half.window.end?.cpu = .max
            half.window.end?.peakResident = .max
            half.window.instructions = .max
            half.before.liveHeap = .max
            half.after.liveHeap = 0
            half.before.tasks = .max
            half.after.tasks = .min
            half.load.elapsed = .max
            half.window.runtime = RuntimeWindow(
                mallocs: .max, allocatedBytes: 0, mallocsPerReading: .max, bytesPerReading: .max,
                idleMallocsPerSecond: 0, idleBytesPerSecond: 0, seconds: 0,
                collections: .max, pause: .max)
        }
        #expect(half.values.values.allSatisfy { $0.isFinite })
        #expect(value(half, .allocationsPerRequest) == 0)
    }

    // MARK: growth that goes on, and growth that ends

    private func repeated(tasks: Int, descriptors: Int = 8) -> HalfRound {
        var half = Example.half()
        half.repetition = Repetition(
            requests: 400, after: Example.capture(tasks: tasks, heap: nil, descriptors: descriptors))
        half.derive()
        return half
    }

    @Test func growthThatGoesOnIsALeak() {
        // 200 tasks of 200 requests, then 400 of 400.
        #expect(repeated(tasks: 610).values[MetricKey(.tasksLeakedPer1000)] == 1000)
        // Then only 100 of 400.
        #expect(repeated(tasks: 310).values[MetricKey(.tasksLeakedPer1000)] == 250)
        #expect(repeated(tasks: 610).requestsOfGrowth == 600)
    }

    @Test func growthOfTheFirstLoadOnlyIsNone() {
        #expect(repeated(tasks: 210).values[MetricKey(.tasksLeakedPer1000)] == 0)
        #expect(repeated(tasks: 205).values[MetricKey(.tasksLeakedPer1000)] == -12.5)
        // One descriptor of 200 requests, then none.
        #expect(repeated(tasks: 210).values[MetricKey(.descriptorsLeakedPer1000)] == 0)
    }

    @Test func aRepetitionThatWasStillFallingIsUnsettled() {
        var half = repeated(tasks: 610)
        half.repetition?.after.settled = false
        half.derive()
        #expect(half.unsettled.contains(.tasksLeakedPer1000))
    }
}
