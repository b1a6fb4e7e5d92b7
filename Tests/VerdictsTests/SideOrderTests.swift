import Recordings
import Testing
import Verdicts

@Suite struct SideOrderTests {
    private func orders(rounds: Int, seed: UInt64) -> [[Side]] {
        var order = SideOrder(sides: [.baseline, .candidate], seed: seed)
        return (0..<rounds).map { _ in order.next() }
    }

    @Test func eachSideIsFirstAsOftenAsTheOtherWhereverTheRunEnds() {
        for seed in 0..<200 {
            let orders = orders(rounds: 20, seed: UInt64(seed))
            for rounds in 1...20 {
                let first = orders.prefix(rounds).filter { $0.first == .baseline }.count
                #expect(abs(2 * first - rounds) <= 1)
            }
        }
    }

    @Test func theOrderFollowsFromTheSeed() {
        #expect(orders(rounds: 20, seed: 7) == orders(rounds: 20, seed: 7))
        #expect(Set((0..<50).map { orders(rounds: 20, seed: $0) }).count > 40)
    }

    @Test func noPlaceIsTiedToASide() {
        // Over many seeds the baseline is first in every place about half of the time.
        for place in 0..<8 {
            let count = (0..<1000).filter { orders(rounds: 8, seed: $0)[place].first == .baseline }.count
            #expect((430...570).contains(count), "place \(place): \(count)")
        }
    }

    @Test func aLoneSideHasNoOrder() {
        var order = SideOrder(sides: [.candidate], seed: 1)
        #expect((0..<4).map { _ in order.next() } == Array(repeating: [.candidate], count: 4))
    }
}
