import Foundation
import Measures
import Plans
import TestSupport
import Testing

@testable import Reports

/// What came of load without a gate, as people and programs read it.
@Suite struct LoadReportTests {
    private static let open = Load(
        executor: .constantArrivalRate(perSecond: 500), connections: 50, warmup: .seconds(2),
        work: .duration(.seconds(10)), timeout: .seconds(10))
    private static let closed = Load(
        executor: .constantUsers(8), connections: 8, warmup: .zero, work: .requests(1000),
        timeout: .milliseconds(2500))

    /// A load of so many requests by step, whose times are drawn from a seed.
    private func summary(steps: [(name: String, requests: Int)], rate: Double?) -> LoadSummary {
        var summary = LoadSummary(stepNames: [], requestedRate: rate)
        var random = SeededGenerator(seed: 11)
        for (name, requests) in steps {
            var step = StepSummary(name: name)
            for _ in 0..<requests {
                let time = 400_000 + UInt64.random(in: 0..<600_000, using: &random)
                step.serviceTime.record(time)
                step.latency.record(rate == nil ? time : time + 35_000)
                if rate != nil { summary.lateness.record(20_000 + time / 64) }
            }
            step.completed = requests
            step.bytesReceived = UInt64(requests * 203)
            summary.steps.append(step)
            summary.total.completed += requests
            summary.total.latency.merge(step.latency)
            summary.total.serviceTime.merge(step.serviceTime)
            summary.total.bytesReceived += step.bytesReceived
        }
        let flows = steps.map(\.requests).max() ?? 0
        summary.arrivals = flows
        summary.flowsCompleted = flows
        summary.elapsed = 9_999_123_456
        summary.dispatchSpan = 9_998_000_000
        summary.generatorCPU = 1_200_000_000
        summary.schedulingClass = rate == nil ? "SCHED_OTHER" : "SCHED_FIFO"
        return summary
    }

    private func report(
        _ load: Load, _ summary: LoadSummary, url: String = "http://127.0.0.1:8080/items?page=2", plan: String? = nil
    ) -> LoadReport {
        LoadReport(
            tool: "0.1.0", url: url, plan: plan, loads: [load], seed: 7, start: 1_795_716_528_313,
            connections: 50, summary: summary)
    }

    private var delivered: LoadReport {
        report(Self.open, summary(steps: [("GET /items?page=2", 5000)], rate: 500))
    }

    /// A plan's load with everything that can go wrong in it, and texts that are not to be trusted.
    private var failed: LoadReport {
        var summary = summary(steps: [("log in", 4000), ("order\u{1b}[31m, then pay", 3900)], rate: 400)
        let failures = [
            FailureCount(reason: "status 500, expected 201", count: 90, traces: ["4bf92f3577b34da6a3ce929d0e0e4736"]),
            FailureCount(reason: "timed out after 10 s\u{202e}", count: 10, traces: ["a", "b", "c"]),
        ]
        summary.steps[1].completed -= 100
        summary.steps[1].failed = 90
        summary.steps[1].checksFailed = 90
        summary.steps[1].timedOut = 10
        summary.steps[1].failures = failures
        summary.total.completed -= 100
        summary.total.failed = 90
        summary.total.checksFailed = 90
        summary.total.timedOut = 10
        summary.total.failures = failures
        summary.flowsCompleted -= 120
        summary.flowsFailed = 100
        summary.dropped = 20
        summary.skipped = 1
        summary.connectionsOpened = 11
        summary.schedulingClass = "SCHED_OTHER"
        for wait in 1...300 as ClosedRange<UInt64> { summary.connectionWait.record(wait * 10_000) }
        return report(Self.open, summary, url: "http://127.0.0.1:8080", plan: "perfgate.yml")
    }

    private var users: LoadReport {
        var summary = summary(steps: [("POST /", 1000)], rate: nil)
        summary.generatorCPU = 9_000_000_000
        return report(Self.closed, summary, url: "http://127.0.0.1:8080")
    }

    private static let search = CapacitySearch(
        from: 100, to: 5000, precision: 0.05, window: .seconds(2),
        limits: [.init(.latencyP99, maximum: 50e6), .init(.errorsRate, maximum: 0.001)])

    private func searched(_ ending: CapacityRecord.Ending) -> LoadReport {
        var summary = summary(steps: [("list", 1414)], rate: 707.10678)
        var windows: [CapacityRecord.Window] = [
            .init(rate: 100, requests: 200, outcome: .held),
            .init(
                rate: 5000, requests: 1800, outcome: .missed,
                reason: "7800 of 10000 arrivals found no free\u{1b}[31m connection in time"),
            .init(rate: 707.10678, requests: 1414, outcome: .held),
        ]
        if ending != .found { windows.removeLast() }
        summary.capacity = CapacityRecord(windows: windows, ending: ending, errorLimit: 0.001)
        let load = Load(
            executor: .findCapacity(Self.search), connections: 50, warmup: .seconds(2),
            work: .duration(Self.search.length), timeout: .seconds(10))
        return report(load, summary, url: "http://127.0.0.1:8080", plan: "perfgate.yml")
    }

    @Test func search() throws {
        let found = searched(.found)
        let text = found.terminal(color: false, width: 100)
        Golden("Reports/load-search.txt").expect(text)
        #expect(!text.contains("\u{1b}"))
        Golden("Reports/load-search.json").expect(try found.json())
        #expect(found.outcome == .succeeded)
        #expect(found.notes == [])
        // A few requests may fail where the plan allows it.
        var some = found
        some.summary.total.failed = 1
        #expect(some.outcome == .succeeded)
        #expect(some.problems == [])
        let above = searched(.aboveRange)
        #expect(above.outcome == .failed)
        #expect(
            above.problems == [
                "the capacity was not found: even the highest rate, 5000/s, held, so that the capacity is that or more; "
                    + "raise load.to"
            ])
        let undelivered = searched(.undelivered)
        #expect(undelivered.outcome == .undelivered)
        #expect(undelivered.problems.count == 1)
        #expect(
            undelivered.problems.first?.hasPrefix("the load was not delivered: 5000/s was tried twice, and ") == true)
    }

    @Test func terminal() {
        Golden("Reports/load-delivered.txt").expect(delivered.terminal(color: false, width: 100))
        Golden("Reports/load-users.txt").expect(users.terminal(color: false, width: 80))
        let text = failed.terminal(color: false, width: 60)
        Golden("Reports/load-many-failures.txt").expect(text)
        #expect(text.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 60 })
        #expect(!text.contains("\u{1b}") && !text.contains("\u{202e}"))
    }

    /// Of a list of loads: one by the clock and one of users, which has nothing to be late for.
    private var several: LoadReport {
        var browsers = summary(steps: [("list", 3000)], rate: 300)
        browsers.dropped = 12
        browsers.arrivals += 12
        for wait in 1...20 as ClosedRange<UInt64> { browsers.connectionWait.record(wait * 1_000_000) }
        var buyers = summary(steps: [("order", 800), ("pay", 700)], rate: nil)
        buyers.steps[1].completed -= 9
        buyers.steps[1].failed = 9
        buyers.total.completed -= 9
        buyers.total.failed = 9
        var whole = summary(steps: [], rate: nil)
        whole.steps = browsers.steps + buyers.steps
        for part in [browsers, buyers] {
            whole.arrivals += part.arrivals
            whole.dropped += part.dropped
            whole.total.completed += part.total.completed
            whole.total.failed += part.total.failed
            whole.total.latency.merge(part.total.latency)
            whole.total.serviceTime.merge(part.total.serviceTime)
            whole.total.bytesReceived += part.total.bytesReceived
        }
        whole.loads = [
            LoadPart(name: "browsers of the shop", start: 0, summary: browsers),
            LoadPart(name: "buy\u{1b}[31mers", start: 5_000_000_000, summary: buyers),
        ]
        var report = report(Self.open, whole, url: "http://127.0.0.1:8080", plan: "perfgate.yml")
        report.loads = [Self.open, Self.closed]
        report.loads[0].name = "browsers of the shop"
        report.loads[1].name = "buy\u{1b}[31mers"
        report.loads[1].start = .seconds(5)
        return report
    }

    @Test func streamsOfOneConnectionAreNoConnections() {
        func shape(_ executor: Load.Executor, streams: Int) -> String {
            var load = Self.open
            load.executor = executor
            var report = report(load, summary(steps: [("a", 1)], rate: nil))
            report.streams = streams
            return report.shape.split(separator: ", ").dropFirst().first.map(String.init) ?? ""
        }
        #expect(shape(.constantArrivalRate(perSecond: 500), streams: 1) == "500/s over 50 connections")
        #expect(shape(.constantArrivalRate(perSecond: 500), streams: 20) == "500/s over 50 streams on 3 connections")
        #expect(shape(.constantUsers(50), streams: 1) == "50 users with a connection each")
        #expect(shape(.constantUsers(50), streams: 100) == "50 users on 1 connection")
    }

    @Test func severalLoadsHaveARowEach() {
        let text = several.terminal(color: false, width: 80)
        Golden("Reports/load-several.txt").expect(text)
        #expect(text.contains("\nload                  dropped    rate  asked  lateness p99  wait p99\n"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("browsers of the shop ") }
        #expect(rows.count == 2)
        #expect(rows.last?.contains(" 12 ") == true && rows.last?.hasSuffix(" 20 ms") == true)
        let narrow = several.terminal(color: false, width: 60)
        #expect(narrow.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 60 })
        #expect(!narrow.contains("\u{1b}"))
    }

    @Test func colour() {
        let text = delivered.terminal(color: true, width: 100)
        #expect(
            text.hasSuffix("\n\u{1b}[1;32mThe load was delivered and every request succeeded.\u{1b}[0m\n"))
        #expect(failed.terminal(color: true, width: 100).contains("\n\u{1b}[1;31mThe load was not delivered: "))
        let plain = text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        #expect(plain == delivered.terminal(color: false, width: 100))
    }

    @Test func json() throws {
        Golden("Reports/load-delivered.json").expect(try delivered.json())
        Golden("Reports/load-users.json").expect(try users.json())
        Golden("Reports/load-many-failures.json").expect(try failed.json())
    }

    @Test func outcomes() {
        #expect(delivered.outcome == .succeeded)
        #expect(delivered.problems == [])
        #expect(failed.outcome == .undelivered)
        #expect(
            failed.problems == [
                "the load was not delivered: 20 of 4000 arrivals found no free connection in time; lower load.rate or "
                    + "raise load.connections",
                "100 of 7900 requests failed, most often: status 500, expected 201",
            ])
        var one = users
        #expect(one.outcome == .succeeded)
        one.summary.total.completed -= 1
        one.summary.total.timedOut = 1
        one.summary.total.failures = [FailureCount(reason: "timed out after 2500 ms", count: 1, traces: ["x"])]
        #expect(one.outcome == .failed)
        #expect(one.problems == ["1 of 1000 requests failed, most often: timed out after 2500 ms"])
    }

    /// The names of options where there is no plan, and nothing that was not sent is a success.
    @Test func undelivered() {
        var late = delivered
        late.summary.dropped = 1
        #expect(
            late.problems == [
                "the load was not delivered: 1 of 5000 arrivals found no free connection in time; lower --rate or raise "
                    + "--connections"
            ])
        var nothing = users
        nothing.summary.total = StepSummary(name: "")
        nothing.summary.steps = [StepSummary(name: "POST /")]
        #expect(nothing.outcome == .undelivered)
        #expect(nothing.terminal(color: false, width: 80).contains("p99.99        –             –"))
    }
}
