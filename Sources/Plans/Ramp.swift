/// A level that changes linearly from stage to stage: a rate or a number of users.
package struct Ramp: Sendable, Equatable {
    /// The level at the beginning of the first stage.
    package var start: Double
    package var stages: [Stage]

    package init(start: Double, stages: [Stage]) {
        self.start = start
        self.stages = stages
    }

    package struct Stage: Sendable, Equatable {
        /// The level at the end of the stage.
        package var level: Double
        package var duration: Duration

        package init(level: Double, duration: Duration) {
            self.level = level
            self.duration = duration
        }
    }

    /// How long all stages take.
    package var length: Duration { stages.reduce(.zero) { $0 + $1.duration } }

    /// The highest level.
    package var peak: Double { stages.reduce(start) { max($0, $1.level) } }

    /// The integral of the level over the time in seconds: of a rate, how many arrivals there are.
    package var area: Double {
        var level = start
        return stages.reduce(0) { sum, stage in
            defer { level = stage.level }
            return sum + (level + stage.level) / 2 * (stage.duration / .seconds(1))
        }
    }

    /// The mean level over the time; 0 where there are no stages.
    package var mean: Double { length > .zero ? area / (length / .seconds(1)) : 0 }
}
