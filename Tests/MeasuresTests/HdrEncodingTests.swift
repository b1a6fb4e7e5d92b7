import Testing

@testable import Measures

/// HdrHistogram's encoding V2; the bytes were written down from its description.
@Suite struct HdrEncodingTests {
    /// Cookie, length of the payload, normalizing offset, digits, lowest and highest value, ratio.
    private func head(payload: UInt8) -> [UInt8] {
        [0x1c, 0x84, 0x93, 0x13, 0, 0, 0, payload, 0, 0, 0, 0, 0, 0, 0, 3]
            + [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]
    }

    private func encoding(_ values: [UInt64]) -> [UInt8] {
        var histogram = Histogram()
        for value in values { histogram.record(value) }
        return histogram.hdrEncoding
    }

    @Test func nothing() {
        #expect(encoding([]) == head(payload: 0))
    }

    @Test func countsAndRunsOfZeros() {
        // One empty bucket is a zero, three are −3, and a count of 64 takes two bytes.
        #expect(
            encoding([0, 2, 2] + [UInt64](repeating: 6, count: 64))
                == head(payload: 6) + [0x02, 0x00, 0x04, 0x05, 0x80, 0x01])
        // 1024 is the first of the second half of bucket 0, and 2049 shares a bucket with 2048.
        #expect(encoding([1024]) == head(payload: 3) + [0xff, 0x0f, 0x02])
        #expect(encoding([2048, 2049]) == head(payload: 3) + [0xff, 0x1f, 0x04])
        #expect(encoding([.max]) == head(payload: 4) + [0xfd, 0xef, 0x03, 0x02])
    }

    /// As many buckets as HdrHistogram has for these limits, 31 halves of 1024.
    @Test func asManyBuckets() {
        #expect(Histogram.bucketCount == 31 * 1024)
        #expect(Histogram.hdrSignificantDigits == 3)
        #expect(Histogram.index(of: Histogram.ceiling) == Histogram.bucketCount - 1)
    }

    @Test func countsOfAnyWidth() throws {
        // A histogram with a count of 2^62, which takes all nine bytes.
        var histogram = Histogram()
        histogram.record(0)
        for _ in 0..<62 { histogram.merge(histogram) }
        #expect(
            histogram.hdrEncoding
                == head(payload: 9) + [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80])
    }
}
