/// How evenly a processor did the same piece of work again and again.
package struct Steadiness: Sendable, Codable, Equatable {
    package var pieces: Int
    /// Median time of a piece in seconds.
    package var piece: Double
    /// Standard deviation over mean of single pieces.
    package var spread: Double
    /// The same of the sums of ten pieces each: what an interruption of a few milliseconds no longer shows in.
    package var spreadOfSums: Double
    /// The same of the sums, in processor time: without the waiting for a processor.
    package var spreadOfProcessorTime: Double
    /// The slowest piece over the fastest.
    package var slowest: Double

    package static let sumLength = 10

    /// From the seconds each piece took, on the clock and of the processor; nil for fewer than three sums.
    package init?(seconds: [Double], processorSeconds: [Double]) {
        let sums = Self.sums(seconds)
        guard seconds.count == processorSeconds.count, sums.count >= 3, let least = seconds.min(), least > 0,
            let most = seconds.max(), let ofSingle = Self.spread(seconds), let ofSums = Self.spread(sums),
            let ofProcessor = Self.spread(Self.sums(processorSeconds))
        else { return nil }
        pieces = seconds.count
        piece = seconds.sorted()[seconds.count / 2]
        spread = ofSingle
        spreadOfSums = ofSums
        spreadOfProcessorTime = ofProcessor
        slowest = most / least
    }

    private static func sums(_ values: [Double]) -> [Double] {
        stride(from: 0, through: values.count - sumLength, by: sumLength).map { start in
            values[start..<(start + sumLength)].reduce(0, +)
        }
    }

    private static func spread(_ values: [Double]) -> Double? {
        let mean = values.reduce(0, +) / Double(values.count)
        guard mean > 0, values.count > 1 else { return nil }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot() / mean
    }
}
