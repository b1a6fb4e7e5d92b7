import Measures
import Recordings

/// In which order the sides run in each round: as often the one first as the other, in an order drawn from a seed.
struct SideOrder {
    private var orders: [[Side]]
    private var generator: SeededGenerator

    init(sides: [Side], rounds: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        orders = []
        guard sides.count == 2 else {
            orders = Array(repeating: sides, count: rounds)
            return
        }
        // An odd round out goes to a side drawn like everything else.
        let first = Bool.random(using: &generator) ? sides : sides.reversed()
        orders = (0..<rounds).map { $0.isMultiple(of: 2) ? first : first.reversed() }
        orders.shuffle(using: &generator)
    }

    /// The order of round `index` from 0; rounds beyond those planned, for voided ones, are drawn anew.
    mutating func order(of index: Int, sides: [Side]) -> [Side] {
        if index < orders.count { return orders[index] }
        return Bool.random(using: &generator) ? sides : sides.reversed()
    }
}
