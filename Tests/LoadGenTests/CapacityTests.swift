import HTTPWire
import Measures
import Plans
import Synchronization
import Testing

@testable import LoadGen

/// A search for the capacity, and what a window of it says.
@Suite("The capacity of a service")
struct CapacityTests {
    private static let search = CapacitySearch(
        from: 40, to: 800, precision: 0.2, window: .seconds(1),
        limits: [.init(.latencyP90, maximum: 40e6), .init(.errorsRate, maximum: 0)])

    /// However late the generator is: other tests run meanwhile.
    private static let patient: LoadGeneratorOptions = {
        var options = LoadGeneratorOptions()
        options.windowLimits.lateness = 5_000_000_000
        options.windowLimits.grace = 1_000_000_000
        options.windowLimits.busyShare = 1
        return options
    }()

    private static func load(_ search: CapacitySearch = search, timeout: Duration = .seconds(30)) -> Load {
        Load(
            executor: .findCapacity(search), connections: 10, warmup: .milliseconds(200),
            work: .duration(search.length), timeout: timeout)
    }

    private func run(
        _ load: Load, _ scenario: Scenario = .of(.get("step", "/")),
        onProgress: (@Sendable (LoadProgress) -> Void)? = nil, _ script: @escaping ScriptedServer.Script
    ) async throws -> LoadSummary {
        try await ScriptedServer.with(script) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            return try await LoadGenerator.withGenerator(
                load: load, scenario: scenario, target: endpoint, seed: 42, options: Self.patient
            ) {
                try await $0.openConnections()
                _ = try await $0.run(.warmup)
                let summary = try await $0.run(.steady(), onProgress: onProgress)
                Bench.balance(summary)
                return summary
            }
        }
    }

    @Test("a service that answers one request in 5 ms takes less than 200 per second, and no iteration comes twice")
    func bottleneck() async throws {
        let seen = Mutex<[String: Int]>([:])
        let step = Scenario.Step(
            name: "step", method: "GET",
            target: Template(segments: [.literal("/"), .variable(.iteration)], escaping: .url), headers: [], body: nil,
            checks: [],
            captures: [], redirects: 0, timeout: nil)
        var search = Self.search
        search.limits[0].maximum = 10e9
        let summary = try await run(Self.load(search), .of(step)) { request in
            seen.withLock { $0[request.line, default: 0] += 1 }
            return [.freeze(5), .respond()]
        }
        let capacity = try #require(summary.capacity)
        #expect(capacity.ending == .found, "\(capacity)")
        let rate = try #require(capacity.rate)
        // What a window leaves waiting may take a fifth of its length more.
        #expect((40..<260).contains(rate), "\(capacity)")
        // What is summed up is the window at that rate.
        #expect(summary.requestedRate == rate)
        #expect(summary.dropped == 0)
        #expect(summary.total.exchanges == capacity.windows.last { $0.rate == rate }?.requests)
        #expect(summary.deliveryProblem() == nil)
        #expect(!summary.isClosedLoop)
        let tried = capacity.windows.filter { $0.outcome != .undelivered }
        #expect(tried.prefix(2).map(\.rate) == [40, 800])
        #expect(tried.count <= Self.search.mostRates)
        #expect(tried[1].outcome == .missed)
        #expect(capacity.windows.allSatisfy { ($0.reason == nil) == ($0.outcome == .held) })
        #expect(seen.withLock { $0.values.allSatisfy { $0 == 1 } })
    }

    @Test("progress is that of all windows together, and never goes back")
    func progress() async throws {
        let seen = Mutex<[LoadProgress]>([])
        var search = Self.search
        // No window ends before it tells.
        search.window = .milliseconds(1100)
        search.to = 400
        search.precision = 0.5
        let summary = try await run(
            Self.load(search), onProgress: { progress in seen.withLock { $0.append(progress) } }
        ) { _ in [.freeze(5), .respond()] }
        let all = seen.withLock { $0 }
        #expect(all.count >= 3)
        for (first, second) in zip(all, all.dropFirst()) {
            #expect(first.elapsed < second.elapsed)
            #expect(first.exchanges <= second.exchanges)
            #expect(first.latencySum <= second.latencySum)
            #expect(first.latencyMaximum <= second.latencyMaximum)
        }
        let made = try #require(summary.capacity).windows.reduce(0) { $0 + $1.requests }
        let last = try #require(all.last)
        #expect(last.exchanges <= made)
        #expect(last.exchanges > summary.total.exchanges)
    }

    @Test("a service that fails requests has no capacity, however fast it is")
    func failing() async throws {
        var search = Self.search
        search.limits[0].maximum = 10e9
        let summary = try await run(Self.load(search)) { _ in [.respond(500)] }
        let capacity = try #require(summary.capacity)
        #expect(capacity.ending == .belowRange)
        #expect(capacity.rate == nil)
        #expect(capacity.windows.map(\.rate) == [40])
        #expect(
            capacity.problem
                == "even the lowest rate, 40/s, did not hold: errors.rate was 100 %, over 0 %; lower load.from")
        #expect(summary.deliveryProblem() == nil)
    }

    @Test("a service that takes every rate tells so, and has no figure")
    func everyRate() async throws {
        var search = Self.search
        search.limits[0].maximum = 10e9
        search.to = 120
        let summary = try await run(Self.load(search)) { _ in [.respond()] }
        let capacity = try #require(summary.capacity)
        #expect(capacity.windows.filter { $0.outcome == .held }.map(\.rate) == [40, 120])
        #expect(capacity.ending == .aboveRange)
        #expect(capacity.rate == nil)
    }

    @Test("several loads and a search do not run together")
    func together() async throws {
        let endpoint = try Endpoint("http://127.0.0.1:1")
        await #expect(throws: LoadError.invalidPlan("a search for the capacity runs together with other loads")) {
            try await LoadGenerator.withGenerator(
                loads: [Self.load(), Bench.open], scenario: .of(.get("step", "/")), target: endpoint, seed: 1
            ) { _ in }
        }
    }

    // MARK: what a window says

    /// A window of one second at 100 per second, in which everything was as asked.
    private func window() -> LoadSummary {
        var summary = LoadSummary(stepNames: ["step"], requestedRate: 100)
        summary.arrivals = 100
        summary.flowsCompleted = 100
        summary.total.completed = 100
        summary.dispatchSpan = 990_000_000
        summary.elapsed = 1_000_000_000
        for _ in 0..<100 {
            summary.total.latency.record(2_000_000)
            summary.lateness.record(50_000)
        }
        return summary
    }

    private func judged(_ change: (inout LoadSummary) -> Void) -> String {
        var summary = window()
        change(&summary)
        let (outcome, reason) = Self.search.judge(summary, length: .seconds(1))
        return outcome.rawValue + (reason.map { ": \($0)" } ?? "")
    }

    @Test("what was delivered and is within the limits holds, also at the limits")
    func held() {
        #expect(judged { _ in } == "held")
        var search = Self.search
        search.limits = [.init(.latencyMax, maximum: 2_000_000), .init(.errorsRate, maximum: 0.01)]
        var summary = window()
        summary.total.completed = 99
        summary.total.failed = 1
        #expect(search.judge(summary, length: .seconds(1)).outcome == .held)
        summary.total.completed = 98
        summary.total.timedOut = 1
        let judged = search.judge(summary, length: .seconds(1))
        #expect(judged.outcome == .missed)
        #expect(judged.reason == "errors.rate was 2 %, over 1 %")
    }

    @Test("every limit that is missed is named")
    func limits() {
        #expect(
            judged { summary in
                for _ in 0..<100 { summary.total.latency.record(80_000_000) }
                summary.total.failed = 100
            } == "missed: latency.p90 was 80 ms, over 40 ms, errors.rate was 50 %, over 0 %")
    }

    @Test("what the service could not take does not hold")
    func notTaken() {
        #expect(judged { $0.dropped = 3 } == "missed: 3 of 100 arrivals found no free connection in time")
        #expect(
            judged { summary in
                summary.dispatchSpan = 1_100_000_000
                for _ in 0..<100 { summary.connectionWait.record(10_000_000) }
            } == "missed: 90/s of 100/s were started because all connections were busy")
    }

    @Test("what the generator could not do says nothing of the service")
    func notMade() {
        // Whatever else was seen.
        let late = judged { summary in
            for _ in 0..<100 { summary.lateness.record(30_000_000) }
            summary.dropped = 3
            summary.total.failed = 100
        }
        #expect(late.hasPrefix("undelivered: the load generator sent 1 in 100 requests more than 30"))
        #expect(
            judged { summary in
                // Of one second in which requests were sent, and ten of waiting for the last.
                summary.generatorCPU = 900_000_000
                summary.elapsed = 11_000_000_000
                summary.dropped = 3
            } == "undelivered: the load generator's thread was busy 90 % of the time; lower load.to")
        #expect(
            judged { $0.dispatchSpan = 1_100_000_000 }
                == "undelivered: 90 of 100 flows per second were started because the load generator fell behind; "
                + "lower load.to or give the machine more processor time")
    }

    @Test("the lateness allowed is half of the strictest latency at most")
    func strictLateness() {
        var search = Self.search
        search.limits[0].maximum = 5e6
        var summary = window()
        for _ in 0..<100 { summary.lateness.record(4_000_000) }
        #expect(search.judge(summary, length: .seconds(1)).outcome == .undelivered)
        #expect(Self.search.judge(summary, length: .seconds(1)).outcome == .held)
    }
}
