/// Waiting until a count stands still.
///
/// A pure machine: it takes readings and says how long to wait for the next one.
package struct Settling: Sendable {
    package enum Step: Sendable, Equatable {
        case wait(Duration)
        case settled(Int)
        /// The time is up and the count still fell.
        case falling(Int)
    }

    private let bound: Duration
    private var waited: Duration = .zero
    private var pause: Duration = .milliseconds(20)
    private var lowest: Int?
    private var still = 0

    package init(bound: Duration) {
        self.bound = bound
    }

    /// Three readings in a row that do not fall below the lowest so far settle it.
    package mutating func read(_ count: Int) -> Step {
        if let lowest, count >= lowest {
            still += 1
        } else {
            lowest = count
            still = 0
        }
        let lowest = lowest ?? count
        if still >= 3 { return .settled(lowest) }
        if waited >= bound { return still > 0 ? .settled(lowest) : .falling(lowest) }
        defer {
            waited += pause
            pause = min(pause * 2, .milliseconds(500))
        }
        return .wait(pause)
    }
}
