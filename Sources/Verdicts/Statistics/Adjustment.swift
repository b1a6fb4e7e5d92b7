/// Holm's step-down adjustment of p values (Scandinavian Journal of Statistics, 1979), in the order given.
package func holmAdjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var largest = 0.0
    for (rank, index) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated() {
        largest = max(largest, min(1, Double(p.count - rank) * p[index]))
        adjusted[index] = largest
    }
    return adjusted
}

/// Benjamini and Hochberg's step-up adjustment (Journal of the Royal Statistical Society B, 1995), in the order given.
///
/// An adjusted p of at most q belongs to a discovery when a share of q may be false.
package func benjaminiHochbergAdjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var smallest = 1.0
    for (rank, index) in p.indices.sorted(by: { (p[$0], $0) < (p[$1], $1) }).enumerated().reversed() {
        smallest = min(smallest, p[index] * Double(p.count) / Double(rank + 1))
        adjusted[index] = smallest
    }
    return adjusted
}
