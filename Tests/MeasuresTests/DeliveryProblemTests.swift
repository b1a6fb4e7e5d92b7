import Measures
import Testing

@Suite("Delivery of the load")
struct DeliveryProblemTests {
    /// 1000 arrivals asked at 100 per second and delivered in time.
    private func delivered() -> LoadSummary {
        var summary = LoadSummary(stepNames: ["a"], requestedRate: 100)
        summary.arrivals = 1000
        summary.flowsCompleted = 1000
        summary.total.completed = 1000
        summary.dispatchSpan = 9_990_000_000
        summary.elapsed = 10_000_000_000
        summary.generatorCPU = 100_000_000
        for _ in 0..<1000 {
            summary.total.latency.record(1_000_000)
            summary.lateness.record(50_000)
        }
        return summary
    }

    @Test("a phase that was delivered has no problem")
    func fine() {
        #expect(delivered().deliveryProblem() == nil)
        #expect(delivered().achievedRate == 100)
    }

    @Test("a search tells only of itself whether it was delivered")
    func search() {
        var summary = delivered()
        summary.dropped = 3
        let missed = CapacityRecord.Window(rate: 100, requests: 997, outcome: .missed, reason: "it was slow")
        for ending in [CapacityRecord.Ending.found, .belowRange, .aboveRange] {
            summary.capacity = CapacityRecord(windows: [missed], ending: ending, errorLimit: 0)
            #expect(summary.deliveryProblem() == nil)
        }
        let late = CapacityRecord.Window(
            rate: 100, requests: 9, outcome: .undelivered, reason: "the generator was late")
        summary.capacity = CapacityRecord(windows: [late, late], ending: .undelivered, errorLimit: 0)
        let problem = summary.deliveryProblem()
        #expect(problem?.description == "100/s was tried twice, and the generator was late")
        #expect(problem?.isGeneratorsFault == true)
    }

    @Test("what a search found, or why it found nothing")
    func found() {
        func record(_ ending: CapacityRecord.Ending, _ windows: CapacityRecord.Window...) -> CapacityRecord {
            CapacityRecord(windows: windows, ending: ending, errorLimit: 0)
        }
        let held = CapacityRecord.Window(rate: 100, requests: 200, outcome: .held)
        let best = CapacityRecord.Window(rate: 200, requests: 400, outcome: .held)
        let missed = CapacityRecord.Window(rate: 400, requests: 500, outcome: .missed, reason: "it was slow")
        #expect(record(.found, held, missed, best).rate == 200)
        #expect(record(.found, held, missed, best).problem == nil)
        #expect(record(.found, missed).rate == nil)
        #expect(record(.found, missed).problem == "no rate that was tried held")
        #expect(record(.aboveRange, held, best).rate == nil)
        #expect(
            record(.aboveRange, held, best).problem
                == "even the highest rate, 200/s, held, so that the capacity is that or more; raise load.to")
        #expect(
            record(.belowRange, missed).problem
                == "even the lowest rate, 400/s, did not hold: it was slow; lower load.from")
    }

    @Test("nothing sent")
    func nothing() {
        let problem = LoadSummary(stepNames: ["a"], requestedRate: 100).deliveryProblem()
        #expect(
            problem?.description
                == "no request was sent; check the flows' weights and the amount of work in the plan"
        )
    }

    @Test("processor time out of a recording that was tampered with")
    func absurdProcessorTime() {
        var summary = delivered()
        summary.elapsed = 1
        summary.generatorCPU = .max
        let text = summary.deliveryProblem()?.description
        #expect(text?.hasPrefix("the load generator's thread was busy 1.8446744073709552e+21 % of the time") == true)
    }

    @Test("dropped arrivals")
    func dropped() {
        var summary = delivered()
        summary.dropped = 3
        #expect(
            summary.deliveryProblem()?.description
                == "3 of 1000 arrivals found no free connection in time; lower load.rate or raise load.connections"
        )
    }

    @Test("a rate not kept names who was to blame")
    func rate() {
        var summary = delivered()
        summary.dispatchSpan = 19_980_000_000
        #expect(
            summary.deliveryProblem()?.description
                == "50 of 100 flows per second were started because the load generator fell behind; "
                + "lower load.rate or give the machine more processor time"
        )
        summary.connectionWait.record(10_000_000_000)
        #expect(
            summary.deliveryProblem()?.description
                == "50 of 100 flows per second were started because all connections were busy: "
                + "the service could not keep up; lower load.rate or raise load.connections"
        )
    }

    @Test("a stage whose rate was not kept is named, whatever came of the whole")
    func stage() {
        var summary = delivered()
        let kept = StageDelivery(requestedRate: 50, length: 5_000_000_000, arrivals: 250, lag: 90_000_000)
        summary.stages = [
            kept, StageDelivery(requestedRate: 150, length: 5_000_000_000, arrivals: 750, lag: 1_250_000_000),
        ]
        #expect(
            summary.deliveryProblem()?.description
                == "in stage 2, 120 of 150 flows per second were started because the load generator fell behind; "
                + "lower the rates in load.stages or give the machine more processor time"
        )
        #expect(summary.deliveryProblem()?.isGeneratorsFault == true)
        summary.connectionWait.record(10_000_000_000)
        #expect(
            summary.deliveryProblem()?.description
                == "in stage 2, 120 of 150 flows per second were started because all connections were busy: "
                + "the service could not keep up; lower the rates in load.stages or raise load.connections"
        )
        #expect(summary.deliveryProblem()?.isGeneratorsFault == false)
        summary.stages = [kept, kept]
        #expect(summary.deliveryProblem() == nil)
    }

    @Test("of several loads the one that was not delivered is named, the service's fault first")
    func several() {
        var late = delivered()
        for _ in 0..<20 { late.lateness.record(12_000_000) }
        var short = delivered()
        short.dropped = 3
        var all = LoadSummary(stepNames: ["a"], requestedRate: nil)
        all.loads = [
            LoadPart(name: "fine", start: 0, summary: delivered()), LoadPart(name: "late", start: 5, summary: late),
        ]
        #expect(all.deliveryProblem()?.description.hasPrefix("load \"late\": the load generator sent 1 in 100") == true)
        #expect(all.deliveryProblem()?.isGeneratorsFault == true)
        all.loads?.append(LoadPart(name: "short", start: 0, summary: short))
        #expect(
            all.deliveryProblem()?.description
                == "load \"short\": 3 of 1000 arrivals found no free connection in time; "
                + "lower load.rate or raise load.connections"
        )
        #expect(all.deliveryProblem()?.isGeneratorsFault == false)
        all.loads = [LoadPart(name: "none", start: 0, summary: LoadSummary(stepNames: [], requestedRate: nil))]
        #expect(
            all.deliveryProblem()?.description
                == "load \"none\": no request was sent; check the flows' weights and the amount of work in the plan"
        )
    }

    @Test("one late last arrival of a short phase is no problem")
    func grace() {
        var summary = delivered()
        summary.arrivals = 100
        summary.flowsCompleted = 100
        summary.dispatchSpan = 990_000_000 + 50_000_000
        #expect(summary.deliveryProblem() == nil)
        summary.dispatchSpan = 990_000_000 + 150_000_000
        #expect(
            summary.deliveryProblem()
                == .tooSlow(achieved: 99 / 1.14, asked: 100, connectionsWereBusy: false)
        )
    }

    @Test("lateness above ordinary scheduling is a problem, unless the latency dwarfs it")
    func late() {
        var summary = delivered()
        for _ in 0..<20 { summary.lateness.record(12_000_000) }
        #expect(
            summary.deliveryProblem()?.description
                == "the load generator sent 1 in 100 requests more than 12.0 ms late (limit 10.0 ms); the machine is "
                + "too busy to measure on: lower load.rate, stop other work or permit real-time scheduling"
        )
        for _ in 0..<20 { summary.total.latency.record(200_000_000) }
        #expect(summary.deliveryProblem() == nil)
    }

    @Test("a generator that is busy all the time is a problem in an open loop only")
    func saturated() {
        var summary = delivered()
        summary.generatorCPU = 8_500_000_000
        #expect(
            summary.deliveryProblem()?.description
                == "the load generator's thread was busy 85 % of the time; lower load.rate"
        )
        summary.requestedRate = nil
        #expect(summary.deliveryProblem() == nil)
    }
}
