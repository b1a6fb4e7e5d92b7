import Measures
import Plans
import Testing

/// Every metric with every kind of limit in every unit: what the reader takes is what the schema takes.
@Suite struct LimitFormTests {
    /// Values right and wrong, of every unit.
    private static let values =
        ["0", "2", "0.5", "-1", "1e18", "\"\"", "\"2\"", "null", "true", "[]", "{}"]
        + texts(["200us", "1.5 ms", "2µs", "3min", "1h", "+2s", "-2s", "1e3s", "2.5.1s", "s", "0ns"])
        + texts(["-0B", "64KiB", "10MB", "1.5GiB", "64M", "-1B", "500/s", "30/min", "500/h"])
        + texts(["0%", "0.1%", "100%", "100.0%", "101%", "0100%", ".5%", "5.%", "-0%", "-1%", "1000%"])

    private static let changes =
        ["8", "null"]
        + texts(["0%", "8%", "8 %", "99.95%", "1000%", "1000.0%", "1001%", "1000.1%", "10000%", "-5%"])
        + texts(["8", "8ms", "%", ".%"])

    private static func texts(_ texts: [String]) -> [String] { texts.map { "\"\($0)\"" } }

    private static func limits(of metric: Metric) -> [String] {
        let good =
            switch metric.unit {
            case .time: "\"1ms\""
            case .count: "1"
            case .bytes: "\"1KiB\""
            case .share: "\"1%\""
            case .rate: "\"1/s\""
            }
        var limits = values.map { "\"max\": \($0)" }
        limits += ["", "\"min\": \(good)", "\"min\": true"]
        limits += ["\"floor\": \(good)", "\"max\": \(good), \"floor\": \(good)"]
        for key in ["maxIncrease", "maxDecrease"] {
            limits.append("\"\(key)\": \"5%\"")
            limits.append("\"\(key)\": \"5%\", \"floor\": \(good), \"max\": \(good)")
            limits += changes.map { "\"\(key)\": \($0), \"floor\": \(good)" }
        }
        let relative = metric.direction == .higherIsWorse ? "maxIncrease" : "maxDecrease"
        return limits + values.map { "\"\(relative)\": \"5%\", \"floor\": \($0)" }
    }

    @Test(arguments: Metric.allCases)
    func readerAndSchemaAgree(metric: Metric) throws {
        var documents: [String] = []
        for (index, limits) in Self.limits(of: metric).enumerated() {
            let budget = "{ \"\(metric.rawValue)\": { \(limits) } }"
            documents.append("{ \"version\": 1, \"budgets\": \(budget) }")
            // The limits of a step have the same form, so every third is enough.
            if index.isMultiple(of: 3) { documents.append("{ \"version\": 1, \"steps\": { \"a\": \(budget) } }") }
        }
        let validator = SchemaValidator(schema: Schema.budgets, notation: .json)
        var taken = 0
        for (document, problem) in zip(documents, try validator.problems(in: documents)) {
            let found = Reading.diagnostics { () throws(Diagnostics) in try Reading().budgets(document) }
            let isTaken = found == "no diagnostics\n"
            #expect((problem == nil) == isTaken, "\(document)\n\(problem ?? "taken by the schema")\n\(found)")
            if isTaken { taken += 1 }
        }
        #expect(taken > 0 && taken < documents.count / 2)
    }
}
