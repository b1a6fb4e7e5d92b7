extension Histogram {
    /// What was counted, by ascending size: the upper bound of each bucket that holds something, and how many it has.
    ///
    /// The bounds are the same in every histogram.
    package var buckets: [(bound: UInt64, count: UInt64)] {
        counts.indices.filter { counts[$0] != 0 }.map { (Self.upperBound(of: $0), counts[$0]) }
    }
}
