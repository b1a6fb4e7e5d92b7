package import Measures

/// One launch of each side, one after the other, in an order drawn at random.
package struct Round: Sendable, Codable, Equatable {
    /// From 1.
    package var number: Int
    /// In the order they ran.
    package var halves: [HalfRound]
    /// Why the round does not count; nil when it does.
    package var voided: String?

    package init(number: Int, halves: [HalfRound], voided: String? = nil) {
        self.number = number
        self.halves = halves
        self.voided = voided
    }

    package func half(_ side: Side) -> HalfRound? { halves.first { $0.side == side } }
}

/// One launch of one side: captures around a load.
package struct HalfRound: Sendable, Codable, Equatable {
    package var side: Side
    package var load: LoadSummary
    /// With the connections closed and the service settled, before the steady load.
    package var before: Capture
    /// The same after it.
    package var after: Capture
    /// The same load once more, where something seemed to be left behind; nil where nothing was.
    package var repetition: Repetition?
    /// Around the steady load itself, with the connections open.
    package var window: Window
    package var environment: Environment
    /// The files the service's processes ran, as they were called at the time.
    package var executables: [String]?
    /// One value per metric the round yielded.
    package var values: [MetricKey: Double]
    /// Why a metric has no value.
    package var absent: [Metric: String]
    /// Metrics whose count was still falling when the time for settling was up.
    package var unsettled: [Metric]

    package init(
        side: Side, load: LoadSummary, before: Capture, after: Capture, window: Window, environment: Environment
    ) {
        self.side = side
        self.load = load
        self.before = before
        self.after = after
        self.window = window
        self.environment = environment
        values = [:]
        absent = [:]
        unsettled = []
    }

    /// Requests over which growth was watched.
    package var requestsOfGrowth: Int { load.total.exchanges + (repetition?.requests ?? 0) }
}

/// A second steady load after the first, which tells a leak from growth that ends by itself.
package struct Repetition: Sendable, Codable, Equatable {
    package var requests: Int
    package var after: Capture

    package init(requests: Int, after: Capture) {
        self.requests = requests
        self.after = after
    }
}

/// What a service looked like at one moment.
package struct Capture: Sendable, Codable, Equatable {
    package var process: ProcessCounters?
    /// Goroutines, with the count settled; nil where the service has no such figure.
    package var tasks: Int?
    /// Whether the count stood still before the time for settling was up.
    package var settled: Bool
    /// Live heap bytes after a forced collection.
    package var liveHeap: UInt64?
    /// Profiles stored beside the recording: kind to file name.
    package var profiles: [String: String]
    /// Why something could not be captured: what to the reason.
    package var problems: [String: String]

    package init() {
        settled = true
        profiles = [:]
        problems = [:]
    }
}

/// Sums over all processes of a service.
package struct ProcessCounters: Sendable, Codable, Equatable {
    /// Processor time in nanoseconds, that of ended children included.
    package var cpu: UInt64
    /// Resident bytes now, and at most so far.
    package var resident: UInt64
    package var peakResident: UInt64
    package var threads: Int
    package var descriptors: Int
    /// What the descriptors refer to, by kind, at most ``DescriptorKind/most`` of them; nil where not read, which is
    /// everywhere but before and after a load.
    package var descriptorKinds: [String: Int]?
    /// Process ids with their start times, which together name a process for certain.
    package var processes: [UInt64]
    /// Page faults served from memory and page faults that waited for a disk, those of ended children included; nil
    /// where not read.
    package var minorFaults: UInt64?
    package var majorFaults: UInt64?
    /// Nil where not read, which is everywhere but around the steady load.
    package var scheduling: Scheduling?

    package init(
        cpu: UInt64, resident: UInt64, peakResident: UInt64, threads: Int, descriptors: Int, processes: [UInt64]
    ) {
        self.cpu = cpu
        self.resident = resident
        self.peakResident = peakResident
        self.threads = threads
        self.descriptors = descriptors
        self.processes = processes
    }
}

/// What the scheduler did with the threads of a service that live at one moment.
///
/// The kernel keeps these counters by thread and forgets them with it, so a thread that ends between two readings takes
/// its own out of the difference.
package struct Scheduling: Sendable, Codable, Equatable {
    /// Nanoseconds in which a thread could have run but had no processor; nil where the kernel does not count them.
    package var queueWait: UInt64?
    /// Times a thread gave up its processor to wait for something, and times it was made to.
    package var voluntarySwitches: UInt64
    package var involuntarySwitches: UInt64

    package init(queueWait: UInt64?, voluntarySwitches: UInt64, involuntarySwitches: UInt64) {
        self.queueWait = queueWait
        self.voluntarySwitches = voluntarySwitches
        self.involuntarySwitches = involuntarySwitches
    }
}

/// Counters read right before and right after the steady load, and what was sampled during it.
package struct Window: Sendable, Codable, Equatable {
    package var start: ProcessCounters?
    package var end: ProcessCounters?
    package var threadsPeak: Int?
    package var tasksPeak: Int?
    package var runtime: RuntimeWindow?
    /// Instructions that the service's processes executed in user mode from the first to the last reading.
    package var instructions: UInt64?
    package var native: NativeWindow?
    package var problems: [String: String]

    package init() {
        problems = [:]
    }
}

/// Exact counters of the Go runtime over the steady load.
package struct RuntimeWindow: Sendable, Codable, Equatable {
    /// Heap objects and bytes allocated from the first to the last reading.
    package var mallocs: UInt64
    package var allocatedBytes: UInt64
    /// What one reading of the counters itself allocates, measured idle.
    package var mallocsPerReading: UInt64
    package var bytesPerReading: UInt64
    /// What the service allocates per second when it does nothing.
    package var idleMallocsPerSecond: Double
    package var idleBytesPerSecond: Double
    package var seconds: Double
    package var collections: UInt64
    /// Nil when more collections ran than the runtime remembers pauses of.
    package var pause: UInt64?

    package init(
        mallocs: UInt64, allocatedBytes: UInt64, mallocsPerReading: UInt64, bytesPerReading: UInt64,
        idleMallocsPerSecond: Double, idleBytesPerSecond: Double, seconds: Double, collections: UInt64, pause: UInt64?
    ) {
        self.mallocs = mallocs
        self.allocatedBytes = allocatedBytes
        self.mallocsPerReading = mallocsPerReading
        self.bytesPerReading = bytesPerReading
        self.idleMallocsPerSecond = idleMallocsPerSecond
        self.idleBytesPerSecond = idleBytesPerSecond
        self.seconds = seconds
        self.collections = collections
        self.pause = pause
    }
}

/// Exact counters of the preloaded probe over the steady load.
package struct NativeWindow: Sendable, Codable, Equatable {
    /// How often something happened during the load, and how often it does when the service has nothing to do.
    package struct Count: Sendable, Codable, Equatable {
        package var total: UInt64
        package var idlePerSecond: Double

        package init(total: UInt64, idlePerSecond: Double) {
            self.total = total
            self.idlePerSecond = idlePerSecond
        }
    }

    package var seconds: Double
    /// Of the service; those of libdispatch's own bookkeeping depend on how threads were scheduled and stand apart.
    package var allocations: Count?
    package var allocatedBytes: Count?
    package var dispatchAllocations: Count?
    package var frees: Count?
    /// Nil where the service has no Swift tasks, or where their count cannot be trusted.
    package var tasksCreated: Count?
    /// The libraries that allocate, as `libc.so.6`: how much a program asks for depends on what it is given.
    package var allocator: String?

    package init(seconds: Double) {
        self.seconds = seconds
    }
}

/// What else the machine did during a half-round.
package struct Environment: Sendable, Codable, Equatable {
    /// Share of all processor time the hypervisor took away, 0–1; nil where unknown.
    package var steal: Double?
    /// Tasks running or waiting over the last minute, when the half-round ended.
    package var loadAverage: Double?
    /// Share of the time in which some task waited for a processor, 0–1: of the control group where the kernel says so,
    /// else of the machine; nil where unknown.
    package var pressure: Double?
    /// Time the control group was throttled, over the time that passed; nil where unknown or where nothing can throttle.
    ///
    /// The kernel adds up the processors, so a group held up on several at once may have more than 1.
    package var throttled: Double?
    /// Mean clock frequency over the processors when the half-round ended, in MHz; nil where unknown.
    package var frequency: Double?
    /// Seconds the machine slept; nil where unknown.
    package var suspended: Double?

    package init(steal: Double?, loadAverage: Double?) {
        self.steal = steal
        self.loadAverage = loadAverage
    }
}

/// A pass after the rounds, with instruments on, that only explains and never judges.
package struct Explanation: Sendable, Codable, Equatable {
    package enum Instrument: String, Sendable, Codable {
        /// Every allocation recorded with its stack.
        case allocations
        /// Sampled processor time, and where tasks were during the load.
        case time
    }

    package var instrument: Instrument
    package var side: Side
    package var requests: Int
    /// Requests per second during the pass, to turn tasks present into time per request.
    package var ratePerSecond: Double?
    /// Kind (`heap.before`, `heap.after`, `cpu`, `goroutine.3`; `native.allocs` and the like of the probe) to file name.
    package var profiles: [String: String]
    /// Why something is missing.
    package var problems: [String: String]

    /// Whether the native probe made the profiles.
    package var isNative: Bool { profiles.keys.contains { $0.hasPrefix("native.") } }

    package init(instrument: Instrument, side: Side, requests: Int) {
        self.instrument = instrument
        self.side = side
        self.requests = requests
        profiles = [:]
        problems = [:]
    }
}
