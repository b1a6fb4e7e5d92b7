import Measures
import Plans
import Testing

/// The budgets of a service that has none yet, and budgets as they are written.
@Suite struct DefaultBudgetsTests {
    @Test func theDefaultBudgetsAsAFile() throws {
        let text = BudgetWriter.text(DefaultBudgets.all(isClosedLoop: false, requests: 1000))
        #expect(
            text == """
                {
                  "version": 1,
                  "budgets": {
                    "latency.p50": { "maxIncrease": "8%", "floor": "200us" },
                    "latency.p90": { "maxIncrease": "10%", "floor": "500us" },
                    "latency.p99": { "maxIncrease": "25%", "floor": "1ms", "severity": "warn" },
                    "cpu.perRequest": { "maxIncrease": "5%", "floor": "20us" },
                    "allocations.perRequest": { "maxIncrease": "1%", "floor": 0.5 },
                    "allocations.bytesPerRequest": { "maxIncrease": "2%", "floor": "256B" },
                    "memory.growthPer1000": { "maxIncrease": "10%", "floor": "512KiB" },
                    "tasks.leakedPer1000": { "max": 0 },
                    "tasks.createdPerRequest": { "maxIncrease": "1%", "floor": 0.1 },
                    "tasks.peak": { "maxIncrease": "20%", "floor": 20 },
                    "fds.leakedPer1000": { "max": 0 },
                    "errors.rate": { "max": "0.1%" }
                  }
                }

                """)
        let read = try BudgetReader.read(text, file: "t", steps: [], today: "2026-11-23")
        #expect(BudgetWriter.text(read.all) == text)
    }

    @Test func whatALoadCannotHoldIsLeftOut() {
        func metrics(_ isClosedLoop: Bool, _ requests: Int?) -> [Metric] {
            DefaultBudgets.all(isClosedLoop: isClosedLoop, requests: requests).map(\.metric)
        }
        #expect(metrics(false, 1000).contains(.latencyP99))
        #expect(!metrics(false, 999).contains(.latencyP99))
        #expect(!metrics(false, 99).contains(.latencyP90))
        #expect(metrics(false, nil).contains(.latencyP90))
        #expect(!metrics(false, nil).contains(.latencyP99))
        #expect(metrics(true, nil).contains(.throughput))
        #expect(!metrics(false, 5000).contains(.throughput))
    }

    @Test func aSearchTellsTheCapacityAndNothingElse() {
        let searched = DefaultBudgets.all(isClosedLoop: false, requests: 5000, isSearch: true)
        #expect(searched.map(\.metric) == [.throughputAtBudget])
        #expect(searched.map(\.maximumDecrease) == [0.1])
        for isClosedLoop in [false, true] {
            let others = DefaultBudgets.all(isClosedLoop: isClosedLoop, requests: 5000)
            #expect(!others.map(\.metric).contains(.throughputAtBudget))
        }
    }

    @Test func everythingABudgetCanSayIsWrittenAndReadBack() throws {
        let text = """
            {
              "version": 1,
              "budgets": {
                "latency.p50": { "max": "250ms", "min": "1us", "maxIncrease": "7.5%", "floor": "200us", "decide": "certain" },
                "throughput": { "min": "100/s", "maxDecrease": "5%", "severity": "info" },
                "gc.cyclesPer1000": { "maxIncrease": "10%", "floor": 0.25 }
              },
              "steps": {
                "log \\"in\\"": {
                  "errors.rate": { "max": "0.1%" }
                }
              },
              "accepted": [
                { "metric": "latency.p50", "upTo": "12%", "until": "2027-01-31", "reason": "a \\\\ reason" }
              ]
            }

            """
        let read = try BudgetReader.read(text, file: "t", steps: nil, today: "2026-11-23")
        #expect(BudgetWriter.text(read.all) == text)
    }
}
