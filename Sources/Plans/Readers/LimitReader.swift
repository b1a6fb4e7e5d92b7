internal import Measures

/// Reads the limits of one metric.
struct LimitReader {
    let metric: Metric
    let step: String?
    let defaults: BudgetReader.Defaults

    private static let keys = KeyList.limits(of: nil)

    func read(_ member: Member) -> Budget? {
        guard let fields = member.value.fields(Self.keys) else { return nil }
        let maximum = fields.optional("max").flatMap(limit)
        let minimum = fields.optional("min").flatMap(limit)
        let increase = change("maxIncrease", fields, against: .lowerIsWorse, use: "maxDecrease")
        let decrease = change("maxDecrease", fields, against: .higherIsWorse, use: "maxIncrease")
        let floor = fields.optional("floor").flatMap(limit)
        let severity = fields.optional("severity").map { $0.word(Budget.Severity.self) } ?? defaults.severity
        let decide = fields.optional("decide").map { $0.word(Budget.Decision.self) } ?? defaults.decide
        if let maximum, let minimum, let place = fields.member("max"), maximum < minimum {
            place.report("\"max\" is below \"min\"")
        }
        checkPresence(fields, member)
        guard let severity, let decide else { return nil }
        return Budget(
            metric: metric, step: step, maximum: maximum, minimum: minimum, maximumIncrease: increase,
            maximumDecrease: decrease, floor: floor ?? 0, severity: severity, decide: decide, accepted: nil,
            place: member.place)
    }

    /// Reports limits that are missing, and a floor without the relative limit it belongs to or the other way round.
    private func checkPresence(_ fields: Fields, _ member: Member) {
        let relative = fields.present(["maxIncrease", "maxDecrease"])
        if relative.isEmpty, fields.present(["max", "min"]).isEmpty {
            let example = metric.isLeak ? "\"max\": 0" : "\"\(relativeKey)\": \"8%\""
            member.report("the budget has no limit", hint: "for example \(example)")
        } else if relative.isEmpty, let floor = fields.member("floor") {
            floor.report("\"floor\" is of no use without \"\(relativeKey)\"", hint: "remove it")
        }
        if let limit = relative.first, metric.canBeZero, !metric.isLeak, fields.member("floor") == nil {
            limit.report(
                "\(metric.rawValue) can be zero, so a relative limit needs a \"floor\"",
                hint: "the smallest change that matters, \(metric.unit.examples)")
        }
    }

    private var relativeKey: String { metric.direction == .higherIsWorse ? "maxIncrease" : "maxDecrease" }

    private func change(
        _ key: String, _ fields: Fields, against direction: Metric.Direction, use other: String
    )
        -> Double?
    {
        guard let member = fields.member(key) else { return nil }
        if metric.direction == direction {
            let worse = direction == .lowerIsWorse ? "less" : "more"
            member.report("of \(metric.rawValue), \(worse) is worse", hint: "use \"\(other)\"")
            return nil
        }
        if metric.isLeak {
            member.report(
                "a leak has no baseline to be compared with: it is growth already", hint: "use \"max\", for example 0")
            return nil
        }
        guard let share = member.value.percentage(upTo: LimitRange.maximumChange) else { return nil }
        if direction == .higherIsWorse, share >= 1 {
            member.report("nothing falls by more than all of it", hint: "write less than \"100%\"")
            return nil
        }
        return share
    }

    /// An absolute number in the metric's unit.
    private func limit(_ cursor: Cursor) -> Double? {
        guard let value = cursor.quantity(metric.unit) else { return nil }
        let written = shortened(cursor.scalar?.text ?? "")
        // Also of minus zero, which nobody means.
        if value.sign == .minus {
            cursor.report("expected 0 or more, found \(written)")
            return nil
        }
        if metric.unit == .share, value > 1 {
            cursor.report("expected 0% to 100%, found \(written)")
            return nil
        }
        return value
    }
}
