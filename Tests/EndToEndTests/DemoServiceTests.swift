import TestSupport
import Testing

/// The Swift demo service: what `/proc` and the load generator tell where nothing looks inside.
@Suite(.alone) struct DemoServiceTests {
    private static let service = Repository.root + "/.build/release/DemoService --port {port}"

    private func gate(_ dials: String, rounds: Int, budgets: String) throws -> (Gate, Command.Result) {
        let plan = """
            version: 1
            rounds: \(rounds)
            service:
              command: \(Self.service)
              ready: { get: /healthz, timeout: 20s }
              url: http://127.0.0.1:{port}
              capture: { native: off }
            load: { executor: constant-arrival-rate, rate: 300/s, connections: 16, warmup: 300ms, requests: 450 }
            scenario:
              flows:
                - name: browse
                  steps:
                    - { name: list items, get: "/items?page=3", check: { status: 200 } }
                    - name: order
                      post: /orders
                      json: { item: 7, quantity: 1 }
                      check: { status: 201, json: { $.state: accepted } }

            """
        let gate = try Gate(plan: plan, budgets: budgets)
        let command = dials.isEmpty ? Self.service : "exec env \(dials) \(Self.service)"
        return (gate, try gate.run(["--base-command", Self.service, "--command", command]))
    }

    private static let nearBudgets = """
        {
          "version": 1,
          "budgets": {
            "cpu.perRequest": { "maxIncrease": "30%", "floor": "100us" },
            "memory.peakRSS": { "maxIncrease": "10%", "floor": "2MiB" },
            "threads.peak": { "maxIncrease": "10%", "floor": 4 },
            "fds.leakedPer1000": { "max": 0 },
            "errors.rate": { "max": "0%" }
          }
        }
        """

    @Test func aCleanChangePasses() throws {
        let (gate, result) = try gate("", rounds: 4, budgets: Self.nearBudgets)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").isEmpty)
        #expect(try gate.report().metrics("missing").isEmpty)
    }

    @Test func eachDialIsFoundByItsMetric() throws {
        let (gate, result) = try gate(
            "DEMO_EXTRA_CPU=700 DEMO_LEAK_MEMORY=16384 DEMO_LEAK_THREADS=10 DEMO_LEAK_DESCRIPTOR=4", rounds: 4,
            budgets: Self.nearBudgets)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(
            try gate.report().metrics("regressed")
                == ["cpu.perRequest", "memory.peakRSS", "threads.peak", "fds.leakedPer1000"])
    }

    @Test func aSlowShareOfRequestsIsFound() throws {
        let (gate, result) = try gate(
            "DEMO_SLOW_SHARE=0.2 DEMO_SLOW_BY=40ms", rounds: 8,
            budgets: """
                {
                  "version": 1,
                  "budgets": { "latency.p90": { "maxIncrease": "50%", "floor": "10ms" }, "errors.rate": { "max": "0%" } },
                  "steps": { "order": { "latency.p90": { "max": "20ms", "severity": "warn" } } }
                }
                """)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().findings.filter { $0.kind == "regressed" }.map(\.metric).first == "latency.p90")
    }

    @Test func failingRequestsVoidARunWithoutABudgetForThem() throws {
        let (gate, result) = try gate(
            "DEMO_FAIL_SHARE=0.05", rounds: 4,
            budgets: #"{ "version": 1, "budgets": { "fds.leakedPer1000": { "max": 0 } } }"#)
        #expect(result.status == 1, "\(result.output)\(result.error)")
        #expect(try gate.report().failures.contains { $0.contains("requests to the candidate failed") })
    }
}
