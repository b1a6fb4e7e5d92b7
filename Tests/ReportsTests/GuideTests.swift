import Measures
import TestSupport
import Testing

@testable import Reports
@testable import Verdicts

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

    /// The fixed numbers in the page on the method are those of the rule.
    @Test func method() throws {
        let page = try #require(Repository.contents(Repository.root + "/docs/method.md"))
        let looks = LookSchedule(rounds: 20).looks
        let taken = looks.map { LookSchedule(rounds: 20).look(after: $0) }
        let shares = taken.map { Unit.share.text($0.share) }
        let confidences = taken.map { Unit.digits($0.confidence * 100) }
        for sentence in [
            "after \(listed(looks.map { "\($0)" })) rounds of 20,",
            "the first look may spend \(shares[0]) of it, the second \(shares[1]), the last \(shares[2]).",
            "\(listed(confidences)) % confidence at three looks",
            "together with \(Unit.share.text(1 - 2 * Rules.missError)) |",
            "fails a clean change is at most \(Unit.share.text(Rules.familyError)) over the whole run",
            "At most \(Unit.share.text(Rules.falseDiscoveryRate)) of the warnings are expected to be false",
            "more than \(Unit.share.text(Disturbance.steal)) of the processor time stolen",
            "throttled for more than \(Unit.share.text(Disturbance.throttled)) of the time",
            "growth beyond the limit is at least \(Unit.digits(Rules.leakFloor)) and at least one in a thousand requests",
            "at least \(Rules.countRounds) rounds |", "at least \(Rules.noisyRounds) rounds |",
        ] {
            #expect(page.contains(sentence), "\(sentence)")
        }
    }
}
