import Measures
package import Recordings

/// What changes a machine can be expected to show, from how steady it was for a second or two.
package struct MachineResolution: Sendable, Codable, Equatable {
    /// The kinds of machine the smallest changes are known of, and what is worse than all of them.
    package enum Quality: String, Sendable, Codable, Comparable, CaseIterable {
        case quiet, typical, bad, worse

        /// From the scatter of sums of fifty milliseconds of the same work.
        ///
        /// In the model the smallest changes come from, what a machine does to a half-round has a standard deviation of
        /// 1.7 % (quiet), 4.2 % (typical) and 10.5 % (bad); the borders are the geometric means between them, and one
        /// step further. A half-round takes seconds and averages more than a sum does, but also sees slow drift.
        package init(spread: Double) {
            switch spread {
            case ..<0.027: self = .quiet
            case ..<0.066: self = .typical
            case ..<0.17: self = .bad
            default: self = .worse
            }
        }

        package static func < (left: Quality, right: Quality) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Smallest changes that 20 rounds with twelve budgets find in about four runs of five, 0.02 is 2 %; simulated, see
    /// `GateSimulationTests.resolved`.
    package struct SmallestChanges: Sendable, Codable, Equatable {
        package let cpuPerRequest: Double
        /// Of `latency.p50` and of throughput.
        package let latencyP50: Double
        package let latencyP90: Double
        package let latencyP99: Double

        private init(_ cpu: Double, _ p50: Double, _ p90: Double, _ p99: Double) {
            cpuPerRequest = cpu
            latencyP50 = p50
            latencyP90 = p90
            latencyP99 = p99
        }

        init?(_ quality: Quality) {
            switch quality {
            case .quiet: self.init(0.017, 0.027, 0.033, 0.056)
            case .typical: self.init(0.026, 0.051, 0.070, 0.14)
            case .bad: self.init(0.055, 0.12, 0.18, 0.37)
            case .worse: return nil
            }
        }
    }

    /// What took time away from the work, so that the machine is held for worse than the work alone tells.
    package enum Interference: String, Sendable, Codable {
        case steal, throttling, pressure
    }

    package let quality: Quality
    /// Scatter of sums of ten pieces of work.
    package let spread: Double
    /// Nil where the work itself decided.
    package let disturbance: Interference?
    /// Nil where nothing can be expected.
    package let smallestChanges: SmallestChanges?

    /// Nil where the steadiness is not known.
    package init?(_ survey: MachineSurvey) {
        guard let steadiness = survey.steadiness else { return nil }
        spread = steadiness.spreadOfSums
        let ofWork = Quality(spread: spread)
        if let found = Self.disturbance(survey), found.atLeast > ofWork {
            quality = found.atLeast
            disturbance = found.kind
        } else {
            quality = ofWork
            disturbance = nil
        }
        smallestChanges = SmallestChanges(quality)
    }

    /// The worst of what disturbed the work, and what such a machine is at least.
    ///
    /// The work may have got an even share beside other work; the service and the load generator, which wait for each
    /// other, will not.
    private static func disturbance(_ survey: MachineSurvey) -> (kind: Interference, atLeast: Quality)? {
        let environment = survey.environment
        if environment.throttled ?? 0 >= 0.01 { return (.throttling, .bad) }
        if environment.steal ?? 0 >= 0.05 { return (.steal, .bad) }
        // The work keeps one processor busy, so that on a single one others wait for it.
        let pressure = survey.machine.cores > 1 ? environment.pressure ?? 0 : 0
        if pressure >= 0.3 { return (.pressure, .bad) }
        if environment.steal ?? 0 >= 0.01 { return (.steal, .typical) }
        return pressure >= 0.1 ? (.pressure, .typical) : nil
    }

    /// In whole sentences, worded as what it is: a guess from a second or two.
    package var text: String {
        let cause =
            switch disturbance {
            case .steal: ", and the hypervisor took time away"
            case .throttling: ", and the control group held it up"
            case .pressure: ", and other work waited for the processors"
            case nil: ""
            }
        let seen = "ten pieces of the same work scattered by \(Unit.share.text(spread))\(cause)"
        let counts = "Allocations and leaks are counted and do not depend on it."
        guard let changes = smallestChanges else {
            return "While it was watched, this machine was less steady than a bad shared runner (\(seen)): expect "
                + "budgets on time to be inconclusive. \(counts)"
        }
        let kind =
            switch quality {
            case .quiet: "as steady as a quiet machine"
            case .typical: "as steady as a typical shared runner"
            case .bad, .worse: "only as steady as a bad shared runner"
            }
        func share(_ value: Double) -> String { Unit.fixed(value * 100, value < 0.0995 ? 1 : 0) + " %" }
        return "While it was watched, this machine was \(kind) (\(seen)). If it stays so, 20 rounds show changes from "
            + "about \(share(changes.cpuPerRequest)) of processor time per request, \(share(changes.latencyP50)) of p50 "
            + "latency and throughput, \(share(changes.latencyP90)) of p90 and \(share(changes.latencyP99)) of p99. "
            + "\(counts) Two seconds say little about the next minutes: watch the intervals in the reports."
    }
}
