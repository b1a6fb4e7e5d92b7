import Measures
import Testing

@Suite struct MetricTests {
    @Test func namesAreUniqueAndOneWordOrTwo() {
        let names = Metric.allCases.map(\.rawValue)
        #expect(Set(names.map { $0.lowercased() }).count == names.count)
        for name in names {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            #expect((1...2).contains(parts.count))
            #expect(parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
        }
    }

    @Test(arguments: Metric.allCases)
    func isDescribedInOneTableCell(metric: Metric) {
        for text in [metric.summary, metric.source] {
            #expect(!text.isEmpty && !text.contains("|") && !text.contains("\n") && !text.hasSuffix("."))
        }
    }

    @Test func quantilesAreThoseOfTheirNames() {
        let quantiles = Metric.allCases.compactMap { metric in metric.quantile.map { (metric.rawValue, $0) } }
        #expect(quantiles.map(\.0) == ["latency.p50", "latency.p90", "latency.p95", "latency.p99", "latency.p999"])
        #expect(quantiles.map(\.1) == [0.5, 0.9, 0.95, 0.99, 0.999])
    }

    @Test(arguments: Metric.allCases)
    func factsAgreeWithEachOther(metric: Metric) {
        if metric.isLeak {
            #expect(metric.canBeZero)
            #expect(metric.evidence == .count)
            #expect(metric.rawValue.hasSuffix("leakedPer1000"))
        }
        // The load generator knows its figures for every step, but for the one of the whole load; nothing else is known
        // for a step.
        let isOfSteps = metric.source.hasPrefix("load generator") && metric != .throughputAtBudget
        #expect(metric.existsPerStep == isOfSteps)
        let isThroughput = metric.rawValue.hasPrefix("throughput")
        #expect((metric.direction == .lowerIsWorse) == isThroughput)
        #expect((metric.evidence == .noisy) == (metric.rawValue.hasPrefix("latency.") || isThroughput))
        #expect((metric.unit == .share) == metric.rawValue.lowercased().hasSuffix("rate"))
        if metric.rawValue.hasPrefix("latency.") { #expect(metric.unit == .time) }
        if metric.rawValue.hasPrefix("memory.") { #expect(metric.unit == .bytes) }
    }
}
