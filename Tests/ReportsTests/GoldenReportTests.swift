import Reports
import TestSupport
import Testing

/// Every form of the report on a set of typical recordings, equal to stored files that somebody has looked at.
@Suite struct GoldenReportTests {
    static let scenes: [(String, Scene)] = [
        ("passed", .passed), ("functions", .functions), ("leak", .leak), ("missing", .missing),
        ("load-failed", .loadFailed), ("inconclusive", .inconclusive), ("improved", .improved),
        ("unanchored", .unanchored), ("stored", .stored), ("accepted", .accepted), ("errors", .errors),
        ("hostile", .hostile(Scene.hostileText)),
    ]

    @Test(arguments: scenes.indices)
    func markdown(index: Int) {
        let (name, scene) = Self.scenes[index]
        Golden("Reports/\(name).md").expect(scene.report.markdown)
    }

    @Test(arguments: scenes.indices)
    func json(index: Int) throws {
        let (name, scene) = Self.scenes[index]
        Golden("Reports/\(name).json").expect(try scene.report.json())
    }

    @Test(arguments: scenes.indices)
    func junit(index: Int) {
        let (name, scene) = Self.scenes[index]
        Golden("Reports/\(name).xml").expect(scene.report.junit)
    }

    @Test(arguments: scenes.indices)
    func terminal(index: Int) {
        let (name, scene) = Self.scenes[index]
        Golden("Reports/\(name).txt").expect(scene.report.terminal(color: false, width: 100))
    }
}
