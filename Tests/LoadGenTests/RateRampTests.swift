import Measures
import Plans
import TestSupport
import Testing

@testable import LoadGen

@Suite("Arrivals of a ramp")
struct RateRampTests {
    private func ramp(from start: Double, _ stages: (rate: Double, seconds: Double)...) -> Ramp {
        Ramp(start: start, stages: stages.map { .init(level: $0.rate, duration: .seconds($0.seconds)) })
    }

    /// A ramp drawn at random, pauses and steps of all sizes among its stages.
    private func random(_ generator: inout SeededGenerator) -> Ramp {
        func level() -> Double {
            switch generator.below(4) {
            case 0: 0
            case 1: Double(generator.below(1000))
            case 2: Double(generator.below(100_000)) / 7
            default: 1 + Double(generator.below(1000)) / 1000
            }
        }
        var ramp = Ramp(start: level(), stages: [])
        for _ in 0...generator.below(5) {
            let holds = generator.below(3) == 0
            let last = ramp.stages.last?.level ?? ramp.start
            let duration = Duration.nanoseconds(Int64(1 + generator.below(5_000_000_000)))
            ramp.stages.append(.init(level: holds ? last : level(), duration: duration))
        }
        return ramp
    }

    /// The integral of the rate up to an instant in nanoseconds, in many small steps.
    private func integral(of ramp: Ramp, until instant: Double) -> Double {
        var sum = 0.0
        var begin = 0.0
        var from = ramp.start
        for stage in ramp.stages {
            let length = stage.duration / .nanoseconds(1)
            let span = min(length, instant - begin)
            guard span > 0 else { break }
            let steps = 200
            for step in 0..<steps {
                let middle = span * (Double(step) + 0.5) / Double(steps)
                sum += (from + (stage.level - from) * middle / length) * span / Double(steps) / 1e9
            }
            begin += length
            from = stage.level
        }
        return sum
    }

    @Test("every arrival is due where the integral of the rate reaches its number, and none before the one before it")
    func agreesWithIntegration() throws {
        var generator = SeededGenerator(seed: 5)
        var checked = 0
        for _ in 0..<300 {
            let ramp = random(&generator)
            guard ramp.area > 0 else { continue }
            let schedule = try ArrivalSchedule(ramp: ramp)
            let end = ramp.length / .nanoseconds(1)
            #expect(abs(Double(schedule.count) - integral(of: ramp, until: end)) < 1 + 1e-6)
            let stride = max(1, schedule.count / 40)
            for number in Swift.stride(from: 0, to: schedule.count, by: stride) {
                let due = schedule.due(number)
                // Half a nanosecond of rounding at the highest rate, and what the small steps leave.
                let slack = ramp.peak * 1e-9 + Double(number) * 1e-9 + 1e-7
                #expect(abs(integral(of: ramp, until: Double(due)) - Double(number)) <= slack, "\(ramp) \(number)")
                #expect(Double(due) <= end)
                if number > 0 { #expect(schedule.due(number - 1) < due, "\(ramp) \(number)") }
                checked += 1
            }
        }
        #expect(checked > 3000)
    }

    @Test("stages of one rate are the schedule of a constant rate, to the nanosecond")
    func constantStages() throws {
        for rate in [1, 3, 7.3, 99.99, 1000, 333_333.3] {
            for seconds in [[4.0], [1, 3], [0.1, 0.7, 2.2], [0.000000001, 3.999999999]] {
                let stages = seconds.map { Ramp.Stage(level: rate, duration: .seconds($0)) }
                let ramp = Ramp(start: rate, stages: stages)
                let ramped = try ArrivalSchedule(ramp: ramp)
                let constant = try ArrivalSchedule(rate: rate, duration: ramp.length)
                #expect(ramped.count == constant.count)
                let stride = max(1, constant.count / 1000)
                for number in Swift.stride(from: 0, to: constant.count, by: stride) {
                    #expect(ramped.due(number) == constant.due(number))
                }
            }
        }
    }

    @Test("known instants of ramps up, down and with a pause")
    func knownInstants() throws {
        // 10/s to 30/s in 2 s: the integral is 10 t + 5 t².
        let up = try ArrivalSchedule(ramp: ramp(from: 10, (30, 2)))
        #expect(up.count == 40)
        #expect([0, 15, 40].map(up.due) == [0, 1_000_000_000, 2_000_000_000])
        #expect(up.rate == 20)
        // From nothing to 200/s in 10 s: arrival i at √(i / 10) s.
        let fromNothing = try ArrivalSchedule(ramp: ramp(from: 0, (200, 10)))
        #expect(fromNothing.count == 1000)
        #expect([0, 10, 40, 90].map(fromNothing.due) == [0, 1_000_000_000, 2_000_000_000, 3_000_000_000])
        // The same backwards: the last arrival is due √(1 / 10) s before the end.
        let toNothing = try ArrivalSchedule(ramp: ramp(from: 200, (0, 10)))
        #expect([910, 960, 990].map(toNothing.due) == [7_000_000_000, 8_000_000_000, 9_000_000_000])
        #expect(toNothing.due(999) == 9_683_772_234)
        // An arrival whose number is reached where a pause begins is due where it ends.
        let pause = try ArrivalSchedule(ramp: ramp(from: 0, (0, 1), (10, 0.000001), (10, 2), (0, 0.000001), (0, 5)))
        #expect(pause.due(0) == 1_000_000_000)
        #expect(pause.count == 21)
        #expect(pause.due(20) < 3_000_002_000)
    }

    @Test("ramps that mean nothing are refused")
    func refused() {
        #expect(throws: LoadError.invalidPlan("the stages have no arrivals: every rate is 0")) {
            try ArrivalSchedule(ramp: ramp(from: 0, (0, 5)))
        }
        #expect(throws: LoadError.invalidPlan("the stages have no arrivals: every rate is 0")) {
            try ArrivalSchedule(ramp: Ramp(start: 5, stages: []))
        }
        #expect(throws: LoadError.invalidPlan("a rate of nan per second is not 0 to 1000000")) {
            try ArrivalSchedule(ramp: ramp(from: .nan, (1, 5)))
        }
        #expect(throws: LoadError.invalidPlan("a rate of 2000000.0 per second is not 0 to 1000000")) {
            try ArrivalSchedule(ramp: ramp(from: 1, (2e6, 5)))
        }
        #expect(throws: LoadError.invalidPlan("a stage takes no time")) {
            try ArrivalSchedule(ramp: ramp(from: 1, (2, 0)))
        }
        #expect(throws: LoadError.invalidPlan("the stages have too many arrivals for one phase")) {
            try ArrivalSchedule(ramp: ramp(from: 1e6, (1e6, 2e6)))
        }
    }

    @Test("the server is asked at the rate of the ramp, and the books are kept by stage")
    func engine() async throws {
        let stages: [Ramp.Stage] = [
            .init(level: 300, duration: .milliseconds(500)), .init(level: 300, duration: .milliseconds(200)),
            .init(level: 0, duration: .milliseconds(300)),
        ]
        let ramp = Ramp(start: 100, stages: stages)
        let load = Load(
            executor: .rampingArrivalRate(ramp), connections: 8, warmup: .zero, work: .duration(ramp.length),
            timeout: .seconds(10))
        let summary = try await Bench.run(load) { _ in [.respond()] }
        #expect(summary.arrivals == 205)
        #expect(summary.total.completed == 205)
        #expect(summary.requestedRate == 205)
        let delivered = try #require(summary.stages)
        #expect(delivered.map(\.requestedRate) == [200, 300, 150])
        #expect(delivered.map(\.length) == [500_000_000, 200_000_000, 300_000_000])
        #expect(delivered.map(\.arrivals) == [100, 60, 45])
        #expect(summary.lateness.count == 205)
    }

    @Test("a stage the service could not keep up with is named, although a later one let it catch up")
    func overloadedStage() async throws {
        let stages: [Ramp.Stage] = [
            .init(level: 400, duration: .milliseconds(500)), .init(level: 1, duration: .milliseconds(1)),
            .init(level: 1, duration: .seconds(4)),
        ]
        let ramp = Ramp(start: 400, stages: stages)
        let load = Load(
            executor: .rampingArrivalRate(ramp), connections: 1, warmup: .zero, work: .duration(ramp.length),
            timeout: .seconds(10))
        // At most 200 per second, of which it is asked 400 for half a second.
        let summary = try await Bench.run(load) { _ in [.freeze(5), .respond()] }
        #expect(summary.dropped == 0)
        guard case .stageTooSlow(1, let achieved, asked: 400, connectionsWereBusy: true) = summary.deliveryProblem()
        else {
            Issue.record("\(String(describing: summary.deliveryProblem()))")
            return
        }
        #expect(achieved < 250)
        #expect(try #require(summary.stages).last?.lag ?? .max < 100_000_000)
    }
}
