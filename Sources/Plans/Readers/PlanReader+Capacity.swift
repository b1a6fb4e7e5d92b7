internal import Measures

extension PlanReader {
    /// How near the search for a capacity comes when the plan does not say.
    static let defaultPrecision = 0.05
    static let precisionTaken = 0.01...0.5
    /// How long one rate is tried when the plan does not say.
    static let defaultWindow = Duration.seconds(2)
    static let windowTaken = Duration.seconds(1)...Duration.seconds(600)
    /// What all windows of a search may take together.
    static let longestSearch = Duration.seconds(3600)
    /// The fewest flows of a window, whatever its limits are.
    private static let fewestFlows = 10

    /// Keys of no other executor.
    static let keysOfSearch = ["from", "to", "precision", "window", "limits"]

    /// What `find-capacity` searches for.
    static func search(_ fields: Fields) -> CapacitySearch? {
        let from = fields.required("from", example: "from: 100/s").flatMap { rate($0, zero: false) }
        let to = fields.required("to", example: "to: 5000/s").flatMap { rate($0, zero: false) }
        let precision = fields.optional("precision").map(precision) ?? defaultPrecision
        let window = fields.optional("window").map(window) ?? defaultWindow
        let limits = fields.required("limits", example: "limits: { latency.p99: 50ms, errors.rate: 0.1% }")
            .flatMap(limits)
        guard let from, let to, let precision, let window, let limits else { return nil }
        guard to > from * (1 + precision) else {
            fields.optional("to")?.report(
                "\"to\" is not above \"from\" by more than the precision, so that there is nothing to search")
            return nil
        }
        let search = CapacitySearch(from: from, to: to, precision: precision, window: window, limits: limits)
        guard search.length <= longestSearch else {
            fields.owner.report(
                "the search tries up to \(search.mostRates) rates, \(Unit.time.text(window / .nanoseconds(1))) each, "
                    + "which takes more than an hour",
                hint: "shorten the window, or bring from and to together")
            return nil
        }
        return mustRest(search, fields) ? search : nil
    }

    /// A quantile of fewer requests than it leaves out one of is their maximum, which is another limit.
    private static func mustRest(_ search: CapacitySearch, _ fields: Fields) -> Bool {
        let flows = Int(search.from * (search.window / .seconds(1)))
        let needed = search.limits.map { limit in
            (name: limit.metric.rawValue, flows: limit.metric.quantile.map { Int((1 / (1 - $0)).rounded()) } ?? 0)
        }.max { $0.flows < $1.flows }
        guard flows < max(fewestFlows, needed?.flows ?? 0) else { return true }
        let subject = needed.flatMap { $0.flows > fewestFlows ? $0.name : nil } ?? "a limit"
        fields.owner.report(
            "a window at \"from\" starts \(flows) flows; \(subject) takes \(max(fewestFlows, needed?.flows ?? 0)) or more",
            hint: "lengthen the window or raise from")
        return false
    }

    private static func precision(_ cursor: Cursor) -> Double? {
        guard let share = cursor.percentage(upTo: LimitRange.maximumChange) else { return nil }
        guard precisionTaken.contains(share) else {
            cursor.report("expected 1% to 50%, found \(quoted(cursor.scalar?.text ?? ""))")
            return nil
        }
        return share
    }

    private static func window(_ cursor: Cursor) -> Duration? {
        guard let window = cursor.duration() else { return nil }
        guard windowTaken.contains(window) else {
            cursor.report("expected 1s to 10 minutes, found \(quoted(cursor.scalar?.text ?? ""))")
            return nil
        }
        return window
    }

    private static func limits(_ cursor: Cursor) -> [CapacitySearch.Limit]? {
        guard let fields = cursor.fields(.capacityLimits) else { return nil }
        _ = fields.required(Metric.errorsRate.rawValue, example: "errors.rate: 0.1%")
        let limits = CapacitySearch.metrics.compactMap { metric in
            fields.optional(metric.rawValue).map { limit($0, metric) }
        }
        let read = limits.compactMap { $0 }
        return read.count == limits.count && read.contains { $0.metric == .errorsRate } ? read : nil
    }

    private static func limit(_ cursor: Cursor, _ metric: Metric) -> CapacitySearch.Limit? {
        guard let value = cursor.quantity(metric.unit) else { return nil }
        // Of no time at all and of everything there is no limit that says anything.
        let isTaken = metric.unit == .share ? value < 1 : value > 0
        guard value.sign == .plus, isTaken else {
            let range = metric.unit == .share ? "0% to less than 100%" : "more than 0s"
            cursor.report("expected \(range), found \(quoted(cursor.scalar?.text ?? ""))")
            return nil
        }
        return CapacitySearch.Limit(metric, maximum: value)
    }
}
