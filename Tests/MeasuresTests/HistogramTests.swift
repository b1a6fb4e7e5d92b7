import Foundation
import Measures
import Testing

@Suite struct HistogramTests {
    @Test func knowsNothingWhenNothingWasCounted() {
        let histogram = Histogram()
        #expect(histogram.count == 0)
        #expect(histogram.sum == 0)
        #expect(histogram.mean == nil)
        #expect(histogram.value(at: 0.5) == nil)
    }

    @Test func keepsSumAndEndsExactly() {
        let histogram = filled([3_000_000_007, 5, 1_234_567])
        #expect(histogram.count == 3)
        #expect(histogram.sum == 3_001_234_579)
        #expect(histogram.minimum == 5)
        #expect(histogram.maximum == 3_000_000_007)
        #expect(histogram.mean == 3_001_234_579.0 / 3)
    }

    @Test func findsTheNearestRank() {
        let histogram = filled((1...100).map { UInt64($0) })
        #expect(histogram.value(at: 0) == 1)
        #expect(histogram.value(at: 0.5) == 50)
        #expect(histogram.value(at: 0.501) == 51)
        #expect(histogram.value(at: 0.9) == 90)
        #expect(histogram.value(at: 0.99) == 99)
        #expect(histogram.value(at: 0.999) == 100)
        #expect(histogram.value(at: 1) == 100)
        #expect(filled([7]).value(at: 0.999) == 7)
    }

    @Test(arguments: [0, 1, 1023, 1024, 2046, 2047] as [UInt64])
    func tellsSmallValuesApartExactly(value: UInt64) {
        #expect(filled([value, 1 << 30]).value(at: 0.5) == value)
    }

    @Test(
        arguments: [
            (2048, 2049), (2049, 2049), (2050, 2051), (4095, 4095), (4096, 4099), (1_000_000, 1_000_447),
            (1_000_000_000, 1_000_341_503), ((1 << 40) - 1, (1 << 40) - 1),
        ] as [(UInt64, UInt64)])
    func roundsUpToTheEndOfTheBucket(value: UInt64, expected: UInt64) {
        #expect(filled([value, Histogram.ceiling]).value(at: 0.5) == expected)
    }

    @Test func neverReportsMoreThanTheLargestValue() {
        #expect(filled([1_000_000]).value(at: 0.5) == 1_000_000)
        #expect(filled([4096, 4097]).value(at: 1) == 4097)
    }

    @Test func countsWhatIsTooLargeAtTheCeiling() {
        let histogram = filled([.max, Histogram.ceiling + 1, Histogram.ceiling])
        #expect(histogram.count == 3)
        #expect(histogram.maximum == Histogram.ceiling)
        #expect(histogram.minimum == Histogram.ceiling)
        #expect(histogram.value(at: 0.1) == Histogram.ceiling)
        #expect(histogram.sum == 3 * Histogram.ceiling)
    }

    @Test(arguments: 0..<6)
    func isNeverMoreThanAThousandthAboveTheSortedValues(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<5000).map { _ in generator.next() >> UInt64.random(in: 24...60, using: &generator) }
        let sorted = values.sorted()
        let histogram = filled(values)
        for quantile in [0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 1] {
            let rank = max(1, Int((quantile * 5000).rounded(.up)))
            let exact = sorted[rank - 1]
            let found = try #require(histogram.value(at: quantile))
            #expect(found >= exact && found - exact <= exact / 1024, "\(quantile): \(found), exactly \(exact)")
        }
        #expect(histogram.value(at: 1) == sorted.last)
    }

    @Test func mergingIsCountingTogether() {
        var generator = SeededGenerator(seed: 7)
        let left = (0..<500).map { _ in generator.next() >> 30 }
        let right = (0..<700).map { _ in generator.next() >> 40 }
        var merged = filled(left)
        merged.merge(filled(right))
        #expect(merged == filled(left + right))
        merged.merge(Histogram())
        #expect(merged == filled(left + right))
        var empty = Histogram()
        empty.merge(merged)
        #expect(empty == merged)
    }

    @Test func survivesCoding() throws {
        var generator = SeededGenerator(seed: 3)
        for values in [[], [0], [Histogram.ceiling], (0..<2000).map { _ in generator.next() >> 26 }] {
            let histogram = filled(values)
            let data = try JSONEncoder().encode(histogram)
            #expect(try JSONDecoder().decode(Histogram.self, from: data) == histogram)
        }
    }

    @Test func writesOnlyTheBucketsThatHoldSomething() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(filled([5, 5, 4096])), as: UTF8.self)
                == #"{"buckets":[5,2,3072,1],"count":3,"maximum":4096,"minimum":5,"sum":4106}"#)
        #expect(
            String(decoding: try encoder.encode(Histogram()), as: UTF8.self) == #"{"buckets":[],"count":0,"sum":0}"#)
    }

    @Test(arguments: [
        (#"{"buckets":[5],"count":1,"maximum":5,"minimum":5,"sum":5}"#, "buckets are pairs of index and count"),
        (#"{"buckets":[31744,1],"count":1,"maximum":5,"minimum":5,"sum":5}"#, "no bucket 31744"),
        (
            #"{"buckets":[18446744073709551615,1],"count":1,"maximum":5,"minimum":5,"sum":5}"#,
            "no bucket 18446744073709551615"
        ),
        (#"{"buckets":[5,2],"count":1,"maximum":5,"minimum":5,"sum":5}"#, "the buckets hold 2 values, not 1"),
        (#"{"buckets":[],"count":1,"maximum":5,"minimum":5,"sum":5}"#, "the buckets hold 0 values, not 1"),
        (
            #"{"buckets":[5,18446744073709551615,6,1],"count":1,"maximum":5,"minimum":5,"sum":5}"#,
            "the counts overflow"
        ),
    ])
    func refusesBucketsThatCannotBe(text: String, reason: String) {
        #expect {
            try JSONDecoder().decode(Histogram.self, from: Data(text.utf8))
        } throws: { error in
            guard case DecodingError.dataCorrupted(let context)? = error as? DecodingError else { return false }
            return context.debugDescription == reason
        }
    }

    @Test(arguments: [
        "{}", "[]", "5", #"{"count":1,"sum":1,"buckets":[1,1]}"#, #"{"buckets":[5,-1],"count":1,"sum":5}"#,
        #"{"buckets":[0.5,1],"count":1,"maximum":5,"minimum":5,"sum":5}"#,
        #"{"buckets":"5,1","count":1,"maximum":5,"minimum":5,"sum":5}"#, #"{"buckets":[],"count":-1,"sum":0}"#,
    ])
    func refusesWhatIsNoHistogram(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Histogram.self, from: Data(text.utf8)) }
    }

    private func filled(_ values: [UInt64]) -> Histogram {
        var histogram = Histogram()
        for value in values { histogram.record(value) }
        return histogram
    }
}
