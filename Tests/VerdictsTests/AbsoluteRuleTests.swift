import Measures
import Plans
import Recordings
import Testing
import Verdicts

/// Fixed limits: every sentence of the rule, through the door everybody uses.
@Suite struct AbsoluteRuleTests {
    private let leak = Budget.limit(.tasksLeakedPer1000, max: 0)

    @Test func leakInEveryRound() {
        let trial = Trial(.tasksLeakedPer1000, nil, [1000, 998, 1001])
        #expect(trial.finding(leak) == "regressed: 1000 per 1000 requests were left behind, in every round")
        #expect(trial.judge(leak).findings.first?.certain == true)
    }

    @Test func strayTasksAreNoLeak() {
        #expect(
            Trial(.tasksLeakedPer1000, nil, [4, 0, 4.9]).finding(leak)
                == "pass: nothing is left behind beyond the limit")
        // What is left every time is no stray, however little it is.
        #expect(
            Trial(.tasksLeakedPer1000, nil, [4, 4, 4.9]).finding(leak)
                == "inconclusive: 4 per 1000 requests were left in every round, too few to be sure of; more requests would decide"
        )
    }

    /// Five tasks are the smallest leak, whatever the limit: 5 of 1000 requests.
    @Test func smallestLeak() {
        #expect(
            Trial(.tasksLeakedPer1000, nil, [5, 5, 5]).finding(leak)
                == "regressed: 5 per 1000 requests were left behind, in every round")
    }

    /// With many requests a leak is at least one in a thousand of them, and with few it is at least five tasks.
    @Test func smallestLeakGrowsWithTheLoad() {
        var many = Trial(.tasksLeakedPer1000, nil, [0.99, 0.99, 0.99])
        many.requests = 100_000
        #expect(
            many.finding(leak)
                == "inconclusive: 0.99 per 1000 requests were left in every round, too few to be sure of; more requests would decide"
        )
        many.candidate[MetricKey(.tasksLeakedPer1000)] = [1, 1, 1]
        #expect(many.finding(leak) == "regressed: 1 per 1000 requests were left behind, in every round")
        var few = Trial(.tasksLeakedPer1000, nil, [40, 40, 40])
        few.requests = 100
        #expect(
            few.finding(leak)
                == "inconclusive: 40 per 1000 requests were left in every round, too few to be sure of; more requests would decide"
        )
    }

    @Test func leakInSomeRounds() {
        #expect(
            Trial(.tasksLeakedPer1000, nil, [1000, 0, 1000]).finding(leak)
                == "inconclusive: left behind in 2 of 3 rounds; about 8 rounds would decide")
    }

    /// A worker that is started late and one stray beside it are not a leak in one of twenty rounds.
    @Test func oneStrayAmongSingletons() {
        #expect(
            Trial(.tasksLeakedPer1000, nil, Array(repeating: 1, count: 19) + [5]).finding(leak)
                == "inconclusive: left behind in 1 of 20 rounds")
    }

    @Test func leakStillFalling() {
        var trial = Trial(.tasksLeakedPer1000, nil, [1000, 900, 950])
        trial.unsettled = [.tasksLeakedPer1000]
        #expect(
            trial.finding(leak) == "inconclusive: 950 per 1000 requests were left, but the count was still falling")
    }

    /// What still ended during the load is missing from the growth.
    @Test func leakBehindAFallingCount() {
        var trial = Trial(.tasksLeakedPer1000, nil, [-300, -310, 2])
        trial.beganUnsettled = true
        #expect(
            trial.finding(leak)
                == "inconclusive: the count was still falling when the load began, which may hide what was left behind")
        trial.candidate[MetricKey(.tasksLeakedPer1000)] = [1000, 900, 950]
        #expect(trial.finding(leak) == "regressed: 950 per 1000 requests were left behind, in every round")
    }

    /// Growth is counted from the limit on.
    @Test func allowedLeak() {
        let trial = Trial(.descriptorsLeakedPer1000, nil, [12, 12, 12])
        #expect(
            trial.finding(.limit(.descriptorsLeakedPer1000, max: 10))
                == "inconclusive: 12 per 1000 requests were left in every round, too few to be sure of; more requests would decide"
        )
        #expect(
            trial.finding(.limit(.descriptorsLeakedPer1000, max: 7))
                == "regressed: 12 per 1000 requests were left behind, in every round")
    }

    /// A lower limit on a leak makes little sense, but it is no upper one.
    @Test func lowerLimitOfALeak() {
        #expect(
            Trial(.tasksLeakedPer1000, nil, [1000, 1000]).finding(.limit(.tasksLeakedPer1000, min: 0))
                == "pass: within the limit")
    }

    @Test func countOverItsLimit() {
        #expect(
            Trial(.errorsRate, nil, [0.001, 0.003]).finding(.limit(.errorsRate, max: 0.001))
                == "regressed: 0.20 % is over the limit of 0.10 %")
        #expect(
            Trial(.errorsRate, nil, [0.0, 0.002]).finding(.limit(.errorsRate, max: 0.001)) == "pass: within the limit")
        #expect(
            Trial(.allocationsPerRequest, nil, [9]).finding(.limit(.allocationsPerRequest, min: 10))
                == "regressed: 9 is under the limit of 10")
    }

    @Test func intervalOverTheLimit() {
        let trial = Trial(.cpuPerRequest, nil, [300_000, 310_000, 305_000])
        #expect(
            trial.finding(.limit(.cpuPerRequest, max: 250_000))
                == "regressed: 297 µs to 313 µs: wholly over the limit of 250 µs")
    }

    @Test func intervalWithinTheLimit() {
        let trial = Trial(.cpuPerRequest, nil, [300_000, 310_000, 305_000])
        #expect(trial.finding(.limit(.cpuPerRequest, max: 320_000)) == "pass: 297 µs to 313 µs: within the limit")
    }

    @Test func limitInsideTheInterval() {
        let trial = Trial(.cpuPerRequest, nil, [300_000, 310_000, 305_000])
        let budget = Budget.limit(.cpuPerRequest, max: 306_000)
        #expect(
            trial.finding(budget)
                == "inconclusive: 297 µs to 313 µs: the limit of 306 µs lies inside; about 158 rounds would decide")
        #expect(trial.judge(budget).findings.first?.roundsToDecide == 158)
    }

    @Test func lowerLimit() {
        let values = [500.0, 499, 501, 500, 500, 499, 501, 500]
        #expect(
            Trial(.throughput, nil, values).finding(.limit(.throughput, min: 510))
                == "regressed: 499/s to 501/s: wholly under the limit of 510/s")
        #expect(
            Trial(.throughput, nil, values).finding(.limit(.throughput, min: 490))
                == "pass: 499/s to 501/s: within the limit")
    }

    /// The trimmed mean keeps one wild round from deciding.
    @Test func wildRound() {
        let values = [10.0, 10, 10, 10, 10, 10, 10, 900].map { $0 * 1e6 }
        #expect(
            Trial(.latencyP99, nil, values).finding(.limit(.latencyP99, max: 20e6))
                == "pass: 10 ms to 10 ms: within the limit")
    }

    @Test func oneRound() {
        #expect(
            Trial(.latencyP99, nil, [900e6]).finding(.limit(.latencyP99, max: 1e6))
                == "inconclusive: one round has no interval")
    }

    @Test func absurdValues() {
        #expect(
            Trial(.latencyP99, nil, [1e308, 1e308, 1e308]).finding(.limit(.latencyP99, max: 1e6))
                == "inconclusive: the values are too far apart to compute with")
    }
}
