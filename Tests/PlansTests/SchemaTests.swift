import Measures
import Plans
import TestSupport
import Testing

/// The published schemas, judged by a validator that knows nothing of the readers.
@Suite struct SchemaTests {
    private let plans = SchemaValidator(schema: Schema.plan, notation: .yaml)
    private let budgets = SchemaValidator(schema: Schema.budgets, notation: .json)

    @Test func publishedSchemasAreThoseOfTheCode() {
        Golden(published: "docs/schema/perfgate.schema.json").expect(Schema.plan)
        Golden(published: "docs/schema/thresholds.schema.json").expect(Schema.budgets)
    }

    @Test func everyGoodPlanIsTaken() throws {
        let documents =
            try [wholePlan, smallPlan, Documentation.text("perfgate.yml")] + Documentation.plans()
        for (document, problem) in zip(documents, try plans.problems(in: documents)) {
            #expect(problem == nil, "\(document)")
        }
    }

    @Test func everyGoodFileOfBudgetsIsTaken() throws {
        let documents =
            try [wholeBudgets, smallBudgets, Documentation.text("thresholds.json")] + Documentation.budgets()
        for (document, problem) in zip(documents, try budgets.problems(in: documents)) {
            #expect(problem == nil, "\(document)")
        }
    }

    @Test func plansThatAreWrongInFormAreRefusedByBoth() throws {
        let documents = try formMistakesInPlans.map { try #require($0.document(from: smallPlan), "\($0.old)") }
        let problems = try plans.problems(in: documents)
        for (mistake, (document, problem)) in zip(formMistakesInPlans, zip(documents, problems)) {
            #expect(problem != nil, "\(mistake.title)")
            #expect((try? Reading().plan(document)) == nil, "\(mistake.title)")
        }
    }

    @Test func budgetsThatAreWrongInFormAreRefusedByBoth() throws {
        let documents = try formMistakesInBudgets.map { try #require($0.document(from: smallBudgets), "\($0.old)") }
        let problems = try budgets.problems(in: documents)
        for (mistake, (document, problem)) in zip(formMistakesInBudgets, zip(documents, problems)) {
            #expect(problem != nil, "\(mistake.title)")
            #expect((try? Reading().budgets(document)) == nil, "\(mistake.title)")
        }
    }

    @Test func spoiledPlansThatAreReadAreTaken() throws {
        var generator = SeededGenerator(seed: 11)
        let documents = (0..<3000).map { _ in generator.spoil(wholePlan, with: smallPlan) }
            .filter { (try? Reading().plan($0)) != nil }
        // PyYAML does not parse all of YAML, a question mark in a key for example.
        let judged = zip(documents, try plans.problems(in: documents))
            .filter { !($0.1?.hasPrefix("unreadable") ?? false) }
        #expect(judged.count > 50)
        for (document, problem) in judged { #expect(problem == nil, "\(document)") }
    }

    @Test func spoiledBudgetsThatAreReadAreTaken() throws {
        var generator = SeededGenerator(seed: 12)
        let documents = (0..<6000).map { _ in generator.spoil(wholeBudgets, with: smallBudgets) }
            .filter { (try? Reading().budgets($0)) != nil }
        #expect(documents.count > 50)
        for (document, problem) in zip(documents, try budgets.problems(in: documents)) {
            #expect(problem == nil, "\(document)")
        }
    }

    /// Of all mistakes the readers are tested with, those that the schemas cannot tell.
    @Test func whatOnlyTheReadersTellIsKnown() throws {
        var text = ""
        for (mistakes, base, validator) in [
            (
                notationMistakes + serviceMistakes + severalLoadsMistakes + searchMistakes + scenarioMistakes,
                smallPlan, plans
            ),
            (syntaxMistakes + budgetMistakes, smallBudgets, budgets),
        ] {
            let documents = mistakes.compactMap { $0.document(from: base) }
            try #require(documents.count == mistakes.count)
            let taken = zip(mistakes, try validator.problems(in: documents)).filter { $0.1 == nil }.map(\.0)
            text += "=== \(taken.count) of \(mistakes.count) mistakes are in form what the schema takes\n\n"
            text += taken.map { "--- \($0.title)\n" }.joined() + "\n"
        }
        Golden("Plans/beyond-schema.txt").expect(text)
    }
}
