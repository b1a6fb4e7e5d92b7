import TestSupport
import Testing

/// The gate on services with the probe linked in: asked over HTTP like a service of Go, and read from outside.
@Suite(.besideOthers) struct LinkedGateTests {
    private func gate(
        _ kind: LinkedFixture.Kind, _ burdens: String, capture: String, budgets: String, rounds: Int = 3
    ) throws -> (Gate, Command.Result) {
        let service = "\(kind.path) --port {port}"
        let plan = """
            version: 1
            rounds: \(rounds)
            service:
              command: \(service)
              ready: { get: /healthz, timeout: 20s }
              url: http://127.0.0.1:{port}
            \(capture)
            load: { executor: constant-vus, users: 1, warmup: 300ms, requests: 400 }
            scenario:
              flows:
                - name: work
                  steps:
                    - { name: work, get: /work, check: { status: 200 } }

            """
        let gate = try Gate(plan: plan, budgets: budgets)
        let command = burdens.isEmpty ? service : "exec env \(burdens) \(service)"
        return (gate, try gate.run(["--base-command", service, "--command", command]))
    }

    /// Beside the service's routes, so that there is one port only.
    private static let overHTTP = "  capture: { pprof: \"http://127.0.0.1:{port}/debug/pprof\" }"

    private static let budgets = """
        {
          "version": 1,
          "budgets": {
            "allocations.perRequest": { "maxIncrease": "1%", "floor": 0.5 },
            "memory.growthPer1000": { "max": "1MiB" },
            "tasks.leakedPer1000": { "max": 0 },
            "errors.rate": { "max": "0%" }
          }
        }
        """

    @Test func aCleanChangePassesOverHTTP() throws {
        let (gate, result) = try gate(.dynamic, "", capture: Self.overHTTP, budgets: Self.budgets)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").isEmpty)
        #expect(try gate.report().metrics("missing").isEmpty)
    }

    @Test func moreAllocationsAreFoundAndNamedOverHTTP() throws {
        let (gate, result) = try gate(
            .dynamic, "LINKED_OBJECTS=5", capture: Self.overHTTP, budgets: Self.budgets)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed") == ["allocations.perRequest"])
        let functions = try #require(report.attribution(of: "allocations.perRequest")?.functions)
        let audit = try #require(
            functions.first { $0.function == "LinkedService.writeAudit(entries:)" }, "\(functions)")
        #expect(abs(audit.cumulativeChange - 5) < 0.1)
    }

    @Test func leakedTasksAndMemoryAreFoundAndNamedOverHTTP() throws {
        let (gate, result) = try gate(
            .fullyStatic, "LINKED_LEAKS=1 LINKED_KEPT=4000", capture: Self.overHTTP, budgets: Self.budgets)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(
            report.metrics("regressed").isSuperset(of: ["tasks.leakedPer1000", "memory.growthPer1000"]),
            "\(report.metrics("regressed"))")
        let group = try #require(report.attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(group.state == "suspended on a continuation")
        #expect(group.frames.first?.function == "closure #1 in LinkedService.waitForever()")
        #expect(group.createdBy?.function == "LinkedService.waitForever()")
    }

    /// Nothing can be preloaded into a static program; what it has linked in writes where perfgate looks.
    @Test(arguments: [LinkedFixture.Kind.fullyStatic, .dynamic])
    func aLinkedProbeIsReadFromOutside(kind: LinkedFixture.Kind) throws {
        let (gate, result) = try gate(kind, "LINKED_OBJECTS=5", capture: "", budgets: Self.budgets)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed") == ["allocations.perRequest"])
        #expect(report.metrics("missing").isEmpty)
        let functions = try #require(report.attribution(of: "allocations.perRequest")?.functions)
        #expect(functions.contains { $0.function == "LinkedService.writeAudit(entries:)" }, "\(functions)")
    }
}
