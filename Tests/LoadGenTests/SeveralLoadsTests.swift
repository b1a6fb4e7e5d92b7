import HTTPWire
import Measures
import Plans
import Synchronization
import Testing

@testable import LoadGen

@Suite("Several loads that run together")
struct SeveralLoadsTests {
    private static let scenario = Scenario(
        data: [],
        flows: [
            Scenario.Flow(name: "browse", weight: 3, steps: [.get("list", "/list")]),
            Scenario.Flow(name: "buy", weight: 1, steps: [.get("order", "/order"), .get("pay", "/pay")]),
        ])

    private static let browsers = Load(
        name: "browsers", flows: ["browse"], executor: .constantArrivalRate(perSecond: 200), connections: 3,
        warmup: .milliseconds(50), work: .duration(.milliseconds(500)), timeout: .seconds(30))
    private static let buyers = Load(
        name: "buyers", start: .milliseconds(250), flows: ["buy"], executor: .constantUsers(2), connections: 2,
        warmup: .zero, work: .requests(40), timeout: .seconds(30))

    private func run(
        _ loads: [Load], _ scenario: Scenario = scenario, phases: [LoadGenerator.Phase] = [.steady()],
        onProgress: (@Sendable (LoadProgress) -> Void)? = nil, _ script: @escaping ScriptedServer.Script
    ) async throws -> LoadSummary {
        try await ScriptedServer.with(script) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            return try await LoadGenerator.withGenerator(loads: loads, scenario: scenario, target: endpoint, seed: 42) {
                #expect(try await $0.openConnections() == loads.reduce(0) { $0 + $1.connections })
                var last: LoadSummary?
                for phase in phases {
                    let summary = try await $0.run(phase, onProgress: onProgress)
                    Bench.balance(summary)
                    for part in summary.loads ?? [] { Bench.balance(part.summary) }
                    last = summary
                }
                return try #require(last)
            }
        }
    }

    @Test("each runs its own flows on its own connections and has its own books, which add up")
    func books() async throws {
        let seen = Mutex<[String: Set<Int>]>([:])
        let summary = try await run([Self.browsers, Self.buyers]) { request in
            let path = request.line == "GET /list HTTP/1.1" ? "list" : "buy"
            seen.withLock { _ = $0[path, default: []].insert(request.connection) }
            return [.respond()]
        }
        let connections = seen.withLock { $0 }
        #expect(connections["list"]?.isDisjoint(with: connections["buy"] ?? []) == true)
        #expect(connections["buy"]?.count == 2)
        let parts = try #require(summary.loads)
        #expect(parts.map(\.name) == ["browsers", "buyers"])
        #expect(parts.map(\.start) == [0, 250_000_000])
        #expect(parts.map(\.summary.arrivals) == [100, 20])
        #expect(parts.map(\.summary.requestedRate) == [200, nil])
        #expect(parts.map { $0.summary.steps.map(\.name) } == [["list"], ["order", "pay"]])
        #expect(summary.steps.map(\.name) == ["list", "order", "pay"])
        #expect(summary.steps.map(\.completed) == [100, 20, 20])
        #expect(summary.total.completed == 140)
        #expect(summary.arrivals == 120)
        #expect(summary.requestedRate == nil)
        #expect(summary.isClosedLoop)
        #expect(summary.lateness.count == 100)
        #expect(summary.elapsed > 490_000_000)
        #expect(summary.dispatchSpan > 490_000_000)
    }

    @Test("a load starts so long after the others as it says, and its arrivals are due from then on")
    func start() async throws {
        let began = ContinuousClock.now
        let first = Mutex<[String: ContinuousClock.Instant]>([:])
        var late = Self.buyers
        late.executor = .constantArrivalRate(perSecond: 100)
        late.work = .duration(.milliseconds(100))
        let summary = try await run([late, Self.browsers]) { request in
            let path = String(request.line.prefix(8))
            first.withLock { if $0[path] == nil { $0[path] = .now } }
            return [.respond()]
        }
        let instants = first.withLock { $0 }
        #expect(try #require(instants["GET /ord"]) - began > .milliseconds(250))
        let part = try #require(summary.loads).first?.summary
        #expect(part?.arrivals == 10)
        #expect(part?.lateness.count == 10)
        // Its own instants are from its beginning, those of all loads from the beginning of all.
        #expect(try #require(part?.steps[0].slowest).allSatisfy { $0.due < 100_000_000 })
        let step = try #require(summary.steps.first { $0.name == "order" })
        #expect(try #require(step.slowest).allSatisfy { $0.due >= 250_000_000 && $0.due < 350_000_000 })
        #expect(try #require(part).elapsed < 10_000_000_000)
    }

    @Test("users and iterations of several loads are never the same, also in the warm-up, which ignores the start")
    func numbers() async throws {
        var step = Scenario.Step.get("step", "/")
        step.target = Template(
            segments: [.literal("/"), .variable(.user), .literal("/"), .variable(.iteration)], escaping: .url)
        var first = Self.buyers
        first.flows = nil
        var second = first
        second.name = "others"
        second.start = .milliseconds(20)
        // Long enough for a request on a machine that is busy with other things.
        second.warmup = .seconds(3)
        let seen = Mutex<[String]>([])
        let summary = try await run([first, second], .of(step), phases: [.warmup, .steady()]) { request in
            seen.withLock { $0.append(String(request.line.dropFirst(5).dropLast(9))) }
            return [.respond()]
        }
        let pairs = seen.withLock { $0 }.map { $0.split(separator: "/").compactMap { Int($0) } }
        #expect(Set(pairs.map { $0[1] }).count == pairs.count)
        let ofSecond = pairs.filter { $0[1] >= 1_000_000_000_000 }
        #expect(Set(ofSecond.map { $0[0] }).isSubset(of: [2, 3]))
        #expect(ofSecond.contains { $0[1] == 1_001_000_000_000 }, "\(ofSecond)")
        #expect(ofSecond.contains { $0[1] == 1_000_000_000_000 })
        #expect(pairs.contains([0, 0]) || pairs.contains([1, 0]))
        #expect(summary.total.completed == 80)
    }

    @Test("what is set up once is known to the users of every load, and every user sets itself up")
    func setup() async throws {
        func step(_ name: String, _ target: String, captures variable: String?) -> Scenario.Step {
            Scenario.Step.get(
                name, target,
                captures: variable.map { [Scenario.Capture(variable: $0, source: .json(.keys("id")))] } ?? [])
        }
        var scenario = Self.scenario
        scenario.setup = [.request(step("once", "/once", captures: "once"))]
        scenario.userSetup = [.request(step("each", "/each", captures: "each"))]
        for index in scenario.flows.indices {
            var using = step("use \(index)", "/use", captures: nil)
            using.target = Template(
                segments: [
                    .literal("/use/"), .variable(.captured("once")), .literal("/"), .variable(.captured("each")),
                ],
                escaping: .url)
            scenario.flows[index] = Scenario.Flow(name: scenario.flows[index].name, weight: 1, steps: [using])
        }
        let seen = Mutex<[String]>([])
        let summary = try await run(
            [Self.browsers, Self.buyers], scenario, phases: [.setup, .userSetup, .steady()]
        ) { request in
            let number = seen.withLock { seen in
                seen.append(request.line)
                return seen.count
            }
            return [.respond(200, "{\"id\":\"n\(number)\"}")]
        }
        let lines = seen.withLock { $0 }
        #expect(lines.filter { $0 == "GET /once HTTP/1.1" }.count == 1)
        #expect(lines.filter { $0 == "GET /each HTTP/1.1" }.count == 5)
        let uses = Set(lines.filter { $0.hasPrefix("GET /use") })
        #expect(uses.allSatisfy { $0.hasPrefix("GET /use/n1/n") })
        #expect((4...5).contains(uses.count))
        #expect(summary.total.failed == 0)
    }

    @Test("a load that was not delivered is named")
    func undelivered() async throws {
        var hungry = Self.browsers
        hungry.name = "hungry"
        hungry.connections = 1
        hungry.executor = .constantArrivalRate(perSecond: 1000)
        let summary = try await run([Self.buyers, hungry]) { _ in [.freeze(2), .respond()] }
        let problem = try #require(summary.deliveryProblem())
        #expect(problem.description.hasPrefix("load \"hungry\": "))
        #expect(problem.description.contains("of 1000 flows per second were started"))
        #expect(!problem.isGeneratorsFault)
    }

    @Test("a cancelled phase ends at once, loads that have not started included")
    func cancellation() async throws {
        var early = Self.browsers
        early.warmup = .milliseconds(50)
        var late = Self.buyers
        late.warmup = .milliseconds(50)
        late.start = .seconds(600)
        try await ScriptedServer.with({ _ in [.respond()] }) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            let loads = [early, late]
            try await LoadGenerator.withGenerator(loads: loads, scenario: Self.scenario, target: endpoint, seed: 1) {
                generator in
                let task = Task { try await generator.run(.steady()) }
                try await Task.sleep(for: .milliseconds(100))
                await #expect(throws: LoadError.busy) { try await generator.run(.steady()) }
                task.cancel()
                await #expect(throws: LoadError.cancelled) { try await task.value }
                // What was cancelled is gone: the next phase begins anew.
                let again = try await generator.run(.warmup)
                #expect(again.loads?.count == 2)
            }
        }
    }

    @Test("a list of one load names it")
    func one() async throws {
        var load = Self.browsers
        load.flows = nil
        let summary = try await run([load], .of(.get("step", "/"))) { _ in [.respond()] }
        #expect(summary.loads?.map(\.name) == ["browsers"])
        #expect(summary.requestedRate == 200)
        #expect(!summary.isClosedLoop)
    }

    @Test("progress is that of all loads")
    func progress() async throws {
        var long = Self.browsers
        long.work = .duration(.milliseconds(2500))
        var other = long
        other.name = "other"
        let reports = Mutex<[LoadProgress]>([])
        _ = try await run([long, other], Self.browseOnly) { progress in
            reports.withLock { $0.append(progress) }
        } _: { _ in
            [.respond()]
        }
        let last = try #require(reports.withLock { $0.last })
        #expect((1...4).contains(reports.withLock { $0.count }))
        #expect(last.expected == .milliseconds(2500))
        // The rate of one load alone would be half of what was answered.
        #expect(last.achievedRate * (last.elapsed / .seconds(1)) > 0.7 * Double(last.exchanges))
    }

    @Test("the latency of loads that have ended stays in what is told of all")
    func latencyOfAll() async throws {
        var slow = Self.buyers
        slow.start = .zero
        slow.connections = 1
        slow.executor = .constantUsers(1)
        slow.work = .requests(2)
        var later = Self.browsers
        later.start = .milliseconds(1600)
        later.work = .duration(.milliseconds(1500))
        let reports = Mutex<[LoadProgress]>([])
        let summary = try await run([slow, later]) { progress in
            reports.withLock { $0.append(progress) }
        } _: { request in
            request.line.contains("/list") ? [.respond()] : [.freeze(700), .respond()]
        }
        let told = [.beginning] + reports.withLock { $0 }
        let last = try #require(told.last)
        #expect(told.count >= 3)
        // The load with the slow requests has ended since.
        #expect(summary.loads?[0].summary.total.latency.sum ?? 0 > 1_200_000_000)
        #expect(last.latencySum > 1_200_000_000)
        #expect(last.latencySum <= summary.total.latency.sum)
        #expect(last.latencyMaximum == summary.total.latency.maximum)
        #expect(last.latencyMaximum >= 700_000_000)
        for (earlier, later) in zip(told, told.dropFirst()) {
            #expect(later.latencySum >= earlier.latencySum && later.latencyMaximum >= earlier.latencyMaximum)
        }
    }

    @Test("the mean of what came since a report, and nothing where sums run backwards")
    func meanLatency() {
        var earlier = LoadProgress.beginning
        earlier.exchanges = 3
        earlier.latencySum = 900
        var later = earlier
        #expect(later.meanLatency(since: earlier) == nil)
        later.exchanges = 5
        later.latencySum = 1000
        #expect(later.meanLatency(since: earlier) == 50)
        #expect(later.meanLatency(since: .beginning) == 200)
        later.latencySum = 899
        #expect(later.meanLatency(since: earlier) == nil)
        #expect(earlier.meanLatency(since: later) == nil)
    }

    private static let browseOnly = Scenario(data: [], flows: [scenario.flows[0]])

    @Test("books of several loads that do not add up are an error, not a summary")
    func accounting() throws {
        var part = LoadSummary(stepNames: ["list"], requestedRate: 5)
        part.arrivals = 2
        part.flowsCompleted = 2
        part.steps[0].completed = 2
        part.total.completed = 2
        for _ in 0..<2 {
            part.steps[0].latency.record(7)
            part.total.latency.record(7)
        }
        func together(_ part: LoadSummary) throws -> LoadSummary {
            let parts = [LoadPart(name: "a", start: 0, summary: part), LoadPart(name: "b", start: 5, summary: part)]
            let outcome = PhaseOutcome(summary: part, start: 10, firstDispatch: 12, lastDispatch: 20, lastEnd: 30)
            var later = outcome
            later.start += 5
            later.firstDispatch += 5
            later.lastDispatch += 5
            later.lastEnd += 5
            return try LoadSummary.together(parts, [outcome, later], stepNames: ["list"])
        }
        let whole = try together(part)
        #expect(whole.arrivals == 4 && whole.total.completed == 4)
        #expect(whole.dispatchSpan == 13 && whole.elapsed == 25)
        var unbalanced = part
        unbalanced.dropped = 1
        #expect(throws: LoadError.accounting("4 arrivals of all loads, but 6 completed, failed or dropped")) {
            try together(unbalanced)
        }
        unbalanced = part
        unbalanced.total.failed = 1
        #expect(throws: LoadError.accounting("6 exchanges of all loads, but 4 recorded")) { try together(unbalanced) }
        unbalanced = part
        unbalanced.steps[0].name = "other"
        #expect(throws: LoadError.accounting("no step is named \"other\"")) { try together(unbalanced) }
    }

    @Test("no load, and too many connections, are refused")
    func refused() async throws {
        let endpoint = try Endpoint("http://127.0.0.1:1")
        await #expect(throws: LoadError.invalidPlan("there is no load")) {
            try await LoadGenerator.withGenerator(
                loads: [], scenario: Self.scenario, target: endpoint, seed: 1
            ) { _ in }
        }
        var large = Self.browsers
        large.connections = 40_000
        await #expect(throws: LoadError.invalidPlan("80000 connections are not between 1 and 65535")) {
            try await LoadGenerator.withGenerator(
                loads: [large, large], scenario: Self.scenario, target: endpoint, seed: 1
            ) { _ in }
        }
    }
}
