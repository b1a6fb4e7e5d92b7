package import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A stored text that a test's output must equal to the byte.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written anew, and the test still fails, so that no golden
/// file changes without somebody having looked at it.
package struct Golden: Sendable {
    /// The file, below the top of the checkout.
    package let name: String

    /// A file below `Tests/Golden`.
    package init(_ name: String) {
        self.name = "Tests/Golden/" + name
    }

    /// A file of the repository that is made from the code, such as a page of the documentation.
    package init(published name: String) {
        self.name = name
    }

    private var path: String { Repository.root + "/" + name }

    /// Records an issue unless `actual` equals the stored text.
    package func expect(_ actual: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let stored = Repository.contents(path)
        if stored == actual { return }
        if getenv("UPDATE_GOLDEN") != nil {
            Repository.write(actual, to: path)
            Issue.record("wrote \(path): look at it, then run again", sourceLocation: sourceLocation)
            return
        }
        guard let stored else {
            Issue.record("no golden file \(path): run with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
            return
        }
        Issue.record("\(name) differs\n\(Self.difference(stored, actual))", sourceLocation: sourceLocation)
    }

    /// The first differing line of both texts, with its number.
    private static func difference(_ expected: String, _ actual: String) -> String {
        let left = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let right = actual.split(separator: "\n", omittingEmptySubsequences: false)
        for index in 0..<max(left.count, right.count) {
            let expectedLine = index < left.count ? String(left[index]) : "<end>"
            let actualLine = index < right.count ? String(right[index]) : "<end>"
            if expectedLine != actualLine {
                return """
                    line \(index + 1)
                      expected: \(expectedLine)
                      actual:   \(actualLine)

                    actual text:
                    \(actual)
                    """
            }
        }
        return "only the end differs"
    }
}
