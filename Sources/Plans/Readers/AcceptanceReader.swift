internal import Measures

/// Reads known costs that were accepted for a limited time, and puts each to its budget.
struct AcceptanceReader {
    let today: String

    static let maximumReasonLength = 500

    func read(_ cursor: Cursor, into budgets: inout [Budget]) {
        for item in cursor.items() ?? [] { read(item: item, into: &budgets) }
    }

    private func read(item: Cursor, into budgets: inout [Budget]) {
        guard let fields = item.fields(.acceptance) else { return }
        let metric = fields.required("metric", example: "\"metric\": \"cpu.perRequest\"").flatMap(metric)
        let step = fields.optional("step").map { $0.line("the name of a step") }
        let upTo = fields.required("upTo", example: "\"upTo\": \"12%\"")
        let share = upTo.flatMap { $0.percentage(upTo: LimitRange.maximumChange) }
        let until = fields.required("until", example: "\"until\": \"2027-01-31\"").flatMap(until)
        let reason = fields.required("reason", example: "\"reason\": \"stronger checksum\"")
            .flatMap { $0.line("a reason", limit: Self.maximumReasonLength) }
        if case .some(.none) = step { return }
        guard let metric, let budget = budget(metric, step: step ?? nil, budgets, item) else { return }
        guard let allowed = budgets[budget].maximumIncrease ?? budgets[budget].maximumDecrease else {
            let key = metric.direction == .higherIsWorse ? "maxIncrease" : "maxDecrease"
            item.report("the budget in line \(budgets[budget].place.line) has no \"\(key)\" to be exceeded")
            return
        }
        guard budgets[budget].accepted == nil else {
            item.report("there is an acceptance of this budget already")
            return
        }
        guard let upTo, let share, let until, let reason else { return }
        if share <= allowed {
            upTo.report(
                "\(quoted(upTo.scalar?.text ?? "")) is within the budget of line \(budgets[budget].place.line)",
                hint: "remove the acceptance")
            return
        }
        if metric.direction == .lowerIsWorse, share >= 1 {
            upTo.report("nothing falls by more than all of it", hint: "write less than \"100%\"")
            return
        }
        budgets[budget].accepted = Budget.Acceptance(upTo: share, until: until, reason: reason)
    }

    private func metric(_ cursor: Cursor) -> Metric? {
        guard let text = cursor.text("the name of a metric") else { return nil }
        if let metric = Metric(rawValue: text) { return metric }
        cursor.report(
            "unknown metric \(quoted(text))", hint: Cursor.choice(text, among: Metric.allCases.map(\.rawValue)))
        return nil
    }

    private func budget(_ metric: Metric, step: String?, _ budgets: [Budget], _ cursor: Cursor) -> Int? {
        let index = budgets.firstIndex { $0.metric == metric && $0.step == step }
        if index == nil {
            let step = step.map { " for the step \(quoted($0))" } ?? ""
            cursor.report("there is no budget of \(metric.rawValue)\(step) to be exceeded")
        }
        return index
    }

    private func until(_ cursor: Cursor) -> String? {
        guard let text = cursor.text("a day like \"2027-01-31\"") else { return nil }
        guard CalendarDay.isValid(text) else {
            cursor.report("\(quoted(text)) is not a day", hint: "written YYYY-MM-DD, for example \"2027-01-31\"")
            return nil
        }
        // Both have the same form, in which the order of texts is the order of days.
        if text < today {
            cursor.report(
                "the acceptance ended on \(text), and today is \(today)", hint: "remove it, or decide anew")
            return nil
        }
        return text
    }
}

/// Days of the Gregorian calendar, written `YYYY-MM-DD`.
enum CalendarDay {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
        let digits = bytes.enumerated().filter { $0.offset != 4 && $0.offset != 7 }.map { Int($0.element) - 48 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return false }
        let year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
        let month = digits[4] * 10 + digits[5]
        let day = digits[6] * 10 + digits[7]
        guard (1...12).contains(month) else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }
}
