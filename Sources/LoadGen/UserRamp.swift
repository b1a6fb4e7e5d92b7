import Plans

/// How many users of a closed loop are active: a ramp in whole users.
///
/// While the ramp rises, a user becomes active when the level has reached it; while it falls, a user ends when the level
/// has left it.
struct UserRamp: Sendable {
    /// A time in which the level changes linearly; instants in nanoseconds from the beginning of the ramp.
    private struct Segment: Sendable {
        var start: Double
        var end: Double
        var from: Double
        var to: Double
    }

    private let segments: [Segment]
    private let last: Int

    /// What rounding may take from a whole level.
    private static let slack = 1e-9

    /// Reads a ramp whose levels are whole users.
    init(_ ramp: Ramp) throws(LoadError) {
        var segments: [Segment] = []
        var level = ramp.start
        for stage in ramp.stages {
            for level in [level, stage.level] where !(0...65_535).contains(level) || level.rounded() != level {
                throw .invalidPlan("\(level) users are not a whole number from 0 to 65535")
            }
            guard stage.duration > .zero else { throw .invalidPlan("a stage takes no time") }
            let start = segments.last?.end ?? 0
            segments.append(
                Segment(start: start, end: start + stage.duration.nanoseconds, from: level, to: stage.level))
            level = stage.level
        }
        guard ramp.peak > 0, !segments.isEmpty else { throw .invalidPlan("the stages have no users") }
        self.segments = segments
        last = Int(level)
    }

    /// Nanoseconds to the end of the last stage.
    var length: UInt64 { UInt64(segments[segments.count - 1].end) }

    /// Users that are to be active so many nanoseconds after the beginning.
    func users(at instant: UInt64) -> Int {
        let instant = Double(instant)
        guard let segment = segments.first(where: { instant < $0.end }) else { return last }
        let part = (instant - segment.start) / (segment.end - segment.start)
        let level = segment.from + (segment.to - segment.from) * part
        return Int(segment.to > segment.from ? (level + Self.slack).rounded(.down) : (level - Self.slack).rounded(.up))
    }

    /// The next instant from which more than `users` are to be active; nil where the rest of the ramp has no more.
    func rise(above users: Int, after instant: UInt64) -> UInt64? {
        let level = Double(users + 1)
        for segment in segments where Double(instant) < segment.end {
            if segment.from >= level, segment.start > Double(instant) { return UInt64(segment.start) }
            guard segment.to >= level, segment.from < level else { continue }
            let part = (level - segment.from) / (segment.to - segment.from)
            let rise = (segment.start + part * (segment.end - segment.start)).rounded(.up)
            return max(UInt64(rise), instant + 1)
        }
        return nil
    }
}
