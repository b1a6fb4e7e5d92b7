package import Measures
import Profiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// HdrHistogram's interval log, format 1.3, which its plotters and libraries read.
///
/// Every histogram covers the whole time. Values are nanoseconds; in the column of the greatest value they are
/// milliseconds, as other writers have it.
package struct HistogramLog: Sendable {
    private var lines: [String]
    private let length: UInt64

    /// `start` is in milliseconds since 1970, `length` in nanoseconds.
    package init(tool: String, start: UInt64, length: UInt64) {
        self.length = length
        lines = [
            "#[Logged with perfgate \(tool)]", "#[Histogram log format version 1.3]",
            "#[StartTime: \(Self.fixed(start, per: 1000, decimals: 3)) (seconds since epoch), \(isoText(start))]",
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
        ]
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }

    /// Adds a histogram; a tag tells it from others, and what a tag cannot have is percent-encoded.
    package mutating func add(_ histogram: Histogram, tag: String? = nil) {
        let columns = [
            "0.000", Self.fixed(length, per: 1_000_000_000, decimals: 3),
            Self.fixed(histogram.maximum, per: 1_000_000, decimals: 6), Self.compressed(histogram),
        ]
        let tagged = tag.map { ["Tag=\(Self.encoded($0))"] } ?? []
        lines.append((tagged + columns).joined(separator: ","))
    }

    /// Encoding V2, compressed by zlib, in Base64.
    static func compressed(_ histogram: Histogram) -> String {
        let content = Gzip.deflate(histogram.hdrEncoding, in: .zlib)
        var bytes: [UInt8] = []
        bytes.appendBigEndian(compressedCookie)
        bytes.appendBigEndian(UInt32(content.count))
        return Data(bytes + content).base64EncodedString()
    }

    private static let compressedCookie: UInt32 = 0x1c84_9304 | 0x10

    /// A tag ends at a comma and has neither spaces nor line breaks.
    private static func encoded(_ tag: String) -> String {
        tag.utf8.map { byte in
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: ","), byte != UInt8(ascii: "%") {
                return String(UnicodeScalar(byte))
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0" + digits : "%" + digits
        }.joined()
    }

    /// A whole number of small units in large ones, rounded half up.
    private static func fixed(_ value: UInt64, per unit: UInt64, decimals: Int) -> String {
        var step = unit
        for _ in 0..<decimals { step /= 10 }
        let (rounded, rest) = value.quotientAndRemainder(dividingBy: step)
        let number = rounded + (rest * 2 >= step && rest > 0 ? 1 : 0)
        let scale = unit / step
        let fraction = String(number % scale)
        return "\(number / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

package extension LoadReport {
    /// The latency of everything without a tag, its service time, and the latency of every step where there are several.
    func histogramLog() -> String {
        var log = HistogramLog(tool: tool, start: start, length: summary.elapsed)
        log.add(summary.total.latency)
        log.add(summary.total.serviceTime, tag: "service-time")
        if summary.steps.count > 1 {
            for step in summary.steps { log.add(step.latency, tag: "step:" + step.name) }
        }
        return log.text
    }
}
