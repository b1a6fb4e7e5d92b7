import Recordings
import Testing

@testable import Gate

@Suite struct SideOrderTests {
    private func orders(rounds: Int, seed: UInt64) -> [[Side]] {
        var order = SideOrder(sides: [.baseline, .candidate], rounds: rounds, seed: seed)
        return (0..<rounds).map { order.order(of: $0, sides: [.baseline, .candidate]) }
    }

    @Test func eachSideIsFirstAsOftenAsTheOther() {
        for seed in 0..<200 {
            let first = orders(rounds: 8, seed: UInt64(seed)).filter { $0.first == .baseline }.count
            #expect(first == 4)
            let odd = orders(rounds: 13, seed: UInt64(seed)).filter { $0.first == .baseline }.count
            #expect(odd == 6 || odd == 7)
        }
    }

    @Test func theOrderFollowsFromTheSeed() {
        #expect(orders(rounds: 20, seed: 7) == orders(rounds: 20, seed: 7))
        #expect(Set((0..<50).map { orders(rounds: 8, seed: $0) }).count > 20)
    }

    @Test func noPlaceIsTiedToASide() {
        // Over many seeds the baseline is first in every place about half of the time.
        for place in 0..<8 {
            let count = (0..<1000).filter { orders(rounds: 8, seed: $0)[place].first == .baseline }.count
            #expect((430...570).contains(count), "place \(place): \(count)")
        }
    }

    @Test func roundsBeyondThePlannedOnesAreDrawnToo() {
        var order = SideOrder(sides: [.baseline, .candidate], rounds: 2, seed: 1)
        let extra = (2..<40).map { order.order(of: $0, sides: [.baseline, .candidate]) }
        #expect(Set(extra).count == 2)
    }

    @Test func aLoneSideHasNoOrder() {
        var order = SideOrder(sides: [.candidate], rounds: 3, seed: 1)
        #expect((0..<4).map { order.order(of: $0, sides: [.candidate]) } == Array(repeating: [.candidate], count: 4))
    }
}
