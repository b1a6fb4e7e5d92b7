internal import Measures

/// Writes `thresholds.json`: what ``BudgetReader`` reads back as the same budgets.
package enum BudgetWriter {
    /// The document, one budget per line, ending with a line feed.
    package static func text(_ budgets: [Budget]) -> String {
        var sections = ["  \"version\": 1"]
        let whole = budgets.filter { $0.step == nil }
        if !whole.isEmpty { sections.append("  \"budgets\": " + object(whole, indent: "    ")) }
        var steps: [String] = []
        for budget in budgets {
            if let step = budget.step, !steps.contains(step) { steps.append(step) }
        }
        if !steps.isEmpty {
            let members = steps.map { step in
                "    \(quoted(step)): " + object(budgets.filter { $0.step == step }, indent: "      ")
            }
            sections.append("  \"steps\": {\n" + members.joined(separator: ",\n") + "\n  }")
        }
        let accepted = budgets.compactMap { acceptance($0) }
        if !accepted.isEmpty {
            sections.append("  \"accepted\": [\n" + accepted.map { "    " + $0 }.joined(separator: ",\n") + "\n  ]")
        }
        return "{\n" + sections.joined(separator: ",\n") + "\n}\n"
    }

    private static func object(_ budgets: [Budget], indent: String) -> String {
        let lines = budgets.map { "\(indent)\(quoted($0.metric.rawValue)): \(limits($0))" }
        return "{\n" + lines.joined(separator: ",\n") + "\n\(indent.dropLast(2))}"
    }

    private static func limits(_ budget: Budget) -> String {
        let unit = budget.metric.unit
        var members: [(key: String, value: String)] = []
        func add(_ key: String, _ value: Double?, as unit: Unit) {
            guard let value else { return }
            let text = Quantity.written(value, as: unit)
            members.append((key, unit == .count ? text : quoted(text)))
        }
        add("max", budget.maximum, as: unit)
        add("min", budget.minimum, as: unit)
        add("maxIncrease", budget.maximumIncrease, as: .share)
        add("maxDecrease", budget.maximumDecrease, as: .share)
        let isRelative = budget.maximumIncrease != nil || budget.maximumDecrease != nil
        if isRelative, budget.floor > 0 || budget.metric.canBeZero { add("floor", budget.floor, as: unit) }
        if budget.severity != .error { members.append(("severity", quoted(budget.severity.rawValue))) }
        if budget.decide != .proven { members.append(("decide", quoted(budget.decide.rawValue))) }
        return braced(members)
    }

    private static func acceptance(_ budget: Budget) -> String? {
        guard let accepted = budget.accepted else { return nil }
        let members = [
            ("metric", quoted(budget.metric.rawValue)), ("step", budget.step.map(quoted) ?? ""),
            ("upTo", quoted(Quantity.written(accepted.upTo, as: .share))), ("until", quoted(accepted.until)),
            ("reason", quoted(accepted.reason)),
        ]
        return braced(members.filter { !$0.1.isEmpty }.map { (key: $0.0, value: $0.1) })
    }

    private static func braced(_ members: [(key: String, value: String)]) -> String {
        "{ " + members.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", ") + " }"
    }

    private static func quoted(_ text: String) -> String { "\"\(JSONText.escaped(text))\"" }
}
