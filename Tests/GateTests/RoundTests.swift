import Captures
import LoadGen
import Measures
import Plans
import Recordings
import TestSupport
import Testing

@testable import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// What a round does around its load, and in which order.
@Suite struct RoundTests {
    private let service: NotingService

    init() throws {
        service = try NotingService()
    }

    /// `address` is that of a service that runs already.
    @discardableResult
    private func run(
        failing: String = "none", silent: String = "none", parts: Bool = true, warmup: String = "200ms",
        work: String = "requests: 30", address: String? = nil
    ) async throws -> HalfRound {
        let command = service.command(failing: failing, silent: silent)
        let launch = "command: \(command)\n  capture: { native: off }"
        let plan = try service.plan(
            (address == nil ? launch + "\n  " : "") + "url: \(address ?? "http://127.0.0.1:{port}")",
            load: "warmup: \(warmup), \(work)", timeout: silent == "none" ? "30s" : "300ms", parts: parts)
        let log = service.log
        let runner = HalfRoundRunner(
            plan: plan, watchesLeaks: false, folder: try RunFolder(creating: service.folder + "/run"), seed: 1,
            listener: { event in
                guard case .phase(let phase, _, _, _) = event else { return }
                let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
                defer { close(file) }
                _ = Array("\(phase.rawValue)\n".utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            })
        let target = Target(
            description: SideDescription(role: .candidate, name: "work tree", commit: nil, command: command),
            command: address == nil ? command : nil, directory: service.folder, url: plan.service.url,
            service: plan.service, symbols: NativeSymbols())
        var ports = SeededGenerator(seed: UInt64.random(in: .min ... .max))
        return try await runner.run(
            target, port: try LoopbackPort.free(using: &ports), name: "round-1", round: 1, of: 1)
    }

    @Test(arguments: ["200ms", "0s"])
    func everythingIsDoneInItsOrder(warmup: String) async throws {
        let half = try await run(warmup: warmup)
        #expect(half.load.total.completed == 30)
        #expect(half.load.steps.map(\.name) == ["use"])
        #expect(half.load.connectionsOpened == 0)
        let (order, connections) = service.events()
        let warming = warmup == "0s" ? [] : ["warming up", "/use/v1/v1"]
        #expect(
            order == ["starting", "setting up", "/create", "/login/v1"] + warming
                + ["settling", "load", "/use/v1/v1", "settling", "tearing down", "/remove/v1", "stopping"])
        // Users keep the connections they were set up on.
        #expect(connections["/login/v1"]?.count == 3)
        #expect(connections["/use/v1/v1"] == connections["/login/v1"])
    }

    @Test func withoutPartsConnectionsAreNew() async throws {
        try await run(parts: false)
        let (order, connections) = service.events()
        #expect(order == ["starting", "warming up", "/use", "settling", "load", "/use", "settling", "stopping"])
        #expect(connections["/use"]?.count == 6)
    }

    @Test(arguments: [
        ("/create", "setup failed in the step \"create\""), ("/login/v1", "user-setup failed in the step \"log in\""),
        ("/remove/v1", "teardown failed in the step \"remove\""),
    ])
    func aPartThatFailsEndsTheRound(failing: String, reason: String) async throws {
        let error = await #expect(throws: GateError.self) { try await run(failing: failing) }
        #expect(
            error?.message
                == "candidate: the load was not delivered: \(reason): status 500, expected 200 to 399")
        #expect(error?.exitStatus == 1)
        #expect(service.events().order.last == failing)
    }

    @Test func aServiceThatRunsOnIsLeftAsItWasFoundAlsoAfterAnInterruption() async throws {
        try await service.running { address in
            let round = Task { try await run(work: "duration: 10m", address: address) }
            #expect(await service.sees("load", "/use/v1/v1"))
            round.cancel()
            await #expect(throws: LoadError.cancelled) { try await round.value }
            #expect(service.removals() == (1, []))
        }
    }

    @Test func anInterruptionOfTheTeardownLetsItEndAndIsNotForgotten() async throws {
        try await service.running(silent: "/remove/v1", seconds: 1) { address in
            let round = Task { try await run(address: address) }
            #expect(await service.sees("tearing down", "/remove/v1"))
            round.cancel()
            await #expect(throws: CancellationError.self) { try await round.value }
            #expect(service.removals() == (1, []))
        }
    }

    @Test(arguments: [("/login/v1", "none"), ("none", "/use/v1/v1")])
    func whateverFailsAfterTheSetup(failing: String, silent: String) async throws {
        try await service.running(failing: failing, silent: silent) { address in
            await #expect(throws: (any Error).self) {
                try await run(silent: silent, work: "duration: 10m", address: address)
            }
            #expect(service.removals() == (1, []))
        }
    }

    @Test func aServiceThatEndsWithItsRoundIsNot() async throws {
        await #expect(throws: LoadError.self) { try await run(silent: "/use/v1/v1", work: "duration: 10m") }
        #expect(service.removals() == (0, []))
    }

    @Test func nothingIsTakenDownThatWasNotSetUp() async throws {
        try await service.running(failing: "/create") { address in
            await #expect(throws: GateError.self) { try await run(address: address) }
            #expect(service.removals() == (0, []))
        }
    }
}
