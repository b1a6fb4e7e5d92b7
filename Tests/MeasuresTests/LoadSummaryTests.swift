import Foundation
import Measures
import Testing

@Suite struct LoadSummaryTests {
    @Test func beginsEmptyWithItsStepsInOrder() {
        let summary = LoadSummary(stepNames: ["b", "a"], requestedRate: 500)
        #expect(summary.steps.map(\.name) == ["b", "a"])
        #expect(summary.total.name == "")
        #expect(summary.requestedRate == 500)
        #expect(summary.arrivals == 0 && summary.total.exchanges == 0)
        #expect(summary.total.latency.value(at: 0.5) == nil)
    }

    @Test func countsExchangesOfEveryOutcome() {
        var step = StepSummary(name: "a")
        step.completed = 5
        step.failed = 3
        step.timedOut = 2
        step.checksFailed = 1
        #expect(step.exchanges == 10)
    }

    @Test func isReadWithoutStagesAndLoads() throws {
        let old = LoadSummary(stepNames: ["list"], requestedRate: 5)
        let data = try JSONEncoder().encode(old)
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("stages") && !text.contains("loads"))
        #expect(try JSONDecoder().decode(LoadSummary.self, from: data) == old)
    }

    @Test func survivesCodingWithStagesAndLoads() throws {
        var part = LoadSummary(stepNames: ["list"], requestedRate: 5)
        part.stages = [StageDelivery(requestedRate: 5, length: 2_000_000_000, arrivals: 10, lag: 7)]
        var whole = LoadSummary(stepNames: ["list", "order"], requestedRate: nil)
        whole.loads = [LoadPart(name: "browsers", start: 250_000_000, summary: part)]
        let data = try JSONEncoder().encode(whole)
        #expect(try JSONDecoder().decode(LoadSummary.self, from: data) == whole)
    }

    @Test func tellsClosedLoops() {
        var whole = LoadSummary(stepNames: [], requestedRate: nil)
        #expect(whole.isClosedLoop)
        let open = LoadPart(name: "a", start: 0, summary: LoadSummary(stepNames: [], requestedRate: 5))
        whole.loads = [open, open]
        #expect(!whole.isClosedLoop)
        whole.loads?.append(LoadPart(name: "b", start: 0, summary: LoadSummary(stepNames: [], requestedRate: nil)))
        #expect(whole.isClosedLoop)
    }

    @Test func survivesCoding() throws {
        var summary = LoadSummary(stepNames: ["list items"], requestedRate: nil)
        summary.arrivals = 3
        summary.flowsCompleted = 2
        summary.dropped = 1
        summary.elapsed = 5_000_000_000
        summary.steps[0].completed = 2
        summary.steps[0].latency.record(1_234_567)
        summary.steps[0].failures = [FailureCount(reason: "connection reset", count: 1, traces: ["4bf92f35"])]
        let data = try JSONEncoder().encode(summary)
        #expect(try JSONDecoder().decode(LoadSummary.self, from: data) == summary)
    }
}
