internal import Measures

extension KeyList {
    /// `thresholds.json`.
    static let thresholds = Self(
        "thresholds",
        [
            Key("$schema", "address of a JSON Schema for editors; not looked at", .text(.any)),
            Key("version", "version of the notation", .constant(1), .required),
            Key("defaults", "what budgets are that do not say", .object(defaults)),
            Key("budgets", "budgets of the whole scenario, by metric", .object(budgets(perStep: false))),
            Key(
                "steps", "budgets of single steps, by the step's name in the plan, then by metric",
                .map(.any, of: .object(budgets(perStep: true)), words: "object", isEmptyTaken: false)),
            Key(
                "accepted", "known costs that were accepted for a limited time",
                .list(of: .object(acceptance), words: "list", isEmptyTaken: true)),
        ],
        rules: [.oneOrMore(["budgets", "steps"])])

    static let defaults = Self("defaults", [severity, decide], isInline: true)

    private static let severity = Key(
        "severity", "what an exceeded budget does: `error` stops the change, `warn` and `info` only tell",
        .words(Budget.Severity.allCases.map(\.rawValue)), .otherwise(BudgetReader.Defaults().severity.rawValue))

    private static let decide = Key(
        "decide",
        "when a change is a regression: `proven` worse with the estimate over the budget, or `certain` because the "
            + "whole interval is over it",
        .words(Budget.Decision.allCases.map(\.rawValue)), .otherwise(BudgetReader.Defaults().decide.rawValue))

    /// Budgets by metric.
    static func budgets(perStep: Bool) -> Self {
        let keys = Metric.allCases.filter { $0.existsPerStep || !perStep }.map { metric in
            Key(
                metric.rawValue,
                "\(metric.summary) (\(metric.direction == .higherIsWorse ? "more" : "less") is worse; "
                    + "\(metric.evidence.rawValue); from \(metric.source))",
                .object(limits(of: metric)))
        }
        return Self(perStep ? "step-budgets" : "budgets", keys, rules: [.notEmpty])
    }

    /// The limits of a metric, or of any when it is nil.
    static func limits(of metric: Metric?) -> Self {
        let value = metric.map { $0.unit.shape } ?? .text(.line("in the metric's unit"))
        let relative = metric?.relativeLimit
        func takes(_ key: String) -> Bool { metric == nil || relative == key }
        func change(_ key: String, _ meaning: String, _ form: TextForm = .change) -> Key {
            Key(key, meaning, .text(form), isTaken: takes(key))
        }
        var rules = [Rule.oneOrMore(["max", "min"] + [relative].compactMap(\.self))]
        if let relative {
            rules.append(.needs("floor", oneOf: [relative]))
            if metric?.canBeZero == true { rules.append(.needs(relative, oneOf: ["floor"])) }
        }
        return Self(
            metric?.limitsTitle ?? "limits",
            [
                Key("max", "largest value that is allowed", value),
                Key("min", "smallest value that is allowed", value),
                change(
                    "maxIncrease",
                    "how much the figure may grow against the baseline; for metrics of which more is worse"),
                change(
                    "maxDecrease",
                    "how much the figure may fall against the baseline; for metrics of which less is worse",
                    .decrease),
                Key(
                    "floor", "smallest change against the baseline that matters; 0 when left out", value,
                    isTaken: metric == nil || relative != nil),
                severity.inherited, decide.inherited,
            ], rules: rules)
    }

    static let acceptance = Self(
        "acceptance",
        [
            Key(
                "metric", "metric of the budget that may be exceeded",
                .words(relativeMetrics.map(\.rawValue), inWords: "metric that is not a leak"), .required),
            Key("step", "step of the budget, when it is one of a step", .text(.line("text"))),
            Key("upTo", "how far the figure may change instead, more than its budget says", .text(.change), .required),
            Key(
                "until", "last day on which it holds",
                .text(
                    TextForm(
                        words: "day like `\"2027-01-31\"`",
                        pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")), .required),
            Key(
                "reason", "why it was accepted", .text(.line("text", limit: AcceptanceReader.maximumReasonLength)),
                .required),
        ],
        rules: [
            .narrows("step", other: "metric", to: relativeMetrics.filter(\.existsPerStep).map(\.rawValue))
        ])

    private static let relativeMetrics = Metric.allCases.filter { $0.relativeLimit != nil }
}

extension Key {
    /// The key where what it is when left out is said elsewhere in the document.
    fileprivate var inherited: Self { Key(name, meaning + "; that of `defaults` when left out", shape) }
}

extension Unit {
    /// What a value of the unit looks like.
    var shape: Shape { self == .count ? .plainNumber : .text(.quantity(self)) }
}

extension Metric {
    /// The key of the relative limit; nil for a leak, which is growth already and has no baseline.
    var relativeLimit: String? {
        if isLeak { return nil }
        return direction == .higherIsWorse ? "maxIncrease" : "maxDecrease"
    }

    /// What the limits are called of all metrics that take the same.
    fileprivate var limitsTitle: String {
        var title = "limits-of-\(unit.rawValue)"
        if isLeak { return title + "-leaked" }
        if direction == .lowerIsWorse { title += "-less-is-worse" }
        if canBeZero { title += "-or-zero" }
        return title
    }
}
