internal import Measures

/// Reads `thresholds.json`.
package enum BudgetReader {
    /// The budgets of a document.
    ///
    /// - Parameters:
    ///   - file: What diagnostics call the document.
    ///   - steps: The names of the plan's steps; nil when there is no plan to compare with.
    ///   - today: The day on which acceptances must still hold, `YYYY-MM-DD`.
    /// - Throws: every mistake of the document, sorted by place.
    package static func read(
        _ text: String, file: String, steps: [String]?, today: String
    ) throws(Diagnostics) -> Budgets {
        let (budgets, log) = attempt(text, file: file, steps: steps, today: today)
        guard let budgets else { throw log.collected }
        return budgets
    }

    static func attempt(
        _ text: String, file: String, steps: [String]?, today: String
    ) -> (budgets: Budgets?, log: DiagnosticLog) {
        let log = DiagnosticLog(file: file)
        guard let node = JSONDocument.read(text, log: log) else { return (nil, log) }
        let root = Cursor(node: node, path: "", log: log)
        guard let fields = root.fields(.thresholds) else { return (nil, log) }
        _ = fields.optional("$schema")?.text("the address of a schema")
        PlanReader.version(fields)
        let defaults = fields.optional("defaults").flatMap(defaults) ?? Defaults()
        var budgets: [Budget] = []
        if fields.optional("steps") == nil {
            _ = fields.required("budgets", example: "\"budgets\": { \"latency.p90\": { \"max\": \"250ms\" } }")
        }
        if let cursor = fields.optional("budgets") { budgets += section(cursor, step: nil, defaults: defaults) }
        if let cursor = fields.optional("steps") {
            budgets += stepSections(cursor, names: steps, defaults: defaults)
        }
        if let cursor = fields.optional("accepted") { AcceptanceReader(today: today).read(cursor, into: &budgets) }
        return (log.isEmpty ? Budgets(all: budgets, source: text) : nil, log)
    }

    /// What a budget is when it does not say.
    struct Defaults {
        var severity = Budget.Severity.error
        var decide = Budget.Decision.proven
    }

    private static func defaults(_ cursor: Cursor) -> Defaults? {
        guard let fields = cursor.fields(.defaults) else { return nil }
        var defaults = Defaults()
        if let severity = fields.optional("severity")?.word(Budget.Severity.self) { defaults.severity = severity }
        if let decide = fields.optional("decide")?.word(Budget.Decision.self) { defaults.decide = decide }
        return defaults
    }

    private static func stepSections(_ cursor: Cursor, names: [String]?, defaults: Defaults) -> [Budget] {
        guard let members = cursor.members("an object of steps") else { return [] }
        if members.isEmpty { cursor.report("there is no step", hint: "leave \"steps\" out") }
        return members.flatMap { member in
            if let names, !names.contains(member.key) {
                member.report(
                    "the plan has no step \(quoted(member.key))", hint: Cursor.choice(member.key, among: names))
            }
            return section(member.value, step: member.key, defaults: defaults)
        }
    }

    private static func section(_ cursor: Cursor, step: String?, defaults: Defaults) -> [Budget] {
        guard let members = cursor.members("an object of metrics") else { return [] }
        if members.isEmpty {
            cursor.report("there is no budget", hint: "for example \"latency.p90\": { \"max\": \"250ms\" }")
        }
        return members.compactMap { member in
            guard let metric = Metric(rawValue: member.key) else {
                let known = Metric.allCases.map(\.rawValue)
                member.report("unknown metric \(quoted(member.key))", hint: Cursor.choice(member.key, among: known))
                return nil
            }
            if step != nil, !metric.existsPerStep {
                member.report(
                    "\(metric.rawValue) is not measured for single steps", hint: "move it to \"budgets\"")
                return nil
            }
            return LimitReader(metric: metric, step: step, defaults: defaults).read(member)
        }
    }
}
