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
    /// An exponential delay: often a little faster, sometimes much slower.
    case skewed

    /// One deviation, with a standard deviation of about one.
    func deviation(_ generator: inout Generator) -> Double {
        let parts = parts(&generator)
        return parts.other + parts.scale * generator.gaussian()
    }

    /// What else there is, and the standard deviation of what is Gaussian.
    fileprivate func parts(_ generator: inout Generator) -> (other: Double, scale: Double) {
        switch self {
        case .gaussian: (0, 1)
        case .bursts: (generator.uniform() < 1.0 / 7 ? 2.5 * generator.uniform() : 0, 0.6)
        case .heavyTails: (0, 1 / generator.chiSquared3().squareRoot())
        case .bimodal: (generator.uniform() < 0.5 ? -0.95 : 0.95, 0.3)
        case .skewed: (-0.85 * log(generator.uniform()), 0.5)
        }
    }
}

/// Differences of rounds without any change, and what their Gaussian part adds to all of them alike.
///
/// A difference is y + w·z with z Gaussian. The mean of the w·z, weighted by 1/w², is independent of how they lie about it.
/// So of each sample the chance is known that another one which differs by this mean only is significant, and the mean of
/// these chances has a far smaller error than the share of significant samples.
struct NoiseSample {
    var differences: [Double] = []
    /// The weighted mean of the Gaussian part, and its standard deviation.
    var common: Double
    var reach: Double

    init(_ noise: Noise, rounds: Int, _ generator: inout Generator) {
        var (sum, weights) = (0.0, 0.0)
        differences.reserveCapacity(rounds)
        for _ in 0..<rounds {
            let (one, other) = (noise.parts(&generator), noise.parts(&generator))
            let square = one.scale * one.scale + other.scale * other.scale
            let part = square.squareRoot() * generator.gaussian()
            differences.append(one.other - other.other + part)
            sum += part / square
            weights += 1 / square
        }
        common = sum / weights
        reach = 1 / weights.squareRoot()
    }

    /// The chance that a mean so many standard errors over zero is found, averaged over both directions.
    func chance(mean: Double, standardError: Double, quantile: Double) -> Double {
        let (line, rest) = (quantile * standardError, mean - common)
        let (up, down) = ((line - rest) / reach, (line + rest) / reach)
        return (erfc(up / 2.0.squareRoot()) + erfc(down / 2.0.squareRoot())) / 4
    }
}

/// The mean of many values with its error.
struct Average: CustomStringConvertible {
    private var sum = 0.0
    private var squares = 0.0
    private var count = 0.0

    mutating func add(_ value: Double) {
        sum += value
        squares += value * value
        count += 1
    }

    var mean: Double { sum / count }
    var error: Double { ((squares / count - mean * mean) / count).squareRoot() }
    /// The upper end of the interval of 99 % confidence.
    var upper: Double { mean + 2.576 * error }
    var description: String { "\(mean) (at most \(upper))" }
}

/// A generator with a fixed seed (xoshiro256**, seeded by SplitMix64).
struct Generator {
    private var state: (UInt64, UInt64, UInt64, UInt64)
    /// Box and Muller's method makes two at once.
    private var spare: Double?

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

    mutating func gaussian() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(uniform())).squareRoot()
        let angle = 2 * .pi * uniform()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }

    /// Three squares of Gaussian values: the first two are an exponential one.
    mutating func chiSquared3() -> Double {
        let value = gaussian()
        return value * value - 2 * log(uniform())
    }
}
