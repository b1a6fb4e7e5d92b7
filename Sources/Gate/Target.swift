import Captures
import HTTPWire
import LoadGen
import Measures
import Plans
import ProbeReader
import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// A side ready to be started as often as there are rounds.
struct Target: Sendable {
    /// Bytes kept of what one launch of the service printed.
    private static let keptLog = 1 << 20

    var description: SideDescription
    /// Nil where the service runs already.
    var command: String?
    var directory: String
    /// The base address, with `{port}` where perfgate starts the service.
    var url: String
    var service: Service
    let symbols: NativeSymbols

    /// Starts the service, waits until it is ready, hands it to `body`, and ends it whatever happens.
    ///
    /// `extra` is added to its environment; `mode` is what the native probe does besides counting; the output goes to
    /// `log`.
    func withService<Result: Sendable>(
        port: Int, extra: [String: String] = [:], mode: ProbeMode = .liveTasks, log: String,
        _ body: (RunningService) async throws -> Result
    ) async throws -> Result {
        let url = fill(self.url, port)
        let address: Endpoint
        do {
            address = try Endpoint(url)
        } catch {
            throw GateError.usage("\(url): \(error)")
        }
        var connection = service.connection
        connection.socket = connection.socket.map { fill($0, port) }
        connection.socket = try connection.socket(in: directory)
        let runtime = try profilesAddress().map { GoRuntime(base: fill($0, port)) }
        guard let command else {
            let instrument =
                runtime.map { Instrument.go($0) } ?? .none("nothing looks inside a service that runs already")
            let running = RunningService(
                address: address, url: url, connection: connection, process: nil,
                tree: .failure("perfgate did not start the service, so its process is not known"),
                instrument: instrument)
            try await running.waitUntilReady(service.ready)
            return try await body(running)
        }
        var environment = ProcessEnvironment.current
        for variable in service.environment { environment[variable.name] = fill(variable.value, port) }
        for (name, value) in extra { environment[name] = value }
        let probe = runtime == nil ? preloaded(mode) : .failure(.notAsked)
        defer { if case .success(let probe) = probe { probe.remove() } }
        if case .success(let probe) = probe { environment.merge(probe.environment(of: environment)) { $1 } }
        let process = try ServiceProcess(
            command: fill(command, port), directory: directory, environment: environment, output: log,
            counting: .instructions)
        do {
            let tree = ProcessTree(root: try await process.started(), guardian: process.guardian)
            let instrument: Instrument =
                switch (runtime, probe) {
                case (let runtime?, _): .go(runtime)
                case (nil, .success(let probe)): .native(ProbedService(probe, tree, symbols))
                case (nil, .failure(let reason)): .none(reason.message)
                }
            var running = RunningService(
                address: address, url: url, connection: connection, process: process, tree: .success(tree),
                instrument: instrument)
            try await running.waitUntilReady(service.ready)
            running.look(at: tree, door: door(address, port))
            let result = try await body(running)
            await process.stop(grace: service.stopGrace)
            try Files.keepEnd(of: log, bytes: Self.keptLog)
            return result
        } catch {
            await process.stop(grace: service.stopGrace)
            // The first error is the one to tell.
            try? Files.keepEnd(of: log, bytes: Self.keptLog)
            throw error
        }
    }

    /// Where the service listens; a socket can be bound by the path as the plan has it, or by the whole one.
    private func door(_ address: Endpoint, _ port: Int) -> ProcessTree.Door {
        guard let socket = service.connection.socket else { return .port(address.port) }
        let path = fill(socket, port)
        return .socket(paths: [path, Files.resolve(path, in: directory)])
    }

    /// The probe of this launch, or why there is none: it is never a reason not to measure the rest.
    private func preloaded(_ mode: ProbeMode) -> Swift.Result<PreloadedProbe, CaptureError> {
        guard service.capture.native == .auto else { return .failure(.notAsked) }
        do throws(CaptureError) {
            return .success(try PreloadedProbe(mode: mode))
        } catch {
            return .failure(error)
        }
    }

    /// Where the profiles are served: for a service that runs already, below its own address as in the plan.
    private func profilesAddress() throws(GateError) -> String? {
        guard let address = service.capture.pprof else { return nil }
        guard url != service.url else { return address }
        if address.hasPrefix(service.url) { return url + address.dropFirst(service.url.count) }
        guard !address.contains("{port}") else {
            throw .usage(
                "service.capture.pprof (\(address)) has a port that perfgate chooses, but \(url) runs already; "
                    + "write the whole address")
        }
        return address
    }

    private func fill(_ text: String, _ port: Int) -> String {
        var result = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            result += rest[..<brace]
            rest = rest[brace...]
            if rest.hasPrefix("{port}") {
                result += String(port)
                rest = rest.dropFirst("{port}".count)
            } else {
                result += "{"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}

/// A service that answers.
struct RunningService: Sendable {
    let address: Endpoint
    let url: String
    let connection: Service.Connection
    let process: ServiceProcess?
    /// Its processes, or why they are not known.
    var tree: Result<ProcessTree, Unknown>
    var instrument: Instrument

    struct Unknown: Error, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let reason: String

        init(stringLiteral reason: String) { self.reason = reason }
    }

    /// Makes sure that who answers is among the processes that are measured, and that it answers for itself alone.
    mutating func look(at tree: ProcessTree, door: ProcessTree.Door) {
        let place =
            switch door {
            case .port(let port): "port \(port)"
            case .socket: "the socket \(connection.socket ?? "")"
            }
        guard let listeners = tree.listeners(at: door) else {
            return distrust("who listens on \(place) cannot be found out")
        }
        if listeners.isEmpty {
            distrust("the command started nothing that listens on \(place), so who answers there is not known")
        }
        guard case .go(let runtime) = instrument, let profiles = try? Endpoint(runtime.base) else { return }
        let serving = tree.listeners(at: .port(profiles.port)) ?? []
        if serving.count > 1 {
            instrument = .none(
                "\(serving.count) processes of the service listen on port \(profiles.port), and profiles come from one "
                    + "of them at a time")
        } else if serving.isEmpty, !listeners.isEmpty {
            // The service is here, and so would be whoever serves its profiles.
            instrument = .none(
                "the command started nothing that listens on port \(profiles.port), so whose profiles those are is not "
                    + "known")
        }
    }

    /// Knows no processes, and counts nothing in them.
    private mutating func distrust(_ reason: Unknown) {
        tree = .failure(reason)
        if case .native = instrument { instrument = .none(reason.reason) }
    }

    /// The counters of its processes, or why there are none.
    func counters() -> Result<ProcessCounters, Unknown> {
        tree.flatMap { tree in tree.counters().mapError { "\($0.message)" } }
    }

    /// Asks until a 2xx answer comes, the process ends or the time is up.
    func waitUntilReady(_ readiness: Service.Readiness) async throws(CaptureError) {
        var base = url
        while base.hasSuffix("/") { base.removeLast() }
        let address = base + readiness.path
        let deadline = ContinuousClock.now + readiness.timeout
        var pause = Duration.milliseconds(5)
        var last = "was not asked"
        while true {
            if let ending = await process?.hasEnded() {
                throw .endedBeforeReady(
                    command: process?.command ?? "", ending: ending.text, printed: process?.printed() ?? "")
            }
            do throws(LoadError) {
                guard let reason = try await ask(readiness) else { return }
                last = reason
            } catch .cancelled {
                throw .interrupted
            } catch {
                throw .fetch(url: address, reason: error.description)
            }
            if ContinuousClock.now > deadline {
                throw .notReady(
                    url: address, seconds: readiness.timeout / .seconds(1), last: last,
                    printed: process?.printed())
            }
            do { try await Task.sleep(for: pause) } catch { throw .interrupted }
            pause = min(pause * 2, .milliseconds(200))
        }
    }

    /// Asks once, the way the load does; gives why the service does not count as ready.
    private func ask(_ readiness: Service.Readiness) async throws(LoadError) -> String? {
        let load = Load(
            executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(1), timeout: .seconds(2))
        let summary: LoadSummary
        do {
            summary = try await LoadGenerator.withGenerator(
                load: load, scenario: .asking(readiness.path), target: address, connection: connection, seed: 0
            ) { try await $0.run(.steady(load.work)) }
        } catch let error as LoadError {
            throw error
        } catch {
            throw .cancelled
        }
        // Only an answer counts: that nothing failed is none.
        if summary.total.completed == 1 { return nil }
        guard let reason = summary.total.failures.first?.reason else { return "was not asked" }
        return reason.hasPrefix("status ") ? "answered with \(reason)" : "did not answer (\(reason))"
    }

    /// Throws when the service has ended, also where something else failed because of that.
    func running<Result>(during phase: String, _ body: () async throws -> Result) async throws -> Result {
        let result: Result
        do {
            result = try await body()
        } catch let error as LoadError where error != .cancelled {
            try await mustRun(during: phase)
            throw error
        }
        try await mustRun(during: phase)
        return result
    }

    /// Throws when the service has ended.
    func mustRun(during phase: String) async throws(CaptureError) {
        guard let process, let ending = await process.hasEnded() else { return }
        throw .endedDuringRound(phase: phase, ending: ending.text, printed: process.printed())
    }
}

extension Scenario {
    /// One request, answered with a status of success.
    fileprivate static func asking(_ path: String) -> Scenario {
        let step = Step(
            name: "ready", method: "GET", target: Template(segments: [.literal(path)]), headers: [], body: nil,
            checks: [.status(Array(200..<300))], captures: [], redirects: 0, timeout: nil)
        return Scenario(data: [], flows: [Flow(name: "ready", weight: 1, steps: [step])])
    }
}
