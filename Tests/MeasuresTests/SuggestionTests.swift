import Measures
import Testing

@Suite struct SuggestionTests {
    private let metrics = Metric.allCases.map(\.rawValue)

    @Test(arguments: [
        ("latency.p5", "latency.p50"), ("latencyp99", "latency.p99"), ("Throughput", "throughput"),
        ("cpu.per_request", "cpu.perRequest"), ("memory.peakrss", "memory.peakRSS"),
        ("tasks.leakdPer1000", "tasks.leakedPer1000"),
        ("allocation.perRequest", "allocations.perRequest"),
    ])
    func findsTheNearestWord(word: String, expected: String) {
        #expect(Suggestion.nearest(to: word, in: metrics) == expected)
    }

    @Test(arguments: ["", "x", "quality", "something entirely different"])
    func staysSilentAboutOthers(word: String) {
        #expect(Suggestion.nearest(to: word, in: metrics) == nil)
    }

    @Test func prefersTheSmallestDistanceAndThenTheFirst() {
        #expect(Suggestion.nearest(to: "abd", in: ["abcd", "abd", "abe"]) == "abd")
        #expect(Suggestion.nearest(to: "abx", in: ["aby", "abz"]) == "aby")
    }

    @Test func answersWhateverItIsGiven() {
        #expect(Suggestion.nearest(to: String(repeating: "a", count: 201), in: ["a"]) == nil)
        #expect(Suggestion.nearest(to: "a", in: [String]()) == nil)
        #expect(Suggestion.nearest(to: "", in: ["", "ab"]) == "")
        #expect(Suggestion.nearest(to: "größe", in: ["Größe"]) == "Größe")
    }
}
