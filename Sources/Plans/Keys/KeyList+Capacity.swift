internal import Measures

extension KeyList {
    /// What `find-capacity` has besides the other keys of a load.
    static let search = [
        Key(
            "from",
            "lowest rate that is tried, at which the limits should hold; required for `find-capacity`, as are `to` and "
                + "`limits`; else none of the five is allowed", .text(.rate)),
        Key("to", "highest rate that is tried, at which they should not", .text(.rate)),
        Key(
            "precision", "how near the rate that held and the one that did not must come, 1% to 50%",
            .text(TextForm(words: "percentage", pattern: TextForm.change.pattern)),
            .otherwise(Unit.share.text(PlanReader.defaultPrecision).replacing(" ", with: ""))),
        Key(
            "window", "how long one rate is tried, 1s to 10 minutes", .text(.duration),
            .otherwise(PlanReader.defaultWindow.inSeconds)),
        Key("limits", "what must hold at a rate, the most each metric may be", .object(capacityLimits)),
    ]

    static let capacityLimits = Self(
        "capacity-limits",
        CapacitySearch.metrics.map { metric in
            Key(metric.rawValue, metric.summary, metric.unit.shape, metric == .errorsRate ? .required : .optional)
        })
}
