import Plans

/// When arrivals are due whose rate is a ramp: number *i* where the integral of the rate reaches *i*.
///
/// Within a stage the integral is a quadratic in time, which is inverted from *i*, never added up from arrival to
/// arrival. An arrival at the very end of a stage belongs to the next stage that has a rate.
struct RateRamp: Sendable, Equatable {
    /// A time in which the rate changes linearly.
    private struct Segment: Sendable, Equatable {
        /// Instants from the beginning of the ramp, in nanoseconds.
        var start: Double
        var end: Double
        /// The integral of the rate up to either instant.
        var before: Double
        var after: Double
        /// Arrivals per second at either instant.
        var from: Double
        var to: Double

        /// Seconds.
        var length: Double { (end - start) / 1e9 }

        /// The integral up to an instant within the segment.
        func area(until instant: Double) -> Double {
            let time = (instant - start) / 1e9
            if from == to { return before + time * from }
            let rate = from + (to - from) * (instant - start) / (end - start)
            return before + time * (from + rate) / 2
        }

        /// Nanoseconds from the beginning of the ramp to the instant where the integral is `number`.
        func instant(of number: Double) -> Double {
            let time: Double
            if from == to {
                time = (number - before) * 1e9 / from
            } else if from < to {
                // The usual formula subtracts two almost equal numbers where the ramp is flat; this one only adds.
                let area = number - before
                time = 2e9 * area / (from + (from * from + 2 * (to - from) / length * area).squareRoot())
            } else {
                // Seen from its end a falling rate is a rising one.
                let area = after - number
                time = end - start - 2e9 * area / (to + (to * to + 2 * (from - to) / length * area).squareRoot())
            }
            return start + min(max(0, time), end - start)
        }
    }

    private let segments: [Segment]
    /// The mean rate of every stage, and its length in nanoseconds.
    let stages: [(rate: Double, length: UInt64)]
    /// For every stage, the number of the first arrival that is due after it.
    let bounds: [Int]

    /// Reads a ramp whose levels are rates per second.
    init(_ ramp: Ramp) throws(LoadError) {
        var segments: [Segment] = []
        var stages: [(rate: Double, length: UInt64)] = []
        var bounds: [Int] = []
        var rate = ramp.start
        for stage in ramp.stages {
            for level in [rate, stage.level] where !(0...ArrivalSchedule.maximumRate).contains(level) {
                throw .invalidPlan("a rate of \(level) per second is not 0 to \(Int(ArrivalSchedule.maximumRate))")
            }
            guard stage.duration > .zero else { throw .invalidPlan("a stage takes no time") }
            let start = segments.last?.end ?? 0
            let before = segments.last?.after ?? 0
            let end = start + stage.duration.nanoseconds
            var segment = Segment(start: start, end: end, before: before, after: 0, from: rate, to: stage.level)
            segment.after = segment.area(until: end)
            // A rate that goes on as it is makes one segment, so that its arrivals are those of a constant rate.
            if var last = segments.last, last.from == last.to, last.to == rate, rate == stage.level {
                last.end = end
                last.after = last.area(until: end)
                segment = last
                segments.removeLast()
            }
            guard segment.after < Double(ArrivalSchedule.maximumCount), end < 1e18 else {
                throw .invalidPlan("the stages have too many arrivals for one phase")
            }
            segments.append(segment)
            stages.append(((rate + stage.level) / 2, stage.duration.clampedNanoseconds))
            bounds.append(Int(segment.after.rounded(.up)))
            rate = stage.level
        }
        guard bounds.last ?? 0 > 0 else { throw .invalidPlan("the stages have no arrivals: every rate is 0") }
        self.segments = segments
        self.stages = stages
        self.bounds = bounds
    }

    /// Arrivals due before the last stage ends.
    var count: Int { bounds[bounds.count - 1] }

    /// Nanoseconds to the end of the last stage.
    var length: UInt64 { UInt64(segments[segments.count - 1].end) }

    /// Nanoseconds from the start of the phase to the instant the arrival is due; past the last, the end of the ramp.
    func due(_ number: Int) -> UInt64 {
        let number = Double(number)
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].after > number { high = middle } else { low = middle + 1 }
        }
        return low == segments.count ? length : UInt64(segments[low].instant(of: number).rounded())
    }

    static func == (a: RateRamp, b: RateRamp) -> Bool { a.segments == b.segments && a.bounds == b.bounds }
}
