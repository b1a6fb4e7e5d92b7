import Measures
package import Recordings

/// What the machine did to a round that no version of the service can be blamed for.
///
/// Fixed in advance and blind to the result: a round is never repeated for what it showed.
package enum Disturbance {
    /// Share of all processor time the hypervisor may take away.
    static let steal = 0.1
    /// Share of the time the control group may be kept from running.
    static let throttled = 0.1
    /// Seconds of sleep that cannot be a difference of two clocks' rounding.
    static let suspended = 0.1
    /// Share of the planned rounds that may be voided and repeated.
    private static let voidedShare = 0.25

    /// Rounds that may be voided however few are planned: of three, a quarter would be none.
    private static let leastAllowance = 3

    /// How many rounds may be voided; beyond that, what was measured is the machine and not the service.
    package static func allowance(rounds: Int) -> Int {
        max(leastAllowance, Int((Double(rounds) * voidedShare).rounded(.down)))
    }

    /// Why a round does not count, in words; nil when it does.
    ///
    /// `timed` says whether a figure that depends on processor time is judged: who counts allocations or leaks gets
    /// the same number however often the machine was interrupted.
    package static func reason(toVoid round: Round, timed: Bool) -> String? {
        for half in round.halves {
            if let reason = reason(toVoid: half, timed) { return "\(half.side.rawValue): \(reason)" }
        }
        return nil
    }

    private static func reason(toVoid half: HalfRound, _ timed: Bool) -> String? {
        if let problem = half.load.deliveryProblem(), problem.isGeneratorsFault { return "\(problem)" }
        // Where a request ran into its limit, time mattered after all.
        return reason(toDistrust: half, timed: timed || half.load.total.timedOut > 0)
    }

    /// What was wrong with the machine during a half-round, in words; nil when nothing was.
    ///
    /// A search for the capacity takes all that the control group may have, so that being throttled there is no
    /// disturbance; a generator that was throttled with the service was late, which voids the round.
    static func reason(toDistrust half: HalfRound, timed: Bool = true) -> String? {
        var environment = half.environment
        if half.load.capacity != nil { environment.throttled = nil }
        return reason(toDistrust: environment, timed: timed)
    }

    /// What was wrong with the machine for a while, in words; nil when nothing was.
    package static func reason(toDistrust environment: Environment, timed: Bool = true) -> String? {
        if timed, let steal = environment.steal, steal > Self.steal {
            return "the hypervisor took \(Unit.share.text(steal)) of the processor time, more than "
                + Unit.share.text(Self.steal)
        }
        if timed, let throttled = environment.throttled, throttled > Self.throttled {
            return "the control group was throttled for \(Unit.share.text(throttled)) of the time, more than "
                + "\(Unit.share.text(Self.throttled)); lower load.rate or raise the group's processor limit"
        }
        if let suspended = environment.suspended, suspended > Self.suspended {
            return "the machine slept for \(Unit.time.text(suspended * 1e9))"
        }
        return nil
    }
}
