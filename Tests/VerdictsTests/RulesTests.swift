import Measures
import Plans
import Testing
import Verdicts

/// What is refused before anything starts.
@Suite struct RulesTests {
    private func refusals(
        _ budget: Budget, rounds: Int = 8, hasBaseline: Bool = true, isSearch: Bool = false, requests: Int? = nil
    ) -> [String] {
        Rules.refusals(
            budgets: Budgets(all: [budget], source: ""), rounds: rounds, hasBaseline: hasBaseline,
            isSearch: isSearch, requests: { step in step == "rare" ? 50 : requests }
        ).map(\.text)
    }

    @Test func whatALoadCannotTell() {
        #expect(
            refusals(.limit(.latencyP50, max: 1), isSearch: true)
                == [
                    "thresholds.json:1:1: latency.p50 has no value where the load searches for the capacity (gate it by a "
                        + "plan with another executor than find-capacity)"
                ])
        #expect(
            refusals(.limit(.throughputAtBudget, min: 1))
                == [
                    "thresholds.json:1:1: throughput.atBudget has no value where the load is no search for the capacity "
                        + "(use the executor find-capacity, in a plan of its own)"
                ])
        #expect(refusals(.limit(.throughputAtBudget, maxDecrease: 0.1), isSearch: true) == [])
        #expect(refusals(.limit(.latencyP50, max: 1, severity: .info), isSearch: true) == [])
        #expect(refusals(.limit(.throughputAtBudget, min: 1, severity: .info)) == [])
    }

    @Test func tooFewRounds() {
        #expect(
            refusals(.limit(.latencyP50, maxIncrease: 0.1), rounds: 7)
                == ["thresholds.json:1:1: latency.p50 cannot be compared in 7 rounds (it takes at least 8)"])
        #expect(
            refusals(.limit(.cpuPerRequest, maxIncrease: 0.1), rounds: 2)
                == ["thresholds.json:1:1: cpu.perRequest cannot be compared in 2 rounds (it takes at least 3)"])
        #expect(
            refusals(.limit(.allocationsPerRequest, maxDecrease: 0.1), rounds: 2)
                == ["thresholds.json:1:1: allocations.perRequest cannot be compared in 2 rounds (it takes at least 3)"])
    }

    /// One value has no interval: whatever it is, nothing would be decided.
    @Test func oneRound() {
        #expect(
            refusals(.limit(.latencyP50, max: 1), rounds: 1)
                == ["thresholds.json:1:1: latency.p50 cannot be judged in one round (it takes at least 2)"])
        #expect(refusals(.limit(.throughput, min: 1), rounds: 1, hasBaseline: false).count == 1)
    }

    @Test func enoughRounds() {
        #expect(refusals(.limit(.latencyP50, maxIncrease: 0.1), rounds: 8) == [])
        #expect(refusals(.limit(.allocationsPerRequest, maxIncrease: 0.1), rounds: 3) == [])
        #expect(refusals(.limit(.latencyP50, maxIncrease: 0.1), rounds: 1, hasBaseline: false) == [])
        #expect(refusals(.limit(.latencyP50, max: 1), rounds: 2) == [])
        #expect(refusals(.limit(.errorsRate, max: 0), rounds: 1) == [])
        #expect(refusals(.limit(.latencyP50, maxIncrease: 0.1, severity: .info), rounds: 1) == [])
    }

    @Test func quantileOfTooFewRequests() {
        #expect(
            refusals(.limit(.latencyP99, max: 1), requests: 999)
                == [
                    "thresholds.json:1:1: latency.p99 of 999 requests per round rests on fewer than 10 of them "
                        + "(make at least 1000 requests per round, or gate a lower quantile)"
                ])
        #expect(
            refusals(.limit(.latencyP90, step: "rare", max: 1))
                == [
                    "thresholds.json:1:1: latency.p90 of 50 requests per round rests on fewer than 10 of them "
                        + "(make at least 100 requests per round, or gate a lower quantile)"
                ])
    }

    @Test(arguments: [
        (Metric.latencyP50, 20), (.latencyP90, 100), (.latencyP95, 200), (.latencyP99, 1000), (.latencyP999, 10_000),
    ])
    func enoughRequests(metric: Metric, requests: Int) {
        #expect(refusals(.limit(metric, max: 1), requests: requests) == [])
        #expect(refusals(.limit(metric, max: 1), requests: requests - 1).count == 1)
        #expect(refusals(.limit(metric, max: 1), requests: nil) == [])
    }
}
