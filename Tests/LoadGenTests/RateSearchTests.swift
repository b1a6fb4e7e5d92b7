import Measures
import Plans
import TestSupport
import Testing

@testable import LoadGen

/// Which rates are tried, against services that are only a function of the rate.
@Suite("The search for the highest rate")
struct RateSearchTests {
    private static let search = CapacitySearch(
        from: 100, to: 1600, precision: 0.05, window: .seconds(2), limits: [.init(.errorsRate, maximum: 0)])

    private struct Course: Equatable {
        var rates: [Double] = []
        var ending: CapacityRecord.Ending?
        var held: Double?
        var missed: Double?
    }

    /// Ends by itself if the search does not.
    private func course(
        _ search: CapacitySearch = search, _ service: (Double) -> CapacityRecord.Outcome
    ) -> Course {
        var search = RateSearch(search)
        var course = Course()
        while case .attempt(let rate) = search.next, course.rates.count < 1000 {
            let outcome = service(rate)
            course.rates.append(rate)
            if outcome == .held { course.held = rate }
            if outcome == .missed { course.missed = rate }
            search.note(outcome)
        }
        if case .ended(let ending) = search.next { course.ending = ending }
        return course
    }

    @Test("both ends first, then geometric means")
    func means() {
        let course = course { $0 < 400 ? .held : .missed }
        let expected = [100, 1600, 400, 200, 282.842712474619, 336.3585661014858, 366.8016172818685, 383.0406]
        #expect(course.rates.count == expected.count)
        for (rate, expected) in zip(course.rates, expected) { #expect(abs(rate - expected) < 0.001) }
        #expect(course.ending == .found)
    }

    @Test("the capacity lies between what held and what did not, as near as asked", arguments: [0.01, 0.05, 0.5])
    func step(precision: Double) throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let from = Double.random(in: 0.1...1000, using: &generator)
            let to = from * Double.random(in: 1.6...10_000, using: &generator)
            let capacity = Double.random(in: from..<to, using: &generator)
            let search = CapacitySearch(
                from: from, to: to, precision: precision, window: .seconds(1), limits: Self.search.limits)
            let course = course(search) { $0 <= capacity ? .held : .missed }
            let held = try #require(course.held)
            let missed = try #require(course.missed)
            #expect(course.ending == .found)
            #expect(held <= capacity && capacity < missed)
            #expect(missed <= held * (1 + precision) * (1 + 1e-6))
            #expect(course.rates.count <= search.mostRates)
        }
    }

    @Test("a noisy service ends it within its bound all the same, between what it said itself")
    func noise() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let course = course { rate in
                if rate == 100 { return .held }
                if rate == 1600 { return .missed }
                return rate * Double.random(in: 0.7...1.3, using: &generator) <= 400 ? .held : .missed
            }
            #expect(course.ending == .found)
            #expect(course.rates.count <= Self.search.mostRates)
            let held = try #require(course.held)
            #expect((400 / 1.3 / 1.05...400 / 0.7).contains(held))
        }
    }

    @Test("a service that never holds is asked once, one that always does twice")
    func ends() {
        #expect(course { _ in .missed } == Course(rates: [100], ending: .belowRange, missed: 100))
        #expect(course { _ in .held } == Course(rates: [100, 1600], ending: .aboveRange, held: 1600))
    }

    @Test("what was not delivered is tried once more, and says nothing")
    func undelivered() {
        #expect(course { _ in .undelivered } == Course(rates: [100, 100], ending: .undelivered))
        var attempts = 0
        let course = course { rate in
            attempts += 1
            return attempts % 2 == 1 ? .undelivered : rate < 400 ? .held : .missed
        }
        #expect(course.ending == .found)
        #expect(course.rates.count == 16)
        #expect(course.rates.first == 100 && course.rates[1] == 100)
        // Two in a row, but of different rates, are none too many.
        var mixed = RateSearch(Self.search)
        for outcome in [CapacityRecord.Outcome.undelivered, .held, .undelivered, .missed] { mixed.note(outcome) }
        #expect(mixed.next == .attempt(rate: 400))
        for _ in 0..<2 { mixed.note(.undelivered) }
        #expect(mixed.next == .ended(.undelivered))
    }
}
