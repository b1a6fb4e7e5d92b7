import Measures
import Verdicts

/// What would decide a finding that is open.
extension Finding {
    /// That these rounds cannot tell a change as small as the limit allows; nil where they can, and without a test.
    ///
    /// A floor above the relative limit is what has to be told.
    var unresolvedText: String? {
        guard let allowedShare, let smallestDetectable, let change, let baseline else { return nil }
        let isFloor = floor > allowedShare * abs(baseline)
        let isShare = change.isRelative && !isFloor
        let scale = change.isRelative && isFloor ? abs(baseline) : 1
        let resolved = abs(smallestDetectable) * scale
        let allowed = isShare ? allowedShare : isFloor ? floor : allowedShare * abs(baseline)
        guard resolved > allowed else { return nil }
        let unit = isShare ? Unit.share : self.unit
        return "this machine resolves \(unit.text(resolved)) in \(counted(rounds, "round")), "
            + "the \(isFloor ? "floor" : "budget") is \(unit.text(allowed))"
    }

    /// Why the finding is open, and all that is known about what would decide it.
    var undecidedText: String { reason + (unresolvedText.map { "; \($0)" } ?? "") }

    /// What would decide the finding, as briefly as it can be said.
    var decisionText: String {
        if let unresolvedText { return unresolvedText }
        guard let roundsToDecide, roundsToDecide > rounds else { return reason }
        return "about \(roundsToDecide) rounds would decide"
    }
}
