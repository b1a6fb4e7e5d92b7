import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Flows with pauses, repetitions and conditions")
struct FlowTests {
    private static let capturing = Scenario.Step.get(
        "first", "/first", captures: [Scenario.Capture(variable: "state", source: .header("X-State"))])

    private static func scenario(_ items: Scenario.Item...) -> Scenario {
        Scenario(data: [], flows: [Scenario.Flow(name: "flow", weight: 1, items: items)])
    }

    private static func choice(
        _ test: Scenario.Condition.Test, isNegated: Bool = false, _ items: [Scenario.Item],
        otherwise: [Scenario.Item] = []
    ) -> Scenario.Item {
        let condition = Scenario.Condition(variable: "state", test: test, isNegated: isNegated)
        return .choice(condition, items, otherwise: otherwise)
    }

    private static func text(_ text: String) -> Template { Template(segments: [.literal(text)]) }

    /// So many flows, whatever their requests.
    private static func flows(_ count: Int, users: Int = 2) -> Load {
        Load(
            executor: .constantArrivalRate(perSecond: 1000), connections: users, warmup: .zero,
            work: .duration(.milliseconds(count)), timeout: .seconds(30))
    }

    @Test("repetitions are done as often as they say, also within one another")
    func repetitions() async throws {
        let scenario = Self.scenario(
            .request(.get("once", "/")),
            .repetition(3, [.request(.get("outer", "/")), .repetition(2, [.request(.get("inner", "/"))])]),
            .repetition(1, [.request(.get("last", "/"))]))
        var load = Bench.closed
        load.work = .requests(44)
        let summary = try await Bench.run(load, scenario) { _ in [.respond()] }
        #expect(summary.arrivals == 4)
        #expect(summary.steps.map(\.completed) == [4, 12, 24, 4])
    }

    @Test("what a failed request leaves of repetitions is skipped", arguments: 0..<10)
    func skippedRepetitions(failing: Int) async throws {
        // once, then three times: outer, inner, inner; then last.
        let scenario = Self.scenario(
            .request(.get("once", "/")),
            .repetition(3, [.request(.get("outer", "/")), .repetition(2, [.request(.get("inner", "/"))])]),
            .request(.get("last", "/")))
        let load = Load(
            executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(11), timeout: .seconds(30))
        let summary = try await Bench.run(load, scenario) { [.respond($0.number == failing ? 500 : 200)] }
        #expect(summary.flowsFailed == 1)
        #expect(summary.total.exchanges == failing + 1)
        #expect(summary.skipped == 10 - failing)
    }

    @Test(
        "conditions look at what was captured",
        arguments: [
            (Scenario.Condition.Test.exists, false, true), (.exists, true, false),
            (.equals(text("blue")), false, true), (.equals(text("blu")), false, false),
            (.equals(text("blue")), true, false), (.equals(text("")), false, false),
            (.contains(text("lu")), false, true), (.contains(text("red")), false, false),
            (.contains(text("red")), true, true),
            (.equals(Template(segments: [.literal("bl"), .variable(.captured("end"))])), false, true),
        ])
    func conditions(test: Scenario.Condition.Test, isNegated: Bool, holds: Bool) async throws {
        var first = Self.capturing
        first.captures.append(Scenario.Capture(variable: "end", source: .header("X-End")))
        let scenario = Self.scenario(
            .request(first),
            Self.choice(
                test, isNegated: isNegated, [.request(.get("yes", "/"))], otherwise: [.request(.get("no", "/"))]))
        let summary = try await Bench.run(Bench.closed, scenario) { _ in
            [.respond(fields: "X-State: blue\r\nX-End: ue\r\n")]
        }
        #expect(summary.steps.map(\.completed) == (holds ? [10, 10, 0] : [10, 0, 10]))
    }

    @Test("a value that was not captured in this flow is not there, also after one where it was")
    func absent() async throws {
        // Flows with an odd number capture; the one after must not see it.
        let scenario = Self.scenario(
            .request(.get("begin", "/begin", captures: [.init(variable: "other", source: .header("X-State"))])),
            .choice(
                Scenario.Condition(variable: "other", test: .equals(Self.text("on"))), [.request(Self.capturing)],
                otherwise: []),
            Self.choice(.exists, [.request(.get("seen", "/seen"))], otherwise: [.request(.get("unseen", "/unseen"))]))
        let load = Load(
            executor: .constantArrivalRate(perSecond: 1000), connections: 1, warmup: .zero,
            work: .duration(.milliseconds(20)), timeout: .seconds(30))
        let begun = Counter()
        let summary = try await Bench.run(load, scenario) { request in
            guard request.line.hasPrefix("GET /begin") else { return [.respond(fields: "X-State: x\r\n")] }
            return [.respond(fields: "X-State: \(begun.next() % 2 == 0 ? "on" : "off")\r\n")]
        }
        #expect(summary.arrivals == 20)
        #expect(summary.steps.map(\.completed) == [20, 10, 10, 10])
        #expect(summary.skipped == 0)
    }

    @Test("the books balance where failures cut flows with conditions short")
    func balance() async throws {
        let scenario = Self.scenario(
            .request(Self.capturing),
            .repetition(
                3,
                [
                    Self.choice(
                        .equals(Self.text("a")),
                        [.request(.get("long 1", "/")), .request(.get("long 2", "/"))],
                        otherwise: [.request(.get("short", "/"))]),
                    .think(.init(from: .zero, to: .milliseconds(2))),
                ]),
            .request(.get("last", "/")))
        let summary = try await Bench.run(Self.flows(200, users: 20), scenario) { request in
            [
                .respond(
                    request.number % 7 == 3 ? 500 : 200, fields: "X-State: \(request.number % 2 == 0 ? "a" : "b")\r\n")
            ]
        }
        #expect(summary.arrivals == 200)
        #expect(summary.flowsFailed > 50)
        #expect(summary.flowsCompleted > 20)
        #expect(summary.skipped > 100)
    }

    @Test("a repetition sees what it captured the time before")
    func paging() async throws {
        let scenario = Self.scenario(
            .repetition(
                4,
                [
                    Self.choice(
                        .exists,
                        [
                            .request(
                                Scenario.Step(
                                    name: "next", method: "GET",
                                    target: Template(
                                        segments: [.literal("/?from="), .variable(.captured("state"))], escaping: .url),
                                    headers: [], body: nil, checks: [], captures: [], redirects: 0, timeout: nil))
                        ], otherwise: [.request(.get("begin", "/begin"))]),
                    .request(Self.capturing),
                ]))
        var load = Bench.closed
        load.work = .requests(80)
        let summary = try await Bench.run(load, scenario) { [.respond(fields: "X-State: n\($0.number)\r\n")] }
        #expect(summary.steps.map(\.completed) == [30, 10, 40])
    }

    @Test("users wait as long as they are to, and a request after a pause is due at its end")
    func pauses() async throws {
        let think = Scenario.Item.think(.init(from: .milliseconds(300), to: .milliseconds(300)))
        let scenario = Self.scenario(think, .request(.get("a", "/")), think, think, .request(.get("b", "/")))
        var closed = Bench.closed
        closed.work = .requests(4)
        for (load, flows) in [(closed, 2), (Self.flows(10, users: 10), 10)] {
            let summary = try await Bench.run(load, scenario) { _ in [.respond()] }
            #expect(summary.arrivals == flows)
            #expect(summary.flowsFailed == 0)
            #expect(summary.connectionsOpened == 0)
            #expect(summary.elapsed >= 900_000_000)
            #expect(summary.total.latency.count == UInt64(2 * flows))
            // The pauses themselves are in no latency.
            #expect(summary.steps.allSatisfy { $0.latency.minimum < 300_000_000 })
            if load != closed { #expect(summary.lateness.count == 10) }
        }
    }

    @Test("an arrival that has to wait for a user in its pause is late by the service's fault")
    func pausesHoldConnections() async throws {
        let scenario = Self.scenario(
            .think(.init(from: .milliseconds(50), to: .milliseconds(50))), .request(.get("a", "/")))
        let summary = try await Bench.run(Self.flows(4, users: 1), scenario) { _ in [.respond()] }
        #expect(summary.total.completed == 4)
        #expect(summary.connectionWait.count == 3)
        // Due at 50, 51, 52 and 53 ms, and made at 50, 100, 150 and 200 at the earliest.
        #expect(summary.total.latency.sum >= 290_000_000)
    }

    @Test("a phase ends with the pauses of its last flows, and gives them up at the drain's bound")
    func drain() async throws {
        let think = Scenario.Item.think(.init(from: .seconds(20), to: .seconds(20)))
        let scenario = Self.scenario(
            .request(.get("a", "/")), think, .repetition(2, [.request(.get("b", "/")), .request(.get("c", "/"))]))
        let summary = try await Bench.run(
            Self.flows(5, users: 5), scenario, options: LoadGeneratorOptions(drainTimeout: .seconds(3))
        ) { _ in [.respond()] }
        #expect(summary.arrivals == 5)
        #expect(summary.flowsFailed == 5)
        #expect(summary.total.completed == 5)
        #expect(summary.skipped == 20)
        #expect(summary.deliveryProblem() == .cutShort(5))
    }

    @Test("a phase whose users pause can be cancelled, and the next one begins anew")
    func cancellation() async throws {
        let think = Scenario.Item.think(.init(from: .milliseconds(300), to: .milliseconds(300)))
        let scenario = Self.scenario(.request(.get("a", "/")), think, .request(.get("b", "/")))
        try await ScriptedServer.with({ _ in [.respond()] }) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            try await LoadGenerator.withGenerator(load: Bench.closed, scenario: scenario, target: endpoint, seed: 1) {
                generator in
                let task = Task { try await generator.run(.steady(.requests(4000))) }
                try await Task.sleep(for: .milliseconds(100))
                task.cancel()
                await #expect(throws: LoadError.cancelled) { try await task.value }
                let summary = try await generator.run(.steady(.requests(4)))
                Bench.balance(summary)
                #expect(summary.total.completed == 4)
            }
        }
    }

    @Test("pauses are drawn evenly, and the same from the same seed, iteration and place")
    func draws() {
        func draws(seed: UInt64) -> [UInt64] {
            (0..<100).flatMap { iteration in
                (0..<10).map { FlowProgram.drawn(9, seed: seed, iteration: iteration, pause: $0) }
            }
        }
        #expect(draws(seed: 3) == draws(seed: 3))
        #expect(draws(seed: 3) != draws(seed: 4))
        let counts = (0..<10).map { value in draws(seed: 3).count { $0 == value } }
        #expect(counts.reduce(0, +) == 1000)
        // Nine degrees of freedom: a chi-squared above 27.9 has a probability of a thousandth.
        #expect(counts.map { Double(($0 - 100) * ($0 - 100)) / 100 }.reduce(0, +) < 27.9)
        #expect(FlowProgram.drawn(0, seed: 1, iteration: 1, pause: 1) == 0)
        #expect(FlowProgram.drawn(.max - 1, seed: 1, iteration: 1, pause: 1) > 0)
    }

    @Test("users are woken in the order of their instants")
    func queue() {
        var queue = WakeQueue(capacity: 4)
        #expect(queue.earliest == nil)
        let dues = (0..<500).map { mixed(UInt64($0)) % 100 }
        for (index, due) in dues.enumerated() { queue.insert(VirtualUser(index: index, slots: 0), due: due) }
        #expect(queue.earliest == dues.min())
        var order: [Int] = []
        while let user = queue.popFirst(dueBy: 49) { order.append(user.index) }
        while let user = queue.popFirst(dueBy: .max) { order.append(user.index) }
        #expect(order == dues.indices.sorted { (dues[$0], $0) < (dues[$1], $1) })
        #expect(queue.popFirst(dueBy: .max) == nil)
    }

    @Test("flows that may end without a request, and counts of requests that no flow keeps, are refused")
    func refused() async throws {
        let empty = Self.scenario(.think(.init(from: .seconds(1), to: .seconds(1))))
        await #expect(throws: LoadError.invalidPlan("the flow \"flow\" may end without a request")) {
            try await Bench.run(Bench.closed, empty) { _ in [.respond()] }
        }
        let free = Self.scenario(.request(Self.capturing), Self.choice(.exists, [.request(.get("b", "/"))]))
        await #expect(throws: LoadError.invalidPlan("the flow \"flow\" does not make a fixed number of requests")) {
            try await Bench.run(Bench.closed, free) { _ in [.respond()] }
        }
    }

    /// Numbers from 0; used on the server's one thread.
    private final class Counter: @unchecked Sendable {
        private var value = 0

        func next() -> Int {
            defer { value += 1 }
            return value
        }
    }
}
