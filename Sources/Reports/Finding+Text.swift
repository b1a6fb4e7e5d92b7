import Measures
import Plans
import Verdicts

extension Finding {
    var unit: Unit { key.metric.unit }

    /// The limit: `≤ +1.00 %, floor 0.50`.
    var limitText: String { boundText + (floorText.map { ", \($0)" } ?? "") }

    /// The limit without its floor: `≤ +1.00 %`.
    var boundText: String {
        switch limit {
        case .maximum(let value): "≤ \(unit.text(value))"
        case .minimum(let value): "≥ \(unit.text(value))"
        case .maximumIncrease(let share): share == 0 ? "no increase" : "≤ \(percentageText(share))"
        case .maximumDecrease(let share): share == 0 ? "no decrease" : "≥ \(percentageText(-share))"
        }
    }

    /// The floor: `floor 0.50`; nil where there is none, as under an absolute limit.
    var floorText: String? { allowedShare == nil || floor <= 0 ? nil : "floor \(unit.text(floor))" }

    /// The share of the baseline that a relative limit allows; nil for an absolute one.
    var allowedShare: Double? {
        switch limit {
        case .maximum, .minimum: nil
        case .maximumIncrease(let share), .maximumDecrease(let share): share
        }
    }

    /// Where the limit was set: `thresholds.json:4`.
    var placeText: String { place.line > 0 ? "\(place.file):\(place.line)" : place.file }

    var baselineText: String { baseline.map { unit.text($0) } ?? "–" }
    var candidateText: String { candidate.map { unit.text($0) } ?? "–" }

    /// The change, unless it was held against nothing: beside "not compared" it would be read as a comparison.
    private var shownChange: Change? { kind == .unanchored ? nil : change }

    /// The estimated change, of the baseline's median and relative: `+51 (+102 %)`.
    var changeText: String {
        guard let change = shownChange else { return "–" }
        guard change.isRelative else { return unit.change(change.estimate) }
        let relative = percentageText(change.estimate)
        return baseline.map { "\(unit.change(change.estimate * abs($0))) (\(relative))" } ?? relative
    }

    /// The interval of the change: `+6.20 % to +10.1 %`; nil where the change is exact.
    var intervalText: String? {
        guard let change = shownChange, change.low != change.high else { return nil }
        let (low, high) = (changed(change.low), changed(change.high))
        return low == high ? nil : "\(low) to \(high)"
    }

    /// The smallest change these rounds would find.
    var detectableText: String { smallestDetectable.map { changed($0) } ?? "–" }

    private func changed(_ value: Double) -> String {
        change?.isRelative == false ? unit.change(value) : percentageText(value)
    }

    /// The class the values were judged by: `count`, `near, a count that varied`.
    var classText: String { evidence.rawValue + (demoted ? ", a count that varied" : "") }

    /// The finding as a few words: `allocations.perRequest +51 (+102 %)`, `errors.rate 2 % (limit 0.10 %)`.
    var headline: String {
        switch limit {
        case .maximum(let value), .minimum(let value): "\(key.text) \(candidateText) (limit \(unit.text(value)))"
        case .maximumIncrease, .maximumDecrease: "\(key.text) \(changeText)"
        }
    }

    /// The kind as a word for a column.
    var kindText: String {
        switch kind {
        case .regressed: severity == .error ? "regressed" : "regressed (\(severity.rawValue))"
        case .improved: "improved"
        case .pass: "pass"
        case .accepted: "accepted"
        case .inconclusive: "inconclusive"
        case .unanchored: "not compared"
        case .missing: "no value"
        }
    }

    var symbol: String {
        switch kind {
        case .regressed: severity == .error ? "❌" : "⚠️"
        case .improved: "🎉"
        case .pass: "✅"
        case .accepted: "🤝"
        case .inconclusive: "🟡"
        case .unanchored: "➖"
        case .missing: "❗"
        }
    }
}
