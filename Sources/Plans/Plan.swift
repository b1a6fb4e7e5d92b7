/// What the user asked for in `perfgate.yml`, fully validated.
package struct Plan: Sendable {
    package var service: Service
    /// What runs together, one load or more.
    package var loads: [Load]
    package var scenario: Scenario
    /// Rounds per side at most; a run ends earlier when every budget is decided.
    package var rounds: Int
    /// The bytes of `perfgate.yml`, kept for the recording.
    package var source: String
    /// Digests of the files it names, data and bodies, by their paths as it writes them.
    package var files: [String: String]

    package init(
        service: Service, loads: [Load], scenario: Scenario, rounds: Int, source: String, files: [String: String] = [:]
    ) {
        self.service = service
        self.loads = loads
        self.scenario = scenario
        self.rounds = rounds
        self.source = source
        self.files = files
    }

    /// Rounds per side when the plan does not say.
    package static let defaultRounds = 20
    /// The most rounds a plan may ask for.
    package static let maximumRounds = 100
    /// How many rounds a plan may ask for.
    static let roundsTaken = 1...maximumRounds
}

/// How to build, start, reach and stop one side of the service.
package struct Service: Sendable {
    /// Shell command that builds the service, run once per side in that side's checkout.
    package var build: String?
    /// Shell command that starts the service, with `{port}`; nil when an address is given that runs already.
    package var command: String?
    /// Additional environment, in the order written.
    package var environment: [EnvironmentVariable]
    package var ready: Readiness
    /// Base address with `{port}`: `http://127.0.0.1:{port}`.
    package var url: String
    package var connection: Connection
    /// How long the service may take to end after SIGTERM, before SIGKILL.
    package var stopGrace: Duration
    package var capture: Capture

    package init(
        build: String?, command: String?, environment: [EnvironmentVariable], ready: Readiness, url: String,
        connection: Connection = Connection(), stopGrace: Duration, capture: Capture
    ) {
        self.build = build
        self.command = command
        self.environment = environment
        self.ready = ready
        self.url = url
        self.connection = connection
        self.stopGrace = stopGrace
        self.capture = capture
    }

    package struct EnvironmentVariable: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// When the service counts as ready: `GET path` answers with a 2xx status within the time.
    package struct Readiness: Sendable, Equatable {
        package var path: String
        package var timeout: Duration

        package init(path: String, timeout: Duration) {
            self.path = path
            self.timeout = timeout
        }
    }

    /// What to look at besides `/proc`.
    package struct Capture: Sendable, Equatable {
        /// Address of the Go runtime's profiles with `{port}`: `http://127.0.0.1:{port}/debug/pprof`.
        package var pprof: String?
        package var native: Native

        package init(pprof: String?, native: Native = .auto) {
            self.pprof = pprof
            self.native = native
        }

        /// Whether the native probe is preloaded into the service.
        package enum Native: String, Sendable, CaseIterable {
            /// Where perfgate starts the service and nothing else counts its allocations.
            case auto
            case off
        }
    }
}

/// How much load, in which shape.
package struct Load: Sendable, Equatable {
    /// What it is called among several; nil where the plan has it on its own.
    package var name: String?
    /// How long after the beginning of the steady phase it starts.
    package var start: Duration
    /// The names of the flows it runs, by their weights; nil for all.
    package var flows: [String]?
    package var executor: Executor
    /// Most connections open at once.
    package var connections: Int
    /// Load that is made but not counted, before the steady phase.
    package var warmup: Duration
    /// How much work the steady phase is.
    package var work: Work
    /// How long one request may take before it is recorded as timed out: from its beginning, with the opening of a
    /// connection, the wait for a stream and the redirects that are followed.
    package var timeout: Duration

    package init(
        name: String? = nil, start: Duration = .zero, flows: [String]? = nil, executor: Executor, connections: Int,
        warmup: Duration, work: Work, timeout: Duration
    ) {
        self.name = name
        self.start = start
        self.flows = flows
        self.executor = executor
        self.connections = connections
        self.warmup = warmup
        self.work = work
        self.timeout = timeout
    }

    package enum Executor: Sendable, Equatable {
        /// Open loop: flows start at this many per second, whether or not earlier ones have ended.
        case constantArrivalRate(perSecond: Double)
        /// Open loop whose flow starts per second follow the ramp; its work is the ramp's length.
        case rampingArrivalRate(Ramp)
        /// Closed loop: this many virtual users, each starting its next flow when the last one ended.
        case constantUsers(Int)
        /// Closed loop whose number of active virtual users follows the ramp; its work is the ramp's length.
        case rampingUsers(Ramp)
        /// Open loop that tries rates, each for a while, to find the highest at which limits hold; its work is the search.
        case findCapacity(CapacitySearch)
    }

    /// What is searched for, where the load is a search.
    package var search: CapacitySearch? {
        if case .findCapacity(let search) = executor { search } else { nil }
    }

    /// Whether flows start by the clock, whether or not earlier ones have ended.
    package var isOpenLoop: Bool {
        switch executor {
        case .constantArrivalRate, .rampingArrivalRate, .findCapacity: true
        case .constantUsers, .rampingUsers: false
        }
    }

    package enum Work: Sendable, Equatable {
        /// A fixed number of requests (flow iterations are started until their requests reach it).
        case requests(Int)
        case duration(Duration)
    }
}
