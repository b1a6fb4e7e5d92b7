package import Measures

extension SeededGenerator {
    /// A number from 0 to `bound` − 1.
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
