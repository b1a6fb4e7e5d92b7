/// Counts of durations in log-linear buckets: every power of two is cut into 1024 equal parts.
///
/// Values are nanoseconds. A value is known to better than 1/1024 of itself; sum, smallest and largest are exact.
/// The layout is that of an HdrHistogram with unit magnitude 0 and 2048 sub-buckets.
package struct Histogram: Sendable, Equatable {
    /// The largest value told apart, about 18 minutes; larger ones are counted in the last bucket.
    package static let ceiling: UInt64 = (1 << 40) - 1
    static let subBucketBits = 11
    static let halfCount = 1 << (subBucketBits - 1)
    static let bucketCount = (40 - subBucketBits) * halfCount + 2 * halfCount

    private(set) var counts: [UInt64]
    package private(set) var count: UInt64 = 0
    package private(set) var sum: UInt64 = 0
    package private(set) var minimum: UInt64 = .max
    package private(set) var maximum: UInt64 = 0

    package init() {
        counts = [UInt64](repeating: 0, count: Self.bucketCount)
    }

    /// Counts one duration in nanoseconds.
    @inline(__always)
    package mutating func record(_ value: UInt64) {
        let value = min(value, Self.ceiling)
        counts[Self.index(of: value)] &+= 1
        count &+= 1
        sum &+= value
        if value < minimum { minimum = value }
        if value > maximum { maximum = value }
    }

    /// Adds another histogram's counts to this one.
    package mutating func merge(_ other: Histogram) {
        for index in other.counts.indices where other.counts[index] != 0 { counts[index] &+= other.counts[index] }
        count &+= other.count
        sum &+= other.sum
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// Mean in nanoseconds, or nil when nothing was counted.
    package var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }

    /// The smallest recorded value that at least the share `quantile` of all values does not exceed (nearest rank).
    ///
    /// Nanoseconds, rounded up to the end of its bucket but never above the largest value; nil when nothing was counted.
    package func value(at quantile: Double) -> UInt64? {
        guard count > 0, quantile.isFinite else { return nil }
        let rank = (min(max(quantile, 0), 1) * Double(count)).rounded(.up)
        // Compared as a fraction first: a count near 2^64 rounds up to one that no integer holds.
        let wanted = rank >= Double(count) ? count : max(1, UInt64(rank))
        var seen: UInt64 = 0
        for index in counts.indices {
            seen &+= counts[index]
            if seen >= wanted { return min(Self.upperBound(of: index), maximum) }
        }
        return maximum
    }

    @inline(__always)
    static func index(of value: UInt64) -> Int {
        let bits = UInt64.bitWidth - value.leadingZeroBitCount
        let bucket = max(0, bits - subBucketBits)
        return bucket &* halfCount &+ Int(truncatingIfNeeded: value >> UInt64(bucket))
    }

    static func upperBound(of index: Int) -> UInt64 {
        if index < 2 * halfCount { return UInt64(index) }
        let bucket = index / halfCount - 1
        let sub = UInt64(index - bucket * halfCount)
        return ((sub + 1) << UInt64(bucket)) - 1
    }
}

extension Histogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case count, sum, minimum, maximum, buckets
    }

    /// Writes the buckets that hold something, as `[index, count, index, count, …]`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(sum, forKey: .sum)
        if count > 0 {
            try container.encode(minimum, forKey: .minimum)
            try container.encode(maximum, forKey: .maximum)
        }
        var buckets: [UInt64] = []
        for index in counts.indices where counts[index] != 0 { buckets += [UInt64(index), counts[index]] }
        try container.encode(buckets, forKey: .buckets)
    }

    /// Reads what ``encode(to:)`` wrote; a bucket out of range or a count that does not add up is an error.
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let total = try container.decode(UInt64.self, forKey: .count)
        sum = try container.decode(UInt64.self, forKey: .sum)
        if total > 0 {
            minimum = try container.decode(UInt64.self, forKey: .minimum)
            maximum = try container.decode(UInt64.self, forKey: .maximum)
        }
        let buckets = try container.decode([UInt64].self, forKey: .buckets)
        func corrupt(_ reason: String) -> DecodingError {
            DecodingError.dataCorruptedError(forKey: .buckets, in: container, debugDescription: reason)
        }
        guard buckets.count.isMultiple(of: 2) else { throw corrupt("buckets are pairs of index and count") }
        for pair in stride(from: 0, to: buckets.count, by: 2) {
            guard buckets[pair] < UInt64(Self.bucketCount) else { throw corrupt("no bucket \(buckets[pair])") }
            guard pair == 0 || buckets[pair] > buckets[pair - 2] else { throw corrupt("the buckets are not in order") }
            guard buckets[pair + 1] > 0 else { throw corrupt("bucket \(buckets[pair]) is empty") }
            let (sum, overflow) = count.addingReportingOverflow(buckets[pair + 1])
            guard !overflow else { throw corrupt("the counts overflow") }
            counts[Int(buckets[pair])] = buckets[pair + 1]
            count = sum
        }
        guard count == total else { throw corrupt("the buckets hold \(count) values, not \(total)") }
        guard count > 0 else {
            guard sum == 0 else { throw corrupt("there is a sum of nothing") }
            return
        }
        guard minimum <= maximum, maximum <= Self.ceiling,
            UInt64(Self.index(of: minimum)) == buckets[0],
            UInt64(Self.index(of: maximum)) == buckets[buckets.count - 2]
        else { throw corrupt("the smallest and the largest value are not in the outer buckets") }
    }
}
