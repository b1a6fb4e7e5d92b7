import Reports
import TestSupport
import Testing

/// The examples in the guide are what the code prints.
@Suite struct GuideTests {
    private func block(_ language: String) throws -> String {
        let guide = try #require(Repository.contents(Repository.root + "/docs/reading-a-report.md"))
        let opening = try #require(guide.firstRange(of: "```\(language)\n"))
        let rest = guide[opening.upperBound...]
        let closing = try #require(rest.firstRange(of: "\n```\n"))
        return String(rest[..<closing.lowerBound])
    }

    @Test func markdown() throws {
        let report = Scene.leak.report.markdown
        let fold = try #require(report.firstRange(of: "\n<details><summary>All 7 findings"))
        #expect(try block("markdown") + "\n" == String(report[..<fold.lowerBound]))
    }

    @Test func terminal() throws {
        #expect(try block("text") + "\n" == Scene.functions.report.terminal(color: false, width: 100))
    }
}
