import HTTPWire
import Measures
import Plans
import TLSWire

/// All loads that run together on one thread, each with an engine of its own: its users, connections and books.
final class Rig {
    /// Between the first iterations of two loads, and between their first exchanges: more than either makes.
    static let iterationsApart: UInt64 = 1_000_000_000_000
    private static let exchangesApart: UInt64 = 1 << 48

    let engines: [Engine]
    private let reactor: Reactor
    private let stepNames: [String]
    private let wantsRealTime: Bool
    private var phase: RunningPhase?
    private lazy var startTimer = ReactorTimer(reactor) { [unowned self] in startLater() }

    init(
        loads: [Load], scenario: Scenario, endpoint: Endpoint, connection: Service.Connection, seed: UInt64,
        options: LoadGeneratorOptions, reactor: Reactor
    ) throws(LoadError) {
        let tls = try Self.tls(connection, endpoint)
        var data: [DataBytes] = []
        for set in scenario.data { data.append(try DataBytes(set, seed: seed)) }
        var engines: [Engine] = []
        var users = 0
        for (place, load) in loads.enumerated() {
            var part = scenario
            part.flows = load.flows(of: scenario)
            let engine = try Engine(
                load: load, scenario: part, data: data, endpoint: endpoint, connection: connection, seed: seed,
                options: options, reactor: reactor, tls: tls,
                numbering: Engine.Numbering(
                    user: users, iteration: UInt64(place) * Self.iterationsApart,
                    exchange: UInt64(place) * Self.exchangesApart))
            users += engine.users.count
            engines.append(engine)
        }
        guard loads.count <= 1 || !loads.contains(where: { $0.search != nil }) else {
            throw .invalidPlan("a search for the capacity runs together with other loads")
        }
        guard !engines.isEmpty else { throw .invalidPlan("there is no load") }
        guard users <= 65_535 else { throw .invalidPlan("\(users) connections are not between 1 and 65535") }
        self.engines = engines
        self.reactor = reactor
        stepNames = scenario.flows.flatMap { $0.steps.map(\.name) }
        wantsRealTime = options.wantsRealTime && loads.allSatisfy(\.isOpenLoop)
    }

    /// What the TLS connections of all loads share, nil where the address is not `https`.
    private static func tls(_ connection: Service.Connection, _ endpoint: Endpoint) throws(LoadError) -> TLSClient? {
        guard endpoint.isSecure else { return nil }
        do throws(TLSError) {
            return try TLSClient(connection.tls, host: endpoint.host, protocols: [connection.httpVersion.rawValue])
        } catch {
            throw .invalidPlan(error.description)
        }
    }

    /// A phase of all loads.
    private final class RunningPhase {
        let kind: LoadGenerator.Phase
        let ticket: RunTicket
        let start = Reactor.clock()
        let isRealTime: Bool
        let processorTimeAtStart = LoopThread.processorTime()
        let onProgress: (@Sendable (LoadProgress) -> Void)?
        let completion: (Result<LoadSummary, LoadError>) -> Void
        var outcomes: [PhaseOutcome?]
        var progress: [LoadProgress?]
        /// Loads that start later, by their places, the earliest last.
        var later: [(place: Int, start: UInt64)] = []
        /// How many loads take part.
        var parts = 0

        init(
            _ kind: LoadGenerator.Phase, ticket: RunTicket, isRealTime: Bool, loads: Int,
            onProgress: (@Sendable (LoadProgress) -> Void)?,
            completion: @escaping (Result<LoadSummary, LoadError>) -> Void
        ) {
            self.kind = kind
            self.ticket = ticket
            self.isRealTime = isRealTime
            self.onProgress = onProgress
            self.completion = completion
            outcomes = Array(repeating: nil, count: loads)
            progress = Array(repeating: nil, count: loads)
        }

        var schedulingClass: String { isRealTime ? "SCHED_FIFO" : "SCHED_OTHER" }
    }

    /// Starts a phase; `completion` is called once, on the loop.
    func begin(
        _ kind: LoadGenerator.Phase, ticket: RunTicket, onProgress: (@Sendable (LoadProgress) -> Void)?,
        completion: @escaping (Result<LoadSummary, LoadError>) -> Void
    ) {
        guard phase == nil else { return completion(.failure(.busy)) }
        guard !ticket.isCancelled else { return completion(.failure(.cancelled)) }
        let isRealTime = wantsRealTime && kind.part == nil && LoopThread.enterRealTime()
        let phase = RunningPhase(
            kind, ticket: ticket, isRealTime: isRealTime, loads: engines.count, onProgress: onProgress,
            completion: completion)
        self.phase = phase
        if kind.part == .setup || kind.part == .teardown {
            // What is done once for all loads is done by the first user of the first.
            phase.later = [(0, phase.start)]
        } else if case .steady = kind {
            phase.later = engines.enumerated().map { ($0, phase.start + $1.load.start.clampedNanoseconds) }
                .sorted { ($1.start, $1.place) < ($0.start, $0.place) }
        } else {
            phase.later = engines.indices.reversed().map { ($0, phase.start) }
        }
        phase.parts = phase.later.count
        startLater()
    }

    /// Starts the loads whose time has come, and waits for the next.
    private func startLater() {
        while let phase, let next = phase.later.last {
            guard next.start <= max(phase.start, Reactor.clock()) else { return startTimer.arm(at: next.start) }
            phase.later.removeLast()
            begin(phase.kind, of: next.place, at: next.start, in: phase)
        }
    }

    private func begin(_ kind: LoadGenerator.Phase, of place: Int, at start: UInt64, in phase: RunningPhase) {
        let report: ((LoadProgress) -> Void)? =
            phase.onProgress == nil
            ? nil
            : { [unowned self] progress in
                self.report(progress, of: place, in: phase)
            }
        engines[place].begin(kind, at: start, schedulingClass: phase.schedulingClass, onProgress: report) {
            [unowned self] result in
            ended(place, result, in: phase)
        }
    }

    private func ended(_ place: Int, _ result: Result<PhaseOutcome, LoadError>, in phase: RunningPhase) {
        guard self.phase === phase else { return }
        switch result {
        case .failure(let error): abort(error)
        case .success(let outcome):
            phase.outcomes[place] = outcome
            let outcomes = phase.outcomes.compactMap { $0 }
            guard outcomes.count == phase.parts else { return }
            self.phase = nil
            if phase.kind.part == .setup { shareSetup() }
            if phase.isRealTime { LoopThread.leaveRealTime() }
            phase.completion(summary(of: outcomes, in: phase))
        }
    }

    /// Gives what the setup captured to the users of every load, as the first load's users have it already.
    private func shareSetup() {
        let source = engines[0].users[0].captures
        for engine in engines.dropFirst() {
            for user in engine.users { user.captures.copy(engine.program.sharedSlots, from: source) }
        }
    }

    private func summary(of outcomes: [PhaseOutcome], in phase: RunningPhase) -> Result<LoadSummary, LoadError> {
        let names = engines.compactMap(\.load.name)
        // A load on its own has no name, and its books are the whole.
        guard phase.kind.part == nil, names.count == outcomes.count else { return .success(outcomes[0].summary) }
        let parts = zip(engines, outcomes).map { engine, outcome in
            LoadPart(name: engine.load.name ?? "", start: outcome.start - phase.start, summary: outcome.summary)
        }
        do throws(LoadError) {
            var summary = try LoadSummary.together(parts, outcomes, stepNames: stepNames)
            summary.generatorCPU = LoopThread.processorTime() - phase.processorTimeAtStart
            summary.schedulingClass = phase.schedulingClass
            summary.address = parts.lazy.compactMap(\.summary.address).first
            return .success(summary)
        } catch {
            return .failure(error)
        }
    }

    /// Tells how far all loads are, whenever the first that is still running tells it of itself.
    private func report(_ progress: LoadProgress, of place: Int, in phase: RunningPhase) {
        phase.progress[place] = progress
        guard place == phase.outcomes.indices.first(where: { phase.outcomes[$0] == nil && phase.progress[$0] != nil })
        else { return }
        var all = progress
        all.elapsed = .nanoseconds(Int64(clamping: Reactor.clock() - phase.start))
        all.expected = expected(in: phase)
        for other in engines.indices where other != place {
            if let outcome = phase.outcomes[other] {
                all.exchanges += outcome.summary.total.exchanges
                all.failed += outcome.summary.total.failed + outcome.summary.total.timedOut
                all.latencySum &+= outcome.summary.total.latency.sum
                all.latencyMaximum = max(all.latencyMaximum, outcome.summary.total.latency.maximum)
            } else if let running = phase.progress[other] {
                all.exchanges += running.exchanges
                all.failed += running.failed
                all.latencySum &+= running.latencySum
                all.latencyMaximum = max(all.latencyMaximum, running.latencyMaximum)
                all.achievedRate += running.achievedRate
            }
        }
        phase.onProgress?(all)
    }

    private func expected(in phase: RunningPhase) -> Duration? {
        var longest = Duration.zero
        for (place, engine) in engines.enumerated() where phase.outcomes[place] == nil {
            guard let progress = phase.progress[place], let expected = progress.expected else { return nil }
            longest = max(longest, engine.load.start + expected)
        }
        return longest
    }

    /// Opens every connection of every load that is closed; `completion` gets how many are open, or why not all.
    func openAll(_ completion: @escaping (Result<Int, LoadError>) -> Void) {
        guard phase == nil else { return completion(.failure(.busy)) }
        open(from: 0, opened: 0, completion)
    }

    private func open(from place: Int, opened: Int, _ completion: @escaping (Result<Int, LoadError>) -> Void) {
        guard place < engines.count else { return completion(.success(opened)) }
        engines[place].openAll { [unowned self] result in
            switch result {
            case .success(let count): open(from: place + 1, opened: opened + count, completion)
            case .failure(let error): completion(.failure(error))
            }
        }
    }

    /// Ends the opening of connections that is under way.
    func cancelOpening() {
        for engine in engines { engine.opening?.end(.cancelled) }
    }

    /// Cancels the phase the ticket was given for, now or when it is about to begin.
    func cancel(_ ticket: RunTicket) {
        ticket.isCancelled = true
        if let phase, phase.ticket === ticket { abort(.cancelled) }
    }

    /// Ends the phase the ticket was given for with what was done so far, or without, where not all of it has begun.
    func stop(_ ticket: RunTicket) {
        guard let phase, phase.ticket === ticket, phase.later.isEmpty else { return cancel(ticket) }
        for engine in engines { engine.stop() }
    }

    /// Ends the phase without a summary and closes every connection.
    func abort(_ error: LoadError) {
        let phase = self.phase
        self.phase = nil
        startTimer.disarm()
        for engine in engines { engine.abort(error) }
        if phase?.isRealTime == true { LoopThread.leaveRealTime() }
        phase?.completion(.failure(error))
    }
}
