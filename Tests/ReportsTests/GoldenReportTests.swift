import Reports
import TestSupport
import Testing

/// Every form of the report on a set of typical recordings, equal to stored files that somebody has looked at.
@Suite struct GoldenReportTests {
    static let scenes: [(String, Scene)] = [
        ("passed", .passed), ("functions", .functions), ("leak", .leak), ("missing", .missing),
        ("load-failed", .loadFailed), ("inconclusive", .inconclusive), ("improved", .improved),
        ("unanchored", .unanchored), ("stored", .stored), ("accepted", .accepted), ("errors", .errors),
        ("decided", .decided), ("out-of-time", .outOfTime), ("fail-fast", .failFast), ("disturbed", .disturbed),
        ("contended", .contended), ("several-loads", .severalLoads), ("capacity", .capacity),
        ("warned", .warned), ("unresolvable", .unresolvable), ("hostile", .hostile(Scene.hostileText)),
    ]

    /// Judged once for all tests.
    static let reports: [(name: String, report: Report)] = scenes.map { ($0.0, $0.1.report) }

    @Test(arguments: scenes.indices)
    func markdown(index: Int) {
        let (name, report) = Self.reports[index]
        Golden("Reports/\(name).md").expect(report.markdown)
    }

    @Test(arguments: scenes.indices)
    func json(index: Int) throws {
        let (name, report) = Self.reports[index]
        Golden("Reports/\(name).json").expect(try report.json())
    }

    @Test(arguments: scenes.indices)
    func junit(index: Int) {
        let (name, report) = Self.reports[index]
        Golden("Reports/\(name).xml").expect(report.junit)
    }

    @Test(arguments: scenes.indices)
    func terminal(index: Int) {
        let (name, report) = Self.reports[index]
        Golden("Reports/\(name).txt").expect(report.terminal(color: false, width: 100))
    }
}
