import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Swift services as they are, with the probe preloaded: the planted function is named first.
@Suite(.besideOthers) struct NativeServiceTests {
    private static let demo = Repository.root + "/.build/release/DemoService --port {port}"
    private static let hummingbird = Repository.root + "/.build/fixtures/hummingbird-service --port {port}"

    /// Counts are the same in every round, and however fast requests come, so three rounds of few requests tell all
    /// there is.
    private static func plan(
        _ command: String, capture: String = "{ native: auto }", path: String = "/items?page=3"
    )
        -> String
    {
        """
        version: 1
        rounds: 3
        service:
          command: \(command)
          ready: { get: /healthz, timeout: 20s }
          url: http://127.0.0.1:{port}
          capture: \(capture)
        load: { executor: constant-vus, users: 8, warmup: 500ms, requests: 400 }
        scenario:
          flows:
            - name: browse
              steps:
                - { name: list items, get: "\(path)", check: { status: 200 } }

        """
    }

    private static let budgets = """
        {
          "version": 1,
          "budgets": {
            "allocations.perRequest": { "maxIncrease": "0.1%", "floor": 0.1 },
            "allocations.bytesPerRequest": { "maxIncrease": "2%", "floor": "256B" },
            "tasks.createdPerRequest": { "maxIncrease": "1%", "floor": 0.1 },
            "tasks.leakedPer1000": { "max": 0 },
            "memory.growthPer1000": { "max": "1MiB" },
            "fds.leakedPer1000": { "max": 0 },
            "errors.rate": { "max": "0%" }
          }
        }
        """

    private func gate(
        _ service: String, dials: String = "", path: String = "/items?page=3", budgets: String = budgets
    ) throws -> (Gate, Command.Result) {
        let gate = try Gate(plan: Self.plan(service, path: path), budgets: budgets)
        let command = dials.isEmpty ? service : "exec env \(dials) \(service)"
        return (gate, try gate.run(["--base-command", service, "--command", command]))
    }

    private func functions(_ gate: Gate, _ metric: String) throws -> [ReportFile.Function] {
        try #require(try gate.report().attribution(of: metric)?.functions)
    }

    // MARK: the demo service: handlers on an event loop

    @Test(.alone) func aCleanChangePasses() throws {
        let (gate, result) = try gate(Self.demo)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("pass").count == 7, "\(result.output)")
        #expect(try gate.perfgate(["compare", "run"]).output == result.output)
        // What the probe left behind is cleared away.
        #expect(probeFolders() == [])
    }

    @Test func oneAllocationMoreIsFoundAndItsFunctionIsNamed() throws {
        let (gate, result) = try gate(Self.demo, dials: "DEMO_EXTRA_ALLOCATIONS=1")
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed") == ["allocations.perRequest"])
        let first = try #require(try functions(gate, "allocations.perRequest").first)
        #expect(first.function.contains("DemoService.buildAuditTrail(entries:)"), "\(first)")
        #expect(first.file.hasSuffix("Sources/DemoService/Dials/buildAuditTrail.swift"), "\(first)")
        #expect(abs(first.cumulativeChange - 1) < 0.01, "\(first)")
    }

    @Test func aLeakedTaskIsFoundWithWhereItWaitsAndWhoCreatedIt() throws {
        let (gate, result) = try gate(Self.demo, dials: "DEMO_LEAK_TASKS=10")
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("tasks.leakedPer1000"))
        let first = try #require(try gate.report().attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(first.state == "suspended on a continuation")
        // Every tenth request of 400 in each of three rounds.
        #expect(first.growth == 120, "\(first)")
        #expect(first.frames.first?.function == "DemoService.waitForLogEntry()", "\(first)")
        #expect(first.createdBy?.function == "DemoService.leakTask()", "\(first)")
    }

    @Test func memoryThatIsKeptIsFoundAndItsFunctionIsNamed() throws {
        let (gate, result) = try gate(Self.demo, dials: "DEMO_LEAK_MEMORY=4096")
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("memory.growthPer1000"))
        let first = try #require(try functions(gate, "memory.growthPer1000").first)
        #expect(first.function.contains("DemoService.rememberSession"), "\(first)")
    }

    @Test(.alone) func processorTimeIsExplainedBySamples() throws {
        let budgets = #"{"version": 1, "budgets": {"cpu.perRequest": {"maxIncrease": "20%", "floor": "300us"}}}"#
        let (gate, result) = try gate(Self.demo, dials: "DEMO_EXTRA_CPU=1500", budgets: budgets)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let first = try #require(try functions(gate, "cpu.perRequest").first)
        #expect(first.function == "DemoService.recomputeChecksum(rounds:)", "\(first)")
    }

    @Test func whoSwitchesTheProbeOffHasNoCounts() throws {
        let gate = try Gate(plan: Self.plan(Self.demo, capture: "{ native: off }"), budgets: Self.budgets)
        let result = try gate.run(["--base-command", Self.demo])
        #expect(result.status == 1, "\(result.output)\(result.error)")
        #expect(
            try gate.report().failures.contains {
                $0.contains("service.capture.native is off, so nothing counts inside the service")
            })
    }

    // MARK: a Hummingbird service: a task for each connection

    @Test func aHummingbirdServiceIsCountedToTheObject() throws {
        let (gate, result) = try gate(Self.hummingbird, dials: "HB_EXTRA_ALLOCATIONS=1", path: "/tasks")
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed") == ["allocations.perRequest"])
        let first = try #require(try functions(gate, "allocations.perRequest").first)
        #expect(first.function.contains("buildAuditTrail(entries:)"), "\(first)")
        #expect(abs(first.cumulativeChange - 1) < 0.01, "\(first)")
    }

    @Test func tasksAreCountedAndTheirCreatorIsNamed() throws {
        let (gate, result) = try gate(Self.hummingbird, dials: "HB_EXTRA_TASKS=2 HB_LEAK_TASK=4", path: "/tasks")
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").isSuperset(of: ["tasks.createdPerRequest", "tasks.leakedPer1000"]))
        let creators = try functions(gate, "tasks.createdPerRequest")
        #expect(creators.first?.function.contains("notifyAuditors(count:)") == true, "\(creators)")
        let leaked = try #require(report.attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(leaked.state == "suspended on a continuation")
        #expect(leaked.growth == 300, "\(leaked)")
        #expect(leaked.frames.first?.function.contains("waitForLogEntry()") == true, "\(leaked)")
        #expect(leaked.createdBy?.function.contains("leakTask()") == true, "\(leaked)")
    }

    // MARK: faults

    /// The service is killed in the middle: no verdict, nothing left.
    @Test(.alone) func aServiceThatIsKilledIsNoVerdict() throws {
        let (gate, result) = try gate(Self.demo, dials: "DEMO_CRASH_AFTER=300")
        #expect(result.status == 1, "\(result.output)\(result.error)")
        #expect(try gate.report().outcome == "failed")
        #expect(probeFolders() == [])
    }

    /// What a killed perfgate leaves is cleared away by the next one.
    @Test(.alone) func aKilledPerfgateLeavesNothingForLong() throws {
        let gate = try Gate(plan: Self.plan(Self.demo), budgets: Self.budgets)
        let running = try gate.start(["run", "--output", "killed"])
        for _ in 0..<1000 where probeFolders().isEmpty { usleep(10_000) }
        usleep(500_000)
        running.send(SIGKILL)
        #expect(try running.wait(seconds: 30).status == 128 + SIGKILL)
        #expect(!probeFolders().isEmpty)
        let result = try gate.run(["--base-command", Self.demo])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(probeFolders() == [])
    }

    private func probeFolders() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
        return names.filter { $0.hasPrefix("perfgate-probe-") }
    }
}
