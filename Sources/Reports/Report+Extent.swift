import Measures
import Recordings
import Verdicts

/// How long the run was, why it ended there, and what could be concluded then.
extension Report {
    /// How much was measured: `decided after 8 of at most 20 rounds of 2000 requests, 1 min 52 s`.
    var extentText: String {
        let recording = comparison.candidate.recording
        let valid = recording.validRounds
        var text = roundsText
        let voided = recording.rounds.count - valid.count
        if voided > 0 { text += " (\(voided) more voided)" }
        // The windows of a search make as many as it takes.
        let loads = valid.compactMap { $0.half(comparison.candidate.side)?.load }.filter { $0.capacity == nil }
        let requests = loads.map(\.total.exchanges)
        if let middle = median(requests.map { Double($0) }) { text += " of \(Unit.count.text(middle)) requests" }
        text += ", " + durationText(seconds: recording.seconds)
        return switch recording.ending {
        // Judged again by other budgets, a run may be left open after all.
        case .decided: (verdict.isDecided ? "decided after " : "ended after ") + text
        case .failFast: "ended by a regression after " + text
        case .time: "out of time after " + text
        case .planned, .calibrated, nil: text
        }
    }

    /// Rounds that count, and at most: `8 of at most 20 rounds`.
    var roundsText: String {
        let recording = comparison.candidate.recording
        let valid = recording.validRounds.count
        return valid < recording.plannedRounds
            ? "\(valid) of at most \(counted(recording.plannedRounds, "round"))" : counted(valid, "round")
    }

    /// Why no further round was measured: `every limit that counts was decided`.
    var endingText: String {
        switch comparison.candidate.recording.ending {
        case .planned: "all that were planned"
        case .decided: "every limit that counts was decided"
        case .failFast: "the first regression was to end the run"
        case .time: "another would not have ended in time"
        case .calibrated: "the time for calibrating was up"
        case nil: "the run failed"
        }
    }

    /// Which look it was: `look 1 of 3 (after 8, 13 and 20 rounds)`.
    var lookText: String {
        let looks = LookSchedule(rounds: verdict.look.planned).looks
        let planned = "after \(listed(looks.map { "\($0)" })) rounds"
        guard let index = looks.firstIndex(of: verdict.look.rounds) else {
            return "a look outside the plan (\(planned))"
        }
        return looks.count == 1 ? "the only look" : "look \(index + 1) of \(looks.count) (\(planned))"
    }

    /// What the intervals are called: `98.5 % interval`.
    var intervalName: String { "\(Unit.share.text(verdict.look.confidence)) interval" }

    /// Which side ran first how often: `baseline first in 4 of 8 rounds`; nil unless both were measured together.
    var orderText: String? {
        guard comparison.isPaired else { return nil }
        let rounds = comparison.candidate.recording.validRounds
        let first = rounds.filter { $0.halves.first?.side == .baseline }.count
        return "baseline first in \(first) of \(counted(rounds.count, "round"))"
    }
}
