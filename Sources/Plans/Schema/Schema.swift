/// JSON Schemas (draft 2020-12) of the documents, for editors and other tools.
///
/// A schema takes every document the reader takes. It refuses what is wrong in form; what depends on other values,
/// other files or the day is for the reader alone.
package enum Schema {
    /// The schema of `perfgate.yml`.
    package static let plan = document(
        .plan, title: "A perfgate plan (perfgate.yml)",
        beyond: "names that occur twice, data and other files, variables and {port}, and which lengths of time and "
            + "rates are too large")

    /// The schema of `thresholds.json`.
    package static let budgets = document(
        .thresholds, title: "perfgate budgets (thresholds.json)",
        beyond: "keys that are written twice, steps that are not in the plan, limits that contradict one another, and "
            + "acceptances that have ended or belong to no budget")

    private static func document(_ list: KeyList, title: String, beyond: String) -> String {
        var writer = SchemaWriter()
        let entries = writer.object(list)
        let head: [(key: String, value: JSONTree)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text(title)),
            ("description", .text("The form of the file. perfgate itself also checks \(beyond).")),
        ]
        return JSONTree.object(head + entries + [("$defs", .object(writer.definitions))]).pretty
    }
}
