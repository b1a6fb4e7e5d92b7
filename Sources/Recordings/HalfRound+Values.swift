import Measures

extension HalfRound {
    /// Derives every metric from what was captured; what cannot be derived gets a reason and never a zero.
    package mutating func derive() {
        values = [:]
        absent = [:]
        unsettled = []
        if let capacity = load.capacity { return derive(capacity) }
        absent[.throughputAtBudget] = Self.noSearch
        deriveLoad()
        deriveProcess()
        deriveInstructions()
        deriveAllocations()
        deriveLeaks()
    }

    private mutating func set(_ metric: Metric, _ value: Double?, otherwise reason: @autoclosure () -> String) {
        if let value, value.isFinite {
            values[MetricKey(metric)] = value
        } else {
            absent[metric] = reason()
        }
    }

    private static let noSearch =
        "the load is no search for the capacity; use the executor find-capacity, in a plan of its own"
    private static let onlySearch =
        "the load searched for the capacity, with rates above it, and tells nothing else; use a plan with another executor"
    private static let nothingAsked = "no request was made"
    private static let noTasks =
        "nothing counts tasks in this service: it is neither a Go service with service.capture.pprof nor seen to have "
        + "Swift tasks; remove the budget"
    private static let noCreations =
        "nothing counts the tasks that this service creates: it is not seen to have Swift tasks; remove the budget"

    // MARK: the search for the capacity

    /// How many rates above the capacity were tried, and what came of their requests, differs from search to search, so
    /// that no other figure could be compared.
    private mutating func derive(_ capacity: CapacityRecord) {
        for metric in Metric.allCases where metric != .throughputAtBudget { absent[metric] = Self.onlySearch }
        set(.throughputAtBudget, capacity.rate, otherwise: capacity.problem ?? "no rate was found")
    }

    // MARK: load

    private mutating func deriveLoad() {
        derive(load.total, step: nil)
        for step in load.steps { derive(step, step: step.name) }
        for metric in Metric.allCases where metric.existsPerStep && values[MetricKey(metric)] == nil {
            let reason = metric == .throughput ? "the load took no time" : "no latency was recorded"
            absent[metric] = load.total.exchanges > 0 ? reason : Self.nothingAsked
        }
    }

    private mutating func derive(_ summary: StepSummary, step: String?) {
        guard summary.exchanges > 0 else { return }
        func put(_ metric: Metric, _ value: Double?) {
            if let value, value.isFinite { values[MetricKey(metric, step: step)] = value }
        }
        for metric in Metric.allCases { put(metric, summary.value(of: metric)) }
        if load.elapsed > 0 { put(.throughput, Double(summary.completed) * 1e9 / Double(load.elapsed)) }
    }

    // MARK: process

    private mutating func deriveProcess() {
        let requests = Double(load.total.exchanges)
        let reason = window.problems["process"] ?? "the service's process is not known"
        if requests == 0 {
            for metric in [Metric.cpuPerRequest, .memoryPeakRSS] { absent[metric] = Self.nothingAsked }
        } else if window.start != nil, let end = window.end {
            set(
                .cpuPerRequest, window.spent.map { Double($0.cpu) / requests },
                otherwise: "a process of the service ended during the load")
            // One that ended took its peak with it.
            set(
                .memoryPeakRSS, window.keepsProcesses ? Double(end.peakResident) : nil,
                otherwise: "a process of the service ended during the load")
        } else {
            absent[.cpuPerRequest] = reason
            absent[.memoryPeakRSS] = reason
        }
        set(.threadsPeak, window.threadsPeak.map { Double($0) }, otherwise: reason)
        // Where nothing counts tasks, threads are the tasks; a service whose tasks should have been counted but were
        // not has no such figure.
        if let problem = window.problems["tasks"] {
            absent[.tasksPeak] = problem
        } else {
            set(.tasksPeak, (window.tasksPeak ?? window.threadsPeak).map { Double($0) }, otherwise: reason)
        }
    }

    private mutating func deriveInstructions() {
        let requests = Double(load.total.exchanges)
        guard requests > 0 else {
            absent[.instructionsPerRequest] = Self.nothingAsked
            return
        }
        let reason = window.problems["instructions"] ?? "nothing counts instructions of this service"
        set(.instructionsPerRequest, window.instructions.map { Double($0) / requests }, otherwise: reason)
    }

    // MARK: allocations and what collects them

    private mutating func deriveAllocations() {
        let requests = Double(load.total.exchanges)
        if requests == 0 {
            for metric in [
                Metric.allocationsPerRequest, .allocationsBytesPerRequest, .tasksCreatedPerRequest,
                .collectionsPer1000, .collectionPausePerRequest,
            ] {
                absent[metric] = Self.nothingAsked
            }
        } else if let native = window.native {
            derive(native, requests)
        } else {
            deriveRuntime(requests)
        }
    }

    private mutating func derive(_ native: NativeWindow, _ requests: Double) {
        for (metric, count, problem) in [
            (Metric.allocationsPerRequest, native.allocations, "allocations"),
            (.allocationsBytesPerRequest, native.allocatedBytes, "allocations"),
            (.tasksCreatedPerRequest, native.tasksCreated, "tasksCreated"),
        ] {
            guard let count else {
                let reason =
                    metric == .tasksCreatedPerRequest ? Self.noCreations : "the probe does not count it in this service"
                absent[metric] = window.problems[problem] ?? reason
                continue
            }
            let background = count.idlePerSecond * native.seconds
            // What the service does by itself must be little beside the load, or it hides what requests cost. What is
            // not finite would be clamped to zero and look like a measurement.
            guard background <= max(Double(count.total), requests) / 2 else {
                absent[metric] = "the idle service does too much by itself to tell what requests cost"
                continue
            }
            set(metric, max(0, Double(count.total) - background) / requests, otherwise: "it makes no sense")
        }
        for metric in [Metric.collectionsPer1000, .collectionPausePerRequest] {
            absent[metric] = "this service has no garbage collector that perfgate knows of"
        }
    }

    private mutating func deriveRuntime(_ requests: Double) {
        let metrics: [Metric] = [
            .allocationsPerRequest, .allocationsBytesPerRequest, .collectionsPer1000, .collectionPausePerRequest,
        ]
        absent[.tasksCreatedPerRequest] = window.problems["runtime"] ?? Self.noCreations
        guard let runtime = window.runtime else {
            let reason = window.problems["runtime"] ?? "no instrument counts allocations of this service"
            for metric in metrics { absent[metric] = reason }
            return
        }
        func net(_ total: UInt64, _ reading: UInt64, _ idlePerSecond: Double) -> Double? {
            let own = Double(reading) + idlePerSecond * runtime.seconds
            // What is not finite would be clamped to zero and look like a measurement.
            return own.isFinite ? max(0, Double(total) - own) / requests : nil
        }
        let senseless = "the idle rate of the service's counters makes no sense"
        set(
            .allocationsPerRequest,
            net(runtime.mallocs, runtime.mallocsPerReading, runtime.idleMallocsPerSecond),
            otherwise: senseless)
        set(
            .allocationsBytesPerRequest,
            net(runtime.allocatedBytes, runtime.bytesPerReading, runtime.idleBytesPerSecond),
            otherwise: senseless)
        set(.collectionsPer1000, Double(runtime.collections) * 1000 / requests, otherwise: senseless)
        set(
            .collectionPausePerRequest, runtime.pause.map { Double($0) / requests },
            otherwise: "more collections ran than the runtime remembers pauses of")
    }

    // MARK: leaks

    /// A process that ends takes with it what it leaked; nil where all that were there before are there after.
    private var endedProcess: String? {
        let captures = [before, after, repetition?.after].compactMap { $0?.process.map { Set($0.processes) } }
        let all = zip(captures, captures.dropFirst()).allSatisfy { $0.isSubset(of: $1) }
        return all ? nil : "a process of the service ended during the load"
    }

    private mutating func deriveLeaks() {
        let requests = Double(load.total.exchanges)
        if let reason = endedProcess {
            for metric in [Metric.tasksLeakedPer1000, .memoryGrowthPer1000, .descriptorsLeakedPer1000] {
                absent[metric] = reason
            }
            return
        }
        func growth(
            _ metric: Metric, _ before: Double?, _ after: Double?, again: Double? = nil, _ reason: String
        ) {
            // Whoever was restarted, or answers in turn with others, has left nothing that could be told from what it had.
            if let problem = window.problems["runtime"], metric != .descriptorsLeakedPer1000 {
                absent[metric] = problem
                return
            }
            guard requests > 0, let before, let after else {
                absent[metric] = requests > 0 ? reason : Self.nothingAsked
                return
            }
            var growth = (after - before) * 1000 / requests
            if let repetition, repetition.requests > 0, let again {
                // A leak goes on; what grew in the first load only was a pool or a cache that had to fill.
                growth = min(growth, (again - after) * 1000 / Double(repetition.requests))
            }
            values[MetricKey(metric)] = growth
            if !self.after.settled || repetition?.after.settled == false { unsettled.append(metric) }
        }
        growth(
            .tasksLeakedPer1000, before.tasks.map { Double($0) }, after.tasks.map { Double($0) },
            again: repetition?.after.tasks.map { Double($0) },
            before.problems["tasks"] ?? after.problems["tasks"] ?? Self.noTasks)
        growth(
            .memoryGrowthPer1000, before.liveHeap.map { Double($0) }, after.liveHeap.map { Double($0) },
            before.problems["heap"] ?? after.problems["heap"] ?? "no instrument measures the live heap of this service")
        growth(
            .descriptorsLeakedPer1000, before.process.map { Double($0.descriptors) },
            after.process.map { Double($0.descriptors) },
            again: repetition?.after.process.map { Double($0.descriptors) },
            before.problems["process"] ?? after.problems["process"] ?? "the service's process is not known")
    }
}
