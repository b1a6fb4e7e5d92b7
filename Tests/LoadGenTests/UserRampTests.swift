import HTTPWire
import Measures
import Plans
import Synchronization
import TestSupport
import Testing

@testable import LoadGen

@Suite("Users of a ramp")
struct UserRampTests {
    private func ramp(from start: Double, _ stages: (users: Double, milliseconds: Int)...) -> Ramp {
        Ramp(start: start, stages: stages.map { .init(level: $0.users, duration: .milliseconds($0.milliseconds)) })
    }

    @Test("users begin when the level has reached them, and end when it has left them")
    func levels() throws {
        let users = try UserRamp(ramp(from: 0, (4, 400), (4, 200), (1, 300), (0, 100)))
        let instants: [UInt64] = [
            0, 99, 100, 199, 200, 399, 400, 599, 600, 601, 700, 701, 799, 800, 899, 900, 999, 1000,
        ]
        #expect(
            instants.map { users.users(at: $0 * 1_000_000) }
                == [0, 0, 1, 1, 2, 3, 4, 4, 4, 4, 3, 3, 3, 2, 2, 1, 1, 0])
        #expect(users.length == 1_000_000_000)
    }

    @Test("the next user begins at the first instant that has more")
    func rises() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            var ramp = Ramp(start: Double(generator.below(20)), stages: [])
            for _ in 0...generator.below(4) {
                let duration = Duration.nanoseconds(Int64(1 + generator.below(3_000_000_000)))
                ramp.stages.append(.init(level: Double(generator.below(20)), duration: duration))
            }
            guard ramp.peak > 0 else { continue }
            let users = try UserRamp(ramp)
            var instant: UInt64 = 0
            var steps = 0
            // From rise to rise: just before each there are no more users than before.
            while let next = users.rise(above: users.users(at: instant), after: instant) {
                #expect(next > instant)
                let before = users.users(at: instant)
                if next < users.length { #expect(users.users(at: next) > before, "\(ramp) \(instant) \(next)") }
                for sample in 1..<20 as Range<UInt64> {
                    let between = instant + (next - instant) * sample / 20
                    if between + 1 < next { #expect(users.users(at: between) <= before, "\(ramp) \(between)") }
                }
                instant = next
                steps += 1
            }
            #expect(steps < 200)
        }
    }

    @Test("a ramp asks for whole users, some at least")
    func refused() {
        #expect(throws: LoadError.invalidPlan("the stages have no users")) { try UserRamp(ramp(from: 0, (0, 5))) }
        #expect(throws: LoadError.invalidPlan("the stages have no users")) { try UserRamp(ramp(from: 5)) }
        #expect(throws: LoadError.invalidPlan("1.5 users are not a whole number from 0 to 65535")) {
            try UserRamp(ramp(from: 0, (1.5, 5)))
        }
        #expect(throws: LoadError.invalidPlan("a stage takes no time")) { try UserRamp(ramp(from: 0, (5, 0))) }
    }

    @Test("the number of active users follows the stages, and every flow that was begun is ended")
    func engine() async throws {
        let ramp = ramp(from: 0, (4, 400), (4, 200), (1, 200), (1, 800))
        let load = Load(
            executor: .rampingUsers(ramp), connections: 4, warmup: .zero, work: .duration(ramp.length),
            timeout: .seconds(10))
        let seen = Mutex<[(instant: ContinuousClock.Instant, connection: Int)]>([])
        let summary = try await Bench.run(load, .of(.get("one", "/1"), .get("two", "/2"))) { request in
            seen.withLock { $0.append((.now, request.connection)) }
            return [.freeze(1), .respond()]
        }
        let requests = seen.withLock { $0 }
        let end = try #require(requests.last).instant
        #expect(Set(requests.map(\.connection)).count == 4)
        let last = requests.filter { $0.instant > end - .milliseconds(400) }
        #expect(last.count > 20)
        #expect(Set(last.map(\.connection)).count == 1)
        #expect(summary.flowsFailed == 0)
        #expect(summary.steps[0].completed == summary.steps[1].completed)
        #expect(summary.requestedRate == nil)
        #expect(summary.deliveryProblem() == nil)
        #expect(summary.connectionsOpened == 0)
    }

    @Test("users that were not needed at the end are there for the next phase")
    func phases() async throws {
        let ramp = ramp(from: 3, (0, 1000))
        let load = Load(
            executor: .rampingUsers(ramp), connections: 3, warmup: .zero, work: .duration(ramp.length),
            timeout: .seconds(10))
        let seen = Mutex<Set<Int>>([])
        let script: ScriptedServer.Script = { request in
            seen.withLock { _ = $0.insert(request.connection) }
            return [.freeze(1), .respond()]
        }
        try await ScriptedServer.with(script) { server in
            let endpoint = try Endpoint("http://127.0.0.1:\(server.port)")
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")), target: endpoint, seed: 1
            ) { generator in
                try await generator.openConnections()
                for _ in 0..<3 {
                    seen.withLock { $0 = [] }
                    Bench.balance(try await generator.run(.steady(load.work)))
                    #expect(seen.withLock { $0 }.count == 3)
                }
            }
        }
    }
}
