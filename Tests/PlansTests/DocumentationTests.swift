import Plans
import TestSupport
import Testing

/// What the documentation shows is what the readers take.
@Suite struct DocumentationTests {
    @Test func everyPlanInTheDocumentationIsRead() throws {
        let plans = try Documentation.plans()
        #expect(plans.count == 17)
        for plan in plans {
            #expect(
                Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(plan) } == "no diagnostics\n",
                "\(plan)")
        }
    }

    @Test func everyFileOfBudgetsInTheDocumentationIsRead() throws {
        let files = try Documentation.budgets()
        #expect(files.count == 1)
        for file in files {
            #expect(
                Reading.diagnostics { () throws(Diagnostics) in
                    try Reading().budgets(file, steps: ["log in"])
                } == "no diagnostics\n", "\(file)")
        }
    }

    @Test(arguments: [
        (
            "docs/scenario.md",
            [
                "plan", "service", "connection", "load", "stage", "capacity-limits", "load-entry", "scenario",
                "flow", "step", "part",
                "auth",
                "check", "think", "repeat", "if", "condition", "data",
            ]
        ),
        ("docs/thresholds.md", ["thresholds", "limits", "units", "acceptance", "metrics"]),
    ])
    func theTablesAreThoseOfTheCode(page: String, expected: [String]) throws {
        var names: [String] = []
        let text = try Documentation.tablesReplaced(in: Documentation.text(page)) { name in
            names.append(name)
            switch name {
            case "metrics": return MetricTable.markdown
            case "units": return MetricTable.units
            default: return KeyTable.all[name]
            }
        }
        #expect(names == expected)
        Golden(published: page).expect(text)
    }
}
