import Measures
import Plans

/// Which rate to try next: a pure function of what came of those that were tried.
///
/// First both ends, then the geometric mean of the highest rate that held and the lowest that did not, until they are
/// within the precision. A rate that was not delivered is tried once more.
struct RateSearch {
    enum Step: Equatable {
        case attempt(rate: Double)
        case ended(CapacityRecord.Ending)
    }

    private let search: CapacitySearch
    /// The highest rate that held, and the lowest that did not.
    private var held: Double?
    private var missed: Double?
    /// How many rates were tried, each counted once.
    private var tried = 0
    private var isRepetition = false
    private(set) var next: Step

    init(_ search: CapacitySearch) {
        self.search = search
        next = .attempt(rate: search.from)
    }

    /// Notes what came of the rate that was to be tried.
    mutating func note(_ outcome: CapacityRecord.Outcome) {
        guard case .attempt(let rate) = next else { return }
        if outcome == .undelivered {
            if isRepetition { next = .ended(.undelivered) }
            isRepetition = true
            return
        }
        isRepetition = false
        tried += 1
        if outcome == .held { held = rate } else { missed = rate }
        next = following()
    }

    private func following() -> Step {
        guard let held else { return .ended(.belowRange) }
        guard let missed else { return tried == 1 ? .attempt(rate: search.to) : .ended(.aboveRange) }
        guard tried < search.mostRates, missed > held * (1 + search.precision) * Self.rounding else {
            return .ended(.found)
        }
        return .attempt(rate: (held * missed).squareRoot())
    }

    /// What a mean of two rates may be off.
    private static let rounding = 1 + 1e-9
}
