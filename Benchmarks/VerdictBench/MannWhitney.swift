import Measures

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The Mann–Whitney U test (Annals of Mathematical Statistics, 1947) of two latency distributions.
struct MannWhitney {
    /// Positive where the second tends to be larger.
    let z: Double
    /// Two-sided, by the normal approximation with corrections for ties and continuity.
    let p: Double

    /// Nil where either is empty or all values are the same.
    init?(_ first: Histogram, _ second: Histogram) {
        let n = Double(first.count)
        let m = Double(second.count)
        guard n > 0, m > 0 else { return nil }
        var sizes: [UInt64: (first: Double, second: Double)] = [:]
        for bucket in Self.byBound(first) { sizes[bucket.key, default: (0, 0)].first = bucket.value }
        for bucket in Self.byBound(second) { sizes[bucket.key, default: (0, 0)].second = bucket.value }
        var u = 0.0
        var ties = 0.0
        var below = 0.0
        for value in sizes.keys.sorted() {
            guard let size = sizes[value] else { continue }
            u += size.second * (below + size.first / 2)
            below += size.first
            let tied = size.first + size.second
            ties += tied * tied * tied - tied
        }
        let all = n + m
        let variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)))
        guard variance > 0 else { return nil }
        let distance = u - n * m / 2
        let corrected = distance == 0 ? 0 : distance - (distance > 0 ? 0.5 : -0.5)
        z = corrected / variance.squareRoot()
        p = erfc(abs(z) / 2.0.squareRoot())
    }

    /// Counts by the upper bound of their bucket, which is the same in every histogram.
    private static func byBound(_ histogram: Histogram) -> [UInt64: Double] {
        Dictionary(histogram.buckets.map { ($0.bound, Double($0.count)) }) { $0 + $1 }
    }
}
