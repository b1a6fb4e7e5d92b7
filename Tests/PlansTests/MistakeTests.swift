import Plans
import TestSupport
import Testing

@Suite struct MistakeTests {
    @Test func basesAreRight() {
        #expect(Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(smallPlan) } == "no diagnostics\n")
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in
                try Reading().budgets(smallBudgets, steps: ["log in", "list items"])
            } == "no diagnostics\n")
    }

    @Test func notation() { expectPlans(notationMistakes, golden: "notation.txt") }

    @Test func serviceAndLoad() { expectPlans(serviceMistakes, golden: "service.txt") }

    @Test func searches() { expectPlans(searchMistakes, golden: "searches.txt") }

    @Test func severalLoads() { expectPlans(severalLoadsMistakes, golden: "several-loads.txt") }

    @Test func scenario() { expectPlans(scenarioMistakes, golden: "scenario.txt") }

    @Test func syntax() { expectBudgets(syntaxMistakes, golden: "syntax.txt") }

    @Test func budgets() { expectBudgets(budgetMistakes, golden: "budgets.txt") }

    private func expectPlans(_ mistakes: [Mistake], golden: String) {
        expect(mistakes, base: smallPlan, golden: golden) { text in
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(text) }
        }
    }

    private func expectBudgets(_ mistakes: [Mistake], golden: String) {
        expect(mistakes, base: smallBudgets, golden: golden) { text in
            Reading.diagnostics { () throws(Diagnostics) in
                try Reading().budgets(text, steps: ["log in", "list items"])
            }
        }
    }

    private func expect(_ mistakes: [Mistake], base: String, golden: String, diagnostics: (String) -> String) {
        var text = ""
        for mistake in mistakes {
            guard let document = mistake.document(from: base) else {
                Issue.record("\(mistake.old) is not in the document exactly once")
                continue
            }
            let found = diagnostics(document)
            #expect(found != "no diagnostics\n", "\(mistake.title)")
            text += "=== \(mistake.title)\n\(found)\n"
        }
        Golden("Plans/\(golden)").expect(text)
    }
}
