import Foundation
import Measures
import Plans
import Profiles
import Testing

@testable import Reports

/// HdrHistogram's interval log.
///
/// That others read it is tested end to end.
@Suite struct HistogramLogTests {
    private var histogram: Histogram {
        var histogram = Histogram()
        for value in [800_000, 800_100, 1_234_567, 2_000_000_001] as [UInt64] { histogram.record(value) }
        return histogram
    }

    @Test func lines() {
        var log = HistogramLog(tool: "0.1.0", start: 1_795_716_528_314, length: 10_001_499_999)
        log.add(histogram)
        log.add(Histogram(), tag: "log in, 100 %\nä")
        let lines = log.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(4) == [
                "#[Logged with perfgate 0.1.0]", "#[Histogram log format version 1.3]",
                "#[StartTime: 1795716528.314 (seconds since epoch), 2026-11-26T18:08:48.314Z]",
                "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"",
            ])
        #expect(lines[4] == "0.000,10.001,2000.000001,\(HistogramLog.compressed(histogram))")
        #expect(
            lines[5]
                == "Tag=log%20in%2C%20100%20%25%0A%C3%A4,0.000,10.001,0.000000,\(HistogramLog.compressed(Histogram()))")
        #expect(lines.dropFirst(6) == [""])
    }

    /// The cookie, the length of what follows it, and a zlib stream; its bytes are those of the zlib that is there.
    @Test func compressed() throws {
        let text = HistogramLog.compressed(histogram)
        #expect(text.hasPrefix("HISTFA"))
        let bytes = [UInt8](try #require(Data(base64Encoded: text)))
        #expect(bytes.prefix(4) == [0x1c, 0x84, 0x93, 0x14])
        #expect(bytes[4..<8].reduce(0) { $0 << 8 | Int($1) } == bytes.count - 8)
        #expect(bytes.count < 100)
        // A zlib stream is a deflated one between two bytes and the checksum of Adler, RFC 1950.
        #expect((Int(bytes[8]) << 8 | Int(bytes[9])) % 31 == 0)
        let content = histogram.hdrEncoding
        var sums = (a: UInt32(1), b: UInt32(0))
        for byte in content {
            sums.a = (sums.a + UInt32(byte)) % 65521
            sums.b = (sums.b + sums.a) % 65521
        }
        let adler = sums.b << 16 | sums.a
        #expect(bytes.suffix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) } == adler)
        #expect(HistogramLog.compressed(histogram) == text)
    }

    @Test func ofAReport() {
        func tags(_ names: [String]) -> [String] {
            let summary = LoadSummary(stepNames: names, requestedRate: nil)
            let load = Load(
                executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(1), timeout: .seconds(1))
            let report = LoadReport(
                tool: "0.1.0", url: "http://h", plan: nil, loads: [load], seed: 1, start: 0, connections: 1,
                summary: summary)
            return report.histogramLog().split(separator: "\n").dropFirst(4).map { String($0.prefix { $0 != "," }) }
        }
        #expect(tags(["one"]) == ["0.000", "Tag=service-time"])
        #expect(tags(["one", "the other"]) == ["0.000", "Tag=service-time", "Tag=step:one", "Tag=step:the%20other"])
    }
}
