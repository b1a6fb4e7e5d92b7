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

    /// How long a count above the expected one must stand still.
    private static let patience = Duration.milliseconds(1500)

    private let bound: Duration
    private let expected: Int?
    private var waited: Duration = .zero
    private var pause: Duration = .milliseconds(20)
    private var lowest: Int?
    private var still = 0
    private var stillSince: Duration = .zero

    /// `expected` is what the count should fall to; above it something may still be about to end.
    package init(bound: Duration, expected: Int? = nil) {
        self.bound = bound
        self.expected = expected
    }

    /// Three readings in a row that do not fall below the lowest so far settle it; above what is expected they must
    /// last for one and a half seconds besides.
    package mutating func read(_ count: Int) -> Step {
        if let lowest, count >= lowest {
            still += 1
        } else {
            lowest = count
            still = 0
            stillSince = waited
        }
        let lowest = lowest ?? count
        let isPatient = lowest > expected ?? lowest
        if still >= 3, !isPatient || waited - stillSince >= Self.patience { return .settled(lowest) }
        if waited >= bound { return still > 0 ? .settled(lowest) : .falling(lowest) }
        defer {
            waited += pause
            pause = min(pause * 2, .milliseconds(500))
        }
        return .wait(pause)
    }
}
