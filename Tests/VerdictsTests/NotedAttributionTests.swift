import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// What is said of regressions for which no function is to blame.
@Suite struct NotedAttributionTests {
    private func notes(_ metric: Metric, _ change: (inout HalfRound) -> Void) throws -> [String] {
        var recording = Trial(metric, nil, [9, 9, 9]).recording
        for index in recording.rounds.indices { change(&recording.rounds[index].halves[0]) }
        let comparison = Comparison(recording)
        let verdict = Judge.judge(comparison, budgets: Budgets(all: [.limit(metric, max: 0)], source: ""))
        let attributor = Attributor(comparison: comparison) { _, _ in .failure(UnreadableProfile(reason: "none")) }
        let attribution = try #require(attributor.attribute(verdict).first)
        #expect(attribution.content == .nothing)
        return attribution.notes
    }

    @Test(arguments: [Metric.errorsRate, .checksFailedRate])
    func reasonsOfFailures(metric: Metric) throws {
        let notes = try notes(metric) { half in
            half.load.steps[0].failures = [
                FailureCount(reason: "timed out after 10 s", count: 2, traces: []),
                FailureCount(reason: "status 500, expected 201", count: 12, traces: []),
            ]
        }
        #expect(notes == ["list: 36 × status 500, expected 201", "list: 6 × timed out after 10 s"])
    }

    @Test func manyReasonsAreCounted() throws {
        let notes = try notes(.errorsRate) { half in
            half.load.steps[0].failures = (0..<20).map { FailureCount(reason: "\($0)", count: 20 - $0, traces: []) }
        }
        #expect(notes.count == 6)
        #expect(notes.first == "list: 60 × 0")
        #expect(notes.last == "15 more reasons.")
    }

    @Test func noReasonIsSaid() throws {
        #expect(try notes(.errorsRate) { _ in } == ["Why requests failed was not recorded."])
    }

    // MARK: descriptors

    private func notes(_ before: [String: Int]?, _ after: [String: Int]?) throws -> [String] {
        func process(_ kinds: [String: Int]?) -> ProcessCounters {
            var counters = ProcessCounters(
                cpu: 1, resident: 1, peakResident: 1, threads: 1, descriptors: 1, processes: [1])
            counters.descriptorKinds = kinds
            return counters
        }
        return try notes(.descriptorsLeakedPer1000) { half in
            half.before.process = process(before)
            half.after.process = process(after)
        }
    }

    @Test func kindsOfDescriptors() throws {
        let notes = try notes(
            ["socket": 3, "pipe": 2, "eventpoll": 1], ["socket": 4, "/etc/hostname": 20, "pipe": 1, "eventpoll": 1])
        #expect(notes == ["+60 × /etc/hostname", "+3 × socket", "Counts are sums over all rounds."])
    }

    /// Those that had names of their own before were not opened since.
    @Test func foldersAreComparedWithTheFilesInThem() throws {
        let notes = try notes(["/tmp/a": 1, "/tmp/b": 1, "/tmp/c/d": 1], ["/tmp/…": 52, "/tmp/c/…": 1])
        #expect(notes == ["+150 × /tmp/…", "Counts are sums over all rounds."])
    }

    @Test func whatIsNotKnownOfDescriptorsIsSaid() throws {
        #expect(try notes(nil, ["socket": 1]) == ["What the open descriptors are was not recorded."])
        #expect(
            try notes(["socket": 1], ["socket": 1])
                == ["No kind of descriptor has more open after the load than before."])
    }

    /// A heading above nothing tells nobody anything.
    @Test(arguments: Metric.allCases)
    func somethingIsSaidOfEveryMetric(metric: Metric) throws {
        #expect(try !notes(metric) { _ in }.isEmpty)
    }
}
