/// Reads a plan and its budgets together.
package enum PlansReader {
    /// A document: its text and what diagnostics call it.
    package struct Document: Sendable {
        package var text: String
        package var file: String

        package init(text: String, file: String) {
            self.text = text
            self.file = file
        }
    }

    /// The plan and the budgets, whose steps must be the plan's.
    ///
    /// - Parameters:
    ///   - environment: Where `{{env.NAME}}` is looked up; values never appear in a diagnostic.
    ///   - readFile: The bytes of a file the plan names, by the path as it is written there.
    ///   - today: The day on which acceptances must still hold, `YYYY-MM-DD`.
    /// - Throws: every mistake of both documents, sorted by file and place.
    package static func read(
        plan: Document, budgets: Document, environment: [String: String], today: String,
        readFile: (String) -> Result<[UInt8], FileProblem>
    ) throws(Diagnostics) -> (Plan, Budgets) {
        let first = PlanReader.attempt(plan.text, file: plan.file, environment: environment, readFile: readFile)
        let second = BudgetReader.attempt(
            budgets.text, file: budgets.file, steps: first.stepNames, today: today)
        guard let plan = first.plan, let budgets = second.budgets else {
            throw Diagnostics((first.log.collected.all + second.log.collected.all).inOrder)
        }
        return (plan, budgets)
    }
}
