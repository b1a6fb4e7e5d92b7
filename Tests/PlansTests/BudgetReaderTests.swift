import Measures
import Plans
import Testing

@Suite struct BudgetReaderTests {
    @Test func readsEveryKindOfBudget() throws {
        let budgets = try Reading().budgets(wholeBudgets, steps: ["log in", "order"])
        #expect(budgets.source == wholeBudgets)
        func budget(
            _ metric: Metric, line: Int, step: String? = nil, max: Double? = nil, min: Double? = nil,
            increase: Double? = nil, decrease: Double? = nil, floor: Double = 0,
            severity: Budget.Severity = .warn, decide: Budget.Decision = .certain,
            accepted: Budget.Acceptance? = nil, column: Int = 5
        ) -> Budget {
            let path = step.map { "steps[\"\($0)\"][\"\(metric.rawValue)\"]" } ?? "budgets[\"\(metric.rawValue)\"]"
            return Budget(
                metric: metric, step: step, maximum: max, minimum: min, maximumIncrease: increase,
                maximumDecrease: decrease, floor: floor, severity: severity, decide: decide, accepted: accepted,
                place: Place(
                    file: "thresholds.json", line: line, column: column,
                    path: metric == .throughput ? "budgets.throughput" : path))
        }
        #expect(
            budgets.all == [
                budget(
                    .latencyP50, line: 6, increase: 0.08, floor: 200e3, severity: .error, decide: .proven,
                    accepted: .init(upTo: 0.12, until: "2027-01-31", reason: "stronger checksum")),
                budget(.latencyP99, line: 7, max: 250e6, min: 1e3, increase: 0.25, floor: 1e6),
                budget(.throughput, line: 8, min: 450, decrease: 0.05),
                budget(.memoryPeakRSS, line: 9, increase: 0.1, floor: 2_097_152),
                budget(.allocationsPerRequest, line: 10, increase: 0.01, floor: 0.5, severity: .info),
                budget(.tasksLeakedPer1000, line: 11, max: 0),
                budget(.errorsRate, line: 12, max: 0.001, increase: 0, floor: 0.0005),
                budget(.latencyP90, line: 14, step: "log in", max: 400e6, column: 26),
            ])
    }

    @Test func holdsWithoutAPlan() throws {
        #expect(try Reading().budgets(wholeBudgets, steps: nil).all.count == 8)
    }

    @Test func holdsOnTheLastDayOfAnAcceptance() throws {
        var reading = Reading()
        reading.today = "2027-01-31"
        #expect(try reading.budgets(wholeBudgets).all[0].accepted?.until == "2027-01-31")
        reading.today = "2027-02-01"
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try reading.budgets(wholeBudgets) }
                == "thresholds.json:16:56: accepted[0].until: the acceptance ended on 2027-01-31, and today is 2027-02-01 (remove it, or decide anew)\n"
        )
    }

    @Test func budgetsForStepsAreEnough() throws {
        let text = #"{ "version": 1, "steps": { "a": { "errors.rate": { "max": "0%" } } } }"#
        #expect(try Reading().budgets(text).all.map(\.step) == ["a"])
    }

    @Test func readsNumbersToTheNearestDouble() throws {
        func floor(_ number: String) throws -> Double {
            let text = #"{"version":1,"budgets":{"threads.peak":{"maxIncrease":"1%","floor":\#(number)}}}"#
            return try Reading().budgets(text).all[0].floor
        }
        #expect(try floor("0.1") == 0.1)
        #expect(try floor("1e3") == 1000)
        #expect(try floor("123456789.000000001") == 123456789.000000001)
        #expect(try floor("0.0e5") == 0)
        #expect(try floor("1.5e-300") == 1.5e-300)
    }
}
