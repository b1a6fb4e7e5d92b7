extension Cursor {
    /// A regular expression.
    func pattern() -> Pattern? {
        guard let text = line("a pattern", limit: Pattern.maximumLength) else { return nil }
        do throws(PatternProblem) {
            return try Pattern(text)
        } catch {
            report("\(quoted(text)) is not a pattern: \(error.message)", hint: error.hint)
            return nil
        }
    }
}
