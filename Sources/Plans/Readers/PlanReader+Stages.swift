internal import Measures

extension PlanReader {
    /// The most stages of one ramp.
    static let maximumStages = 100

    /// The ramp that `stages` describe, from a level that was read already; `level` reads one of the stages' levels.
    ///
    /// - Parameters:
    ///   - key: The key of the levels, `rate` or `users`.
    ///   - other: The key of another executor's levels, with the reason why it does not belong here.
    static func ramp(
        _ cursor: Cursor, from start: Double?, key: String, other: (key: String, reason: String),
        level: (Cursor) -> Double?
    ) -> Ramp? {
        guard let items = cursor.items() else { return nil }
        if items.isEmpty { cursor.report("there is no stage") }
        if items.count > maximumStages {
            cursor.report("there are \(items.count) stages; at most \(maximumStages) are taken")
        }
        let stages = items.prefix(maximumStages).map { item -> Ramp.Stage? in
            guard let fields = item.fields(.stage) else { return nil }
            refuse(fields, [other.key], other.reason, "write \(key)")
            let level = fields.required(key, example: "\(key): \(key == "rate" ? "100/s" : "20")").flatMap(level)
            let duration = fields.required("duration", example: "duration: 10s").flatMap { $0.duration() }
            guard let level, let duration else { return nil }
            return Ramp.Stage(level: level, duration: duration)
        }
        guard let start, !items.isEmpty, items.count <= maximumStages, !stages.contains(where: { $0 == nil }) else {
            return nil
        }
        let ramp = Ramp(start: start, stages: stages.compactMap { $0 })
        guard ramp.peak > 0 else {
            cursor.report(key == "rate" ? "the rate is always 0/s" : "there are never users", hint: "raise a stage")
            return nil
        }
        guard ramp.length <= .seconds(86_400) else {
            cursor.report("the stages together take more than 24 hours")
            return nil
        }
        return ramp
    }
}
