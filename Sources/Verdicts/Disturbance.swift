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

    /// How many rounds may be voided; beyond that, what was measured is the machine and not the service.
    package static func allowance(rounds: Int) -> Int { max(1, Int((Double(rounds) * voidedShare).rounded(.down))) }

    /// Why a round does not count, in words; nil when it does.
    package static func reason(toVoid round: Round) -> String? {
        for half in round.halves {
            if let reason = reason(toVoid: half) { return "\(half.side.rawValue): \(reason)" }
        }
        return nil
    }

    private static func reason(toVoid half: HalfRound) -> String? {
        if let problem = half.load.deliveryProblem(), problem.isGeneratorsFault { return "\(problem)" }
        if let steal = half.environment.steal, steal > Self.steal {
            return "the hypervisor took \(Unit.share.text(steal)) of the processor time, more than "
                + Unit.share.text(Self.steal)
        }
        if let throttled = half.environment.throttled, throttled > Self.throttled {
            return "the control group was throttled for \(Unit.share.text(throttled)) of the time, more than "
                + "\(Unit.share.text(Self.throttled)); lower load.rate or raise the group's processor limit"
        }
        if let suspended = half.environment.suspended, suspended > Self.suspended {
            return "the machine slept for \(Unit.time.text(suspended * 1e9))"
        }
        return nil
    }
}
