import Measures
import Plans

@testable import Recordings
@testable import Verdicts

/// Runs that ended in one way or another, and what the machine did to them.
extension Scene {
    /// Every limit decided at the first look.
    static var decided: Scene {
        var scene = passed
        scene.planned = 20
        scene.ending = .decided
        return scene
    }

    /// The time was up between two looks, with one limit open.
    static var outOfTime: Scene {
        var scene = inconclusive
        scene.rounds = 11
        scene.planned = 20
        scene.ending = .time
        return scene
    }

    /// A count was over its limit after three rounds, and nobody wanted to know more.
    static var failFast: Scene {
        var scene = functions
        scene.rounds = 3
        scene.planned = 20
        scene.ending = .failFast
        return scene
    }

    /// A round disturbed, and a machine that slows down for one side.
    static var disturbed: Scene {
        var scene = passed
        scene.rounds = 9
        scene.voided = [3: "candidate: the hypervisor took 12 % of the processor time, more than 10 %"]
        scene.environment = { side, round in
            let isLate = side == .candidate && round == 3
            var environment = Environment(steal: isLate ? 0.12 : 0.002 * Double(round), loadAverage: 1.5)
            environment.pressure = 0.03
            environment.throttled = round == 5 ? 0.02 : 0
            environment.frequency = side == .baseline ? 2450 : 2450 - 10 * Double(round)
            environment.suspended = 0
            return environment
        }
        return scene
    }

    /// A machine with more to run than processors: threads of both sides waited, in one round little was read.
    static var contended: Scene {
        var scene = passed
        scene.spent = { side, round in
            let cpu: UInt64 = 800_000_000 + 1_000_000 * UInt64(round)
            if round == 2, side == .candidate { return Spent(cpu: cpu) }
            // The third round was a quiet one.
            let wait = round == 3 ? cpu / 20 : cpu / 100 * (side == .candidate ? 42 : 35)
            return Spent(
                cpu: cpu, queueWait: round == 5 ? nil : wait, voluntarySwitches: 3100, involuntarySwitches: 180,
                minorFaults: 240, majorFaults: round == 7 ? 4 : 0)
        }
        scene.problems = { side, round in
            if round == 2, side == .candidate {
                return ["scheduling": "/proc/4711/task/4712/schedstat: is not three numbers"]
            }
            return round == 5 ? ["scheduling": "this kernel does not count how long threads wait for a processor"] : [:]
        }
        return scene
    }

    /// Only a budget that warns is over its limit.
    static var warned: Scene {
        var scene = passed
        let noise = [0.01, -0.02, 0.015, -0.01, 0.005, -0.005, 0.02, -0.015]
        scene.baseline?[MetricKey(.latencyP99)] = noise.map { 3.5e6 * (1 + $0) }
        scene.candidate[MetricKey(.latencyP99)] = noise.reversed().map { 5.6e6 * (1 + $0) }
        return scene
    }

    /// Scatter far wider than the budget: no clean change and no regression of its size can be told here.
    static var unresolvable: Scene {
        var scene = passed
        let noise = [0.10, -0.22, 0.15, -0.12, 0.05, -0.08, 0.21, -0.14]
        scene.rounds = 20
        scene.baseline?[MetricKey(.latencyP50)] = noise.map { 4e6 * (1 + $0) }
        scene.candidate[MetricKey(.latencyP50)] = noise.reversed().map { 4.15e6 * (1 + $0) }
        return scene
    }
}
