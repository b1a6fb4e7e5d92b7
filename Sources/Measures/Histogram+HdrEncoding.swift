extension Histogram {
    /// The histogram in HdrHistogram's encoding V2, not compressed, as its other implementations read it.
    ///
    /// It says that values lie between 1 and 2⁴⁰ − 1 and have three significant digits, for which HdrHistogram takes
    /// 2048 sub-buckets: the buckets are the same, so that no count moves. Sum, smallest and largest are not in it.
    package var hdrEncoding: [UInt8] {
        var payload: [UInt8] = []
        let end = count == 0 ? 0 : Self.index(of: maximum) + 1
        var index = 0
        while index < end {
            let run = counts[index..<end].prefix { $0 == 0 }.count
            // A run of empty buckets is its length, negative; a single one is a count of zero.
            payload.appendZigZag(run > 1 ? -Int64(run) : Int64(clamping: counts[index]))
            index += max(1, run)
        }
        var bytes: [UInt8] = []
        bytes.appendBigEndian(Self.hdrCookie)
        bytes.appendBigEndian(UInt32(payload.count))
        // The normalizing offset, which only shifted histograms have.
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(UInt32(Self.hdrSignificantDigits))
        bytes.appendBigEndian(UInt64(1))
        bytes.appendBigEndian(Self.ceiling)
        // The ratio of stored integers to values, of histograms of fractions.
        bytes.appendBigEndian(Double(1).bitPattern)
        return bytes + payload
    }

    static let hdrSignificantDigits = 3
    /// Encoding V2; the 0x10 says that counts are of any width.
    private static let hdrCookie: UInt32 = 0x1c84_9303 | 0x10
}

extension [UInt8] {
    /// The most significant byte first.
    package mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// A signed number in ZigZag LEB128, of which the ninth byte has all of the eight bits that are left.
    fileprivate mutating func appendZigZag(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 0..<8 {
            guard rest >= 0x80 else { return append(UInt8(rest)) }
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
