import Measures

#if canImport(Glibc)
    import Glibc
#endif

/// How values scatter around the truth from launch to launch.
enum Noise: CaseIterable {
    case gaussian
    /// Every seventh half-round meets a neighbour that slows it down.
    case bursts
    /// Student's t with three degrees of freedom: rare, far outliers.
    case heavyTails
    /// Each launch is in one of two modes, by the layout of its memory.
    case bimodal

    /// One deviation with a standard deviation of about one.
    func deviation(_ generator: inout Generator) -> Double {
        switch self {
        case .gaussian: generator.gaussian()
        case .bursts: 0.6 * generator.gaussian() + (generator.uniform() < 1.0 / 7 ? 2.5 * generator.uniform() : 0)
        case .heavyTails: generator.gaussian() / generator.chiSquared(3).squareRoot()
        case .bimodal: 0.3 * generator.gaussian() + (generator.uniform() < 0.5 ? -0.95 : 0.95)
        }
    }
}

/// A generator with a fixed seed (xoshiro256**, seeded by SplitMix64).
struct Generator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var seeds = SeededGenerator(seed: seed)
        state = (seeds.next(), seeds.next(), seeds.next(), seeds.next())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// In (0, 1).
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    mutating func gaussian() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }

    mutating func chiSquared(_ degrees: Int) -> Double {
        (0..<degrees).reduce(0) { sum, _ in
            let value = gaussian()
            return sum + value * value
        }
    }
}
