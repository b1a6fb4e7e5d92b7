import Measures
package import Recordings

/// In which order the sides run in each round: drawn from a seed, and as often the one first as the other.
///
/// Of every two rounds the second has the order of the first reversed, so the orders are balanced wherever the run ends.
package struct SideOrder: Sendable {
    private let sides: [Side]
    private var generator: SeededGenerator
    private var reversal: [Side]?

    package init(sides: [Side], seed: UInt64) {
        self.sides = sides
        generator = SeededGenerator(seed: seed)
    }

    package mutating func next() -> [Side] {
        if let order = reversal {
            reversal = nil
            return order
        }
        let order = Bool.random(using: &generator) ? sides.reversed() : sides
        reversal = order.reversed()
        return order
    }
}
