import ProbeReader
import TestSupport
import Testing

@testable import Captures

#if canImport(Glibc)
    import Glibc
#endif

/// Services of several processes, with the probe in them.
@Suite struct ProbedServiceTests {
    /// Starts a program under the probe, waits until it has said a word so many times, and looks at it.
    private func withService(
        _ words: [String], mode: ProbeMode = [], ready count: Int = 1,
        _ body: (ProbedService, Command) async throws -> Void
    ) async throws {
        let probe = try PreloadedProbe(mode: mode, library: ProbePrograms.library)
        defer { probe.remove() }
        let command = try Command(
            words[0], Array(words.dropFirst()), in: "/", environment: probe.environment(of: [:]))
        let tree = ProcessTree(root: command.processID)
        defer {
            for process in (try? tree.processIDs()) ?? [] { kill(process, SIGKILL) }
            _ = try? command.wait()
        }
        try waitFor("ready", count, in: command)
        try await body(ProbedService(probe, tree, NativeSymbols()), command)
    }

    private func waitFor(_ word: String, _ count: Int, in command: Command) throws {
        for _ in 0..<2000 where command.outputSoFar().ranges(of: word).count < count { usleep(5000) }
        try #require(command.outputSoFar().ranges(of: word).count == count, "\(command.errorSoFar())")
    }

    @Test func allProcessesCountAndTheBusiestIsLookedAt() async throws {
        let hold = ProbePrograms.path("processes") + " hold"
        try await withService(["/bin/sh", "-c", "\(hold) & \(hold) & wait"], ready: 2) { service, _ in
            let counts = try await service.stillCounts()
            let workers = counts.running.filter { $0.executable.hasSuffix("/processes") }
            #expect(workers.count == 2)
            for worker in workers { #expect(counts.processes[worker]?.allocations ?? 0 >= 1000) }
            #expect(counts.allocations >= 2000)
            let busiest = try service.busiest()
            #expect(busiest.file.process.executable.hasSuffix("/processes"))
            // The shell between them did too little to be spoken of.
            #expect(busiest.others == 1)
            #expect(try service.tasks() == .none)
            #expect(try await service.tasksProfile() == nil)
        }
    }

    /// What an ended child did stays done, and the others are no less for it.
    @Test func aChildThatEndedStaysCounted() async throws {
        let program = ProbePrograms.path("processes")
        try await withService(["/bin/sh", "-c", "\(program) sum 700; exec \(program) hold"]) { service, _ in
            let counts = try await service.stillCounts()
            #expect(counts.processes.filter { $0.key.executable.hasSuffix("/processes") }.count == 2)
            #expect(counts.allocations >= 1700)
            #expect(counts.running.count == 1)
        }
    }

    @Test(arguments: [("/bin/true", true), (ProbePrograms.path("tasks-fully-static"), false), ("/nowhere", true)])
    func aChildThatRanWithoutTheProbeIsAGap(child: String, counts: Bool) async throws {
        try await withService([ProbePrograms.path("processes"), "runs", child]) { service, command in
            let before = try await service.stillCounts()
            #expect(before.gap(since: before) == nil)
            command.send(SIGUSR1)
            try waitFor("done", 1, in: command)
            let after = try await service.stillCounts()
            #expect((after.gap(since: before) == nil) == counts)
            // Told once and not for ever.
            #expect(try await service.stillCounts().gap(since: after) == nil)
        }
    }

    /// A program that lives on without the probe is no service to be counted.
    @Test func aProcessThatDoesNotCountIsMissed() async throws {
        let fully = ProbePrograms.path("tasks-fully-static")
        try await withService(["/bin/sh", "-c", "echo ready; exec \(fully) 100 /nowhere"]) { service, _ in
            for _ in 0..<400 where try service.countsNow().missing == nil { usleep(5000) }
            await #expect(throws: CaptureError.self) { try await service.counts() }
        }
    }
}
