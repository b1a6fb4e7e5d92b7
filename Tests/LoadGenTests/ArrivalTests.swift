import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Arrivals")
struct ArrivalTests {
    private func plan(_ weights: [(weight: Int, steps: Int)], seed: UInt64) throws -> ArrivalPlan {
        let flows = weights.enumerated().map { index, flow in
            Scenario.Flow(
                name: "flow \(index)", weight: flow.weight,
                steps: (0..<flow.steps).map { .get("\(index).\($0)", "/") }
            )
        }
        return try ArrivalPlan(flows: flows, seed: seed)
    }

    @Test("every cycle holds each flow exactly as often as it weighs", arguments: [1, 7, 99] as [UInt64])
    func exactWeights(seed: UInt64) throws {
        let plan = try plan([(8, 1), (2, 1), (6, 1)], seed: seed)
        #expect(plan.cycle == 8)
        for cycle in 0..<50 as Range<UInt64> {
            var counts = [0, 0, 0]
            for place in 0..<8 as Range<UInt64> { counts[plan.flow(at: cycle * 8 + place)] += 1 }
            #expect(counts == [4, 1, 3])
        }
    }

    @Test("the order is drawn from the seed, anew for every cycle, and the same each time")
    func order() throws {
        let weights = [(weight: 5, steps: 1), (weight: 4, steps: 1)]
        func orders(_ seed: UInt64) throws -> [[Int]] {
            let plan = try plan(weights, seed: seed)
            return (0..<20).map { cycle in (0..<9).map { plan.flow(at: UInt64(cycle * 9 + $0)) } }
        }
        #expect(try orders(1) == orders(1))
        #expect(try orders(1) != orders(2))
        #expect(Set(try orders(1)).count > 10)
    }

    @Test("the fewest arrivals whose steps reach the wanted requests")
    func counts() throws {
        let single = try plan([(1, 3)], seed: 1)
        #expect([0, 1, 3, 4, 2000].map(single.arrivals(forRequests:)) == [0, 1, 1, 2, 667])
        let mixed = try plan([(4, 1), (1, 2)], seed: 5)
        for requests in 0..<200 {
            let count = mixed.arrivals(forRequests: requests)
            let steps = (0..<count).map { mixed.flow(at: UInt64($0)) == 0 ? 1 : 2 }
            #expect(steps.reduce(0, +) >= requests)
            #expect(steps.dropLast().reduce(0, +) < max(1, requests))
        }
    }

    @Test("plans without a flow that can run are refused")
    func refused() {
        #expect(throws: LoadError.invalidPlan("no flow has a weight above 0")) { try plan([(0, 1)], seed: 1) }
        #expect(throws: LoadError.invalidPlan("no flow has a weight above 0")) { try plan([], seed: 1) }
        #expect(throws: LoadError.invalidPlan("the flow \"flow 0\" has no steps")) { try plan([(1, 0)], seed: 1) }
        #expect(throws: LoadError.invalidPlan("the flow \"flow 0\" has a negative weight")) {
            try plan([(-1, 1)], seed: 1)
        }
    }

    @Test("arrivals are due at their number over the rate, without drift")
    func due() throws {
        let thirds = try ArrivalSchedule(rate: 3, count: 10)
        #expect([0, 1, 2, 3].map(thirds.due) == [0, 333_333_333, 666_666_667, 1_000_000_000])
        let long = try ArrivalSchedule(rate: 7000, count: 70_000_001)
        #expect(long.due(70_000_000) == 10_000_000_000_000)
        #expect(try ArrivalSchedule(rate: 1000, duration: .milliseconds(1500)).count == 1500)
        #expect(try ArrivalSchedule(rate: 3, duration: .seconds(1)).count == 3)
        #expect(try ArrivalSchedule(rate: 10, duration: .zero).count == 0)
    }

    @Test("rates that mean nothing are refused", arguments: [0, -1, .infinity, .nan, 2e6] as [Double])
    func rates(rate: Double) {
        #expect(throws: LoadError.self) { try ArrivalSchedule(rate: rate, count: 1) }
    }

    @Test("a ring keeps its order and refuses what does not fit")
    func ring() {
        var ring = Ring<Int>(capacity: 2)
        for turn in 0..<5 {
            let taken = [ring.append(turn), ring.append(turn + 100), ring.append(999)]
            #expect(taken == [true, true, false])
            let elements = [ring.popFirst(), ring.popFirst(), ring.popFirst()]
            #expect(elements == [turn, turn + 100, nil])
        }
    }

    @Test("a full backlog drops the newest arrivals and counts them")
    func backlog() throws {
        let run = PhaseRun(
            source: .open(try ArrivalSchedule(rate: 1000, count: 10)), stepNames: [], backlogBound: 4,
            iterationOffset: 0, start: 1_000_000, expected: nil, onProgress: nil, completion: { _ in }
        )
        run.admit(1_000_000)
        #expect(run.arrivals == 1)
        #expect(run.nextDue == 2_000_000)
        run.admit(6_500_000)
        #expect(run.arrivals == 6)
        #expect(run.dropped == 2)
        #expect([run.next(0), run.next(0)].map { $0?.number } == [0, 1])
        run.admit(8_000_000)
        #expect([run.next(0), run.next(0), run.next(0)].map { $0?.scheduled } == [3_000_000, 4_000_000, 7_000_000])
        run.admit(60_000_000)
        #expect(run.isExhausted)
        #expect(run.dropped == 2)
        run.abandonBacklog()
        #expect(run.dropped == 5)
        #expect(run.isOver == true)
    }

    @Test("progress says how far a phase is")
    func progress() throws {
        let run = try phase()
        run.started = 11
        run.firstDispatch = 2_000_000_000
        run.lastDispatch = 7_000_000_000
        run.exchanges = 10
        run.failedExchanges = 3
        #expect(
            run.progress(at: 6_500_000_000)
                == LoadProgress(
                    elapsed: .milliseconds(5500), expected: .seconds(9), exchanges: 10, failed: 3, achievedRate: 2
                )
        )
    }

    @Test("books that do not balance are an error, not a summary")
    func accounting() throws {
        let run = try phase()
        run.admit(1_000_000_000)
        #expect(throws: LoadError.accounting("1 arrivals, but 0 completed, failed or dropped")) {
            try run.summary(stepNames: ["a"], generatorCPU: 0, schedulingClass: "")
        }
        run.flowsCompleted = 1
        run.plannedSteps = 1
        #expect(throws: LoadError.accounting("1 steps begun, but 0 exchanges and 0 skipped")) {
            try run.summary(stepNames: ["a"], generatorCPU: 0, schedulingClass: "")
        }
        run.exchanges = 1
        #expect(throws: LoadError.accounting("1 exchanges, but 0 recorded")) {
            try run.summary(stepNames: ["a"], generatorCPU: 0, schedulingClass: "")
        }
        run.recorders[0].completed(latency: 5, serviceTime: 4)
        let summary = try run.summary(stepNames: ["a"], generatorCPU: 7, schedulingClass: "SCHED_OTHER")
        #expect(summary.total.completed == 1)
        #expect(summary.generatorCPU == 7)
    }

    private func phase() throws -> PhaseRun {
        PhaseRun(
            source: .open(try ArrivalSchedule(rate: 1, count: 10)), stepNames: ["a"], backlogBound: 4,
            iterationOffset: 0, start: 1_000_000_000, expected: 9_000_000_000, onProgress: nil, completion: { _ in }
        )
    }
}
