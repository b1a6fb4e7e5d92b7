import Measures
import Plans
import Recordings
import Testing

@testable import Reports
@testable import Verdicts

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What each form promises whatever the report holds.
@Suite struct ReportFormsTests {
    private static let reports = GoldenReportTests.reports.map(\.report)

    // MARK: Markdown

    /// Far more than a comment holds: cut, said so, and still whole blocks.
    @Test func cutForLength() {
        var scene = Scene.functions
        scene.rounds = 3
        for step in 0..<40 {
            let name = "step \(step) " + String(repeating: "*", count: 120)
            scene.steps.append(name)
            for line in 0..<5 { scene.budgets.append(.limit(.latencyP90, step: name, max: 1, line: line + 20)) }
        }
        let markdown = scene.report.markdown
        #expect(markdown.utf8.count <= 60_000)
        #expect(markdown.hasPrefix("## ❌ **Regressed**: allocations.perRequest +51 (+102 %); "))
        #expect(markdown.contains("\n**Cut for length**; left out here, but in the JSON report: "))
        #expect(markdown.contains("### ❌ allocations.perRequest\n"))
        let opened = markdown.ranges(of: "<details>").count
        #expect(opened == markdown.ranges(of: "</details>").count)
    }

    @Test func longTablesCountWhatTheyHide() throws {
        var table = MarkdownTable([("a", .left)])
        for row in 0..<100 { table.add(["\(row)"]) }
        #expect(table.text(room: 50, noun: "rows") == nil)
        let text = try #require(table.text(room: 120, noun: "rows", hidden: 5))
        #expect(text.markup == "| a |\n| :-- |\n| 0 |\n| 1 |\n| 2 |\n| 3 |\n\n… and 101 more rows\n")
    }

    /// The first line alone says what happened.
    @Test func firstLines() {
        let lines = Self.reports.dropLast().map { String($0.markdown.prefix { $0 != "\n" }) }
        let expected: [String] = [
            "## ✅ **Passed**: 7 limits hold",
            "## ❌ **Regressed**: allocations.perRequest +51 (+102 %)",
            "## ❌ **Regressed**: tasks.leakedPer1000 1000 (limit 0)",
            """
            ## ❗ **Could not judge**: allocations.perRequest has no value: candidate, round 1: no \
            instrument counts allocations of this service
            """,
            "## ❗ **Could not judge**: round 3, candidate: the service ended with signal 11 during the load",
            """
            ## 🟡 **Inconclusive**: cpu.perRequest +15.3 µs (+3.82 %): this machine resolves 5.54 % in \
            8 rounds, the budget is 5 %
            """,
            "## ✅ **Passed**: 7 limits hold, 2 improved",
            "## ✅ **Passed**: 3 of 7 limits hold, 4 not compared",
            "## ❌ **Regressed**: allocations.perRequest +10 (+20.0 %)",
            "## ✅ **Passed**: 6 of 7 limits hold, 1 accepted",
            "## ❌ **Regressed**: errors.rate 1.40 % (limit 0.10 %)",
            "## ✅ **Passed**: 7 limits hold",
            "## 🟡 **Inconclusive**: cpu.perRequest +14.4 µs (+3.60 %): about 45 rounds would decide",
            "## ❌ **Regressed**: allocations.perRequest +51 (+102 %)",
            "## ✅ **Passed**: 7 limits hold",
            "## ✅ **Passed**: 7 limits hold",
            "## ✅ **Passed**: 7 limits hold",
            "## ❌ **Regressed**: throughput.atBudget −141/s (−20.0 %)",
            "## ✅ **Passed**: 6 of 7 limits hold; 1 warning: latency.p99",
            """
            ## 🟡 **Inconclusive**: latency.p50 +132 µs (+3.35 %): this machine resolves 47.7 % in 20 \
            rounds, the budget is 8 %
            """,
        ]
        #expect(lines == expected)
    }

    @Test func sameReportSameBytes() throws {
        let (first, second) = (Scene.errors.report, Scene.errors.report)
        #expect(first.markdown == second.markdown)
        #expect(try first.json() == second.json())
        #expect(first.junit == second.junit)
    }

    // MARK: JSON

    private struct Head: Decodable {
        struct Finding: Decodable {
            struct Limit: Decodable {
                let kind: String
                let value: Double
            }
            let metric: String
            let kind: String
            let limit: Limit
            let baseline: Double?
            let candidate: Double?
        }
        struct Round: Decodable {
            struct Half: Decodable {
                let side: String
                let values: [String: Double]
            }
            let halves: [Half]
        }
        struct Run: Decodable, Equatable {
            struct Look: Decodable, Equatable {
                let number: Int?
                let planned: [Int]
                let share: Double
                let confidence: Double
            }
            let rounds: Int
            let plannedRounds: Int
            let voidedRounds: Int
            let ending: String?
            let look: Look
        }
        let schema: Int
        let run: Run
        let outcome: String
        let paired: Bool
        let findings: [Finding]
        let rounds: [Round]
    }

    @Test func jsonIsReadByPrograms() throws {
        let head = try JSONDecoder().decode(Head.self, from: Data(Scene.functions.report.json().utf8))
        #expect(head.schema == 1)
        #expect(head.outcome == "regressed")
        #expect(head.paired)
        let finding = try #require(head.findings.first { $0.metric == "allocations.perRequest" })
        #expect(finding.kind == "regressed")
        #expect(finding.limit.kind == "maxIncrease")
        #expect(finding.limit.value == 0.01)
        #expect(finding.baseline == 50)
        #expect(finding.candidate == 101)
        #expect(head.rounds.count == 8)
        #expect(head.rounds[0].halves.map(\.side) == ["baseline", "candidate"])
        #expect(head.rounds[7].halves[0].values["allocations.perRequest"] == 101)
    }

    @Test func theRunInJSON() throws {
        func run(_ scene: Scene) throws -> Head.Run {
            try JSONDecoder().decode(Head.self, from: Data(scene.report.json().utf8)).run
        }
        #expect(
            try run(.decided)
                == Head.Run(
                    rounds: 8, plannedRounds: 20, voidedRounds: 0, ending: "decided",
                    look: .init(number: 1, planned: [8, 13, 20], share: 0.15, confidence: 0.985)))
        let late = try run(.outOfTime)
        #expect(late.ending == "time" && late.look.number == nil)
        #expect(try run(.disturbed).voidedRounds == 1)
        #expect(try run(.loadFailed).ending == nil)
    }

    @Test func missingIsLeftOutOfTheJSON() throws {
        let head = try JSONDecoder().decode(Head.self, from: Data(Scene.missing.report.json().utf8))
        let finding = try #require(head.findings.first { $0.metric == "allocations.perRequest" })
        #expect(finding.candidate == nil && finding.baseline == nil)
        #expect(head.rounds[0].halves.last?.values["allocations.perRequest"] == nil)
    }

    // MARK: JUnit

    /// The counts at the top are those of the elements below.
    @Test(arguments: reports.indices)
    func junitCounts(index: Int) {
        let xml = Self.reports[index].junit
        for (attribute, element) in [
            ("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"),
        ] {
            let count = xml.ranges(of: "<\(element) ").count
            #expect(xml.contains(" \(attribute)=\"\(count)\""), "\(attribute)")
        }
    }

    @Test func junitOfFailures() {
        #expect(Scene.functions.report.junit.contains("<failure type=\"regressed\" message=\"+51 in every round\">"))
        #expect(
            Scene.missing.report.junit.contains(
                "<error type=\"missing\" message=\"candidate, round 1: no instrument counts allocations of this service\">"
            ))
        #expect(
            Scene.loadFailed.report.junit.contains(
                "<error type=\"run\" message=\"round 3, candidate: the service ended with signal 11 during the load\">")
        )
        #expect(Scene.unanchored.report.junit.contains("<skipped message=\"not compared: there is no baseline\"/>"))
    }

    // MARK: terminal

    /// No line is wider than the terminal, apart from the path, which somebody will want to copy.
    @Test(arguments: [40, 60, 80, 100, 200])
    func fitsTheWidth(width: Int) {
        for report in Self.reports {
            for line in report.terminal(color: false, width: width).split(separator: "\n") {
                #expect(line.hasPrefix("report: ") || TerminalText.width(String(line)) <= width, "\(line)")
            }
        }
    }

    @Test func verdictFirstAndLast() {
        for report in Self.reports.dropLast() {
            let lines = report.terminal(color: false, width: 240).split(separator: "\n")
            #expect(lines.first == lines.last)
        }
    }

    @Test func noHeadingAboveNothing() {
        let heading = "\nallocations.perRequest\n"
        var scene = Scene.functions
        #expect(scene.report.terminal(color: false, width: 100).contains(heading))
        scene.attributions = [Attribution(metric: .allocationsPerRequest, content: .nothing, notes: [])]
        #expect(!scene.report.terminal(color: false, width: 100).contains(heading))
    }

    @Test func notesAreWrapped() {
        var scene = Scene.functions
        let words = (0..<30).map { "word\($0)" }
        scene.attributions[0].notes = [words.joined(separator: " ")]
        let lines = scene.report.terminal(color: false, width: 60).split(separator: "\n")
        let noted = lines.filter { $0.hasPrefix("  word") }
        #expect(noted.count > 3)
        #expect(noted.joined().split(separator: " ").map(String.init) == words)
    }

    /// Where a name and its place do not fit, folders go first and qualifiers then; what one looks for stays.
    @Test(arguments: [
        (100, "  +46 per request  example.com/api/storage/items.(*Store).List  …/a-long-folder/another/store.go:61"),
        (90, "  +46 per request  example.com/api/storage/items.(*Store).List  …/another/store.go:61"),
        (80, "  +46 per request  example.com/api/storage/items.(*Store).List  store.go:61"),
        (70, "  +46 per request  …api/storage/items.(*Store).List  store.go:61"),
        (50, "  +46 per request  …(*Store).List  store.go:61"), (40, "  +46 per request  …List  store.go:61"),
    ])
    func placesOutlastFolders(width: Int, line: String) {
        var scene = Scene.functions
        scene.attributions[0].content = .functions([
            .init(
                function: "example.com/api/storage/items.(*Store).List",
                file: "/home/ci/api/a-long-folder/another/store.go", line: 61, flatBaseline: 10, flatCandidate: 22,
                cumulativeBaseline: 20, cumulativeCandidate: 66)
        ])
        let lines = scene.report.terminal(color: false, width: width).split(separator: "\n").map(String.init)
        #expect(lines.contains(line), "\(lines)")
    }

    @Test func placesOfTasksOutlastFolders() {
        let text = Scene.leak.report.terminal(color: false, width: 60)
        #expect(text.contains("\n  +15880 (99.3 %) chan send  at …func1.1  log.go:20\n"))
        #expect(text.contains("\n      from example.com/api/logging.(*Sink).push  sink.go:44\n"))
        #expect(text.contains("\n      created by …api/logging.Middleware.func1  log.go:18\n"))
    }

    /// The labels of a Swift function are no qualifiers.
    @Test(arguments: [
        ("Shop.Storage.flush(_:before:)", 20, "…flush(_:before:)"), ("Shop.Storage.flush(_:before:)", 10, "…flush(_:…"),
        ("main", 3, "ma…"), ("a.b", 3, "a.b"), ("a.b.", 3, "…b."), ("", 3, ""), ("Box<A.B>.get()", 10, "…get()"),
    ])
    func shortenedNames(name: String, columns: Int, text: String) {
        #expect(TerminalText.cutQualifiers(name, to: columns) == text)
    }

    /// Names of files come from the service.
    @Test func namesOfFilesAreNoMarkup() {
        var scene = Scene.functions
        scene.attributions = [
            Attribution(
                metric: .allocationsPerRequest, content: .nothing, notes: ["+60 × /tmp/<b>\u{1B}[2J|@octocat"])
        ]
        #expect(
            scene.report.markdown.contains("<sub>+60 × /tmp/&lt;b&gt;\u{FFFD}&#91;2J&#124;&#64;\u{2060}octocat.</sub>"))
        #expect(scene.report.terminal(color: false, width: 100).contains("\n  +60 × /tmp/<b>\u{FFFD}[2J|@octocat\n"))
    }

    @Test func coloursOnlyOnRequest() {
        let plain = Scene.leak.report.terminal(color: false, width: 100)
        #expect(!plain.contains("\u{1B}"))
        let colored = Scene.leak.report.terminal(color: true, width: 100)
        #expect(colored.hasPrefix("\u{1B}[1;31mRegressed: tasks.leakedPer1000 1000 (limit 0)\u{1B}[0m\n"))
        #expect(colored.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
        // Nothing that was measured brings a control sequence of its own.
        let hostile = Scene.hostile("\u{1B}[2J\u{9B}31m").report.terminal(color: true, width: 100)
        #expect(!hostile.contains("\u{1B}[2J") && !hostile.contains("\u{9B}"))
    }

    @Test(arguments: [("abc", 3), ("µ−→", 3), ("漢字", 4), ("e\u{301}", 1), ("🎉", 2), ("", 0), ("한", 2), ("ｆ", 2)])
    func widths(text: String, columns: Int) {
        #expect(TerminalText.width(text) == columns)
    }

    @Test func cutAndPad() {
        #expect(TerminalText.cut("abcdef", to: 4) == "abc…")
        #expect(TerminalText.cut("漢字漢字", to: 5) == "漢字…")
        #expect(TerminalText.cut("漢字漢字", to: 4) == "漢…")
        #expect(TerminalText.cut("abc", to: 0) == "")
        #expect(TerminalText.pad("µs", to: 4) == "µs  ")
        #expect(TerminalText.pad("µs", to: 4, right: true) == "  µs")
        #expect(TerminalText.wrap("one two three", to: 7) == ["one two", "three"])
    }
}
