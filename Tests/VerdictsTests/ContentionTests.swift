import Measures
import Plans
import Recordings
import Testing

@testable import Verdicts

/// When a warning says that a machine had more to run than processors.
@Suite struct ContentionTests {
    private func counters(_ cpu: UInt64, wait: UInt64?) -> ProcessCounters {
        var counters = ProcessCounters(
            cpu: cpu, resident: 0, peakResident: 0, threads: 1, descriptors: 0, processes: [1])
        counters.scheduling = Scheduling(queueWait: wait, voluntarySwitches: 0, involuntarySwitches: 0)
        return counters
    }

    /// The warnings of a run in which threads waited for so many percent of the time they ran, by round; nil where that
    /// was not read.
    private func warnings(
        baseline: [UInt64?]?, candidate: [UInt64?], _ metric: Metric = .latencyP50, voided: [Int: String] = [:]
    ) -> [String] {
        let values = Array(repeating: 100.0, count: candidate.count)
        var trial = Trial(metric, baseline.map { _ in values }, values)
        trial.voided = voided
        var recording = trial.recording
        for round in recording.rounds.indices {
            for half in recording.rounds[round].halves.indices {
                let waits = recording.rounds[round].halves[half].side == .candidate ? candidate : baseline ?? []
                recording.rounds[round].halves[half].window.start = counters(500, wait: 70)
                recording.rounds[round].halves[half].window.end = counters(600, wait: waits[round].map { $0 + 70 })
            }
        }
        let budgets = Budgets(all: [.limit(metric, maxIncrease: 0.1)], source: "")
        return Judge.judge(Comparison(recording), budgets: budgets).warnings
    }

    private let rest = " of the time they ran on one; beyond 20 % times say as much of the machine as of the service"

    @Test func oneSideIsEnough() {
        #expect(
            warnings(baseline: [5, 10, 90], candidate: [21, 42, 3])
                == [
                    "contended: threads of the service waited for a processor, for 10 % (baseline) and 21 % (candidate)"
                        + rest
                ])
    }

    @Test func withoutABaseline() {
        #expect(
            warnings(baseline: nil, candidate: [300, 250, 10])
                == ["contended: threads of the service waited for a processor, for 250 % (candidate)" + rest])
    }

    /// A fifth is not more than a fifth, and a round or two prove nothing of the others.
    @Test func theMiddleOfTheRoundsDecides() {
        #expect(warnings(baseline: [20, 20, 20], candidate: [20, 20, 900]) == [])
        #expect(warnings(baseline: [0, 0, 0], candidate: [0, 0, 0]) == [])
    }

    @Test func voidedRoundsSayNothing() {
        let all = warnings(baseline: [0, 0, 0], candidate: [10, 50, 50])
        #expect(all.count == 1)
        #expect(
            warnings(baseline: [0, 0, 0], candidate: [10, 50, 50], voided: [2: "steal", 3: "steal"]).allSatisfy {
                !$0.hasPrefix("contended")
            })
    }

    @Test func whatWasNotReadIsNotZero() {
        #expect(warnings(baseline: [nil, nil, nil], candidate: [nil, nil, nil]) == [])
        #expect(
            warnings(baseline: [nil, nil, nil], candidate: [nil, 30, nil])
                == ["contended: threads of the service waited for a processor, for 30 % (candidate)" + rest])
    }

    /// What is counted is the same however long it takes.
    @Test(arguments: [
        (Metric.allocationsPerRequest, 0), (.errorsRate, 0), (.throughput, 1), (.cpuPerRequest, 1),
        (.instructionsPerRequest, 0),
    ])
    func onlyTimesAreConcerned(metric: Metric, count: Int) {
        #expect(warnings(baseline: [50, 50, 50], candidate: [50, 50, 50], metric).count == count)
    }
}
