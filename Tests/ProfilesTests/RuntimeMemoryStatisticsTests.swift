import Profiles
import Testing

@Suite struct RuntimeMemoryStatisticsTests {
    private func text(
        numGC: Int, pauses: [Int] = [], leaving: String = "", replacing: (String, String) = ("", "")
    ) -> String {
        var ring = [Int](repeating: 0, count: 256)
        for (index, pause) in pauses.enumerated() { ring[(numGC - pauses.count + index + 256) % 256] = pause }
        let keys = [
            "Alloc", "TotalAlloc", "Sys", "Mallocs", "Frees", "HeapAlloc", "HeapSys", "HeapIdle", "HeapInuse",
            "HeapReleased", "HeapObjects", "NextGC", "LastGC",
        ]
        var lines = keys.enumerated().map { "# \($1) = \(100 + $0)" }
        lines += ["# Stack = 1 / 2", "# PauseNs = \(ring)".split(separator: ",").joined(), "# PauseEnd = [0 0]"]
        lines += ["# NumGC = \(numGC)", "# NumForcedGC = 3", "# GCCPUFraction = 0.25", "# DebugGC = false"]
        lines = lines.filter { leaving.isEmpty || !$0.hasPrefix("# \(leaving) = ") }
            .map { $0.hasPrefix("# \(replacing.0) = ") ? "# \(replacing.0) = \(replacing.1)" : $0 }
        return "heap profile: 1: 2 [3: 4] @ heap/1\n1: 2 [3: 4] @ 0x1\n\n\n# runtime.MemStats\n"
            + lines.joined(separator: "\n") + "\n# MaxRSS = 5\n"
    }

    @Test func everyFieldIsRead() throws {
        let statistics = try RuntimeMemoryStatistics(heapText: text(numGC: 2, pauses: [5, 6]))
        #expect(statistics.totalAlloc == 101)
        #expect(statistics.sys == 102)
        #expect(statistics.mallocs == 103)
        #expect(statistics.frees == 104)
        #expect(statistics.heapAlloc == 105)
        #expect(statistics.heapSys == 106)
        #expect(statistics.heapIdle == 107)
        #expect(statistics.heapInuse == 108)
        #expect(statistics.heapReleased == 109)
        #expect(statistics.heapObjects == 110)
        #expect(statistics.nextGC == 111)
        #expect(statistics.lastGC == 112)
        #expect(statistics.numGC == 2 && statistics.numForcedGC == 3)
        #expect(statistics.gcCPUFraction == 0.25)
        #expect(Array(statistics.pauseNs.prefix(3)) == [5, 6, 0])
    }

    /// What a linked-in probe counts of libdispatch is told apart; a program of Go has none.
    @Test func whatLibdispatchAllocatedIsToldApart() throws {
        let plain = try RuntimeMemoryStatistics(heapText: text(numGC: 0))
        #expect(plain.dispatchMallocs == 0 && plain.ownMallocs == 103 && plain.ownTotalAlloc == 101)
        let probe = try RuntimeMemoryStatistics(
            heapText: text(numGC: 0) + "# DispatchMallocs = 3\n# DispatchTotalAlloc = 1\n")
        #expect(probe.mallocs == 103 && probe.ownMallocs == 100 && probe.ownTotalAlloc == 100)
        let error = ProfileError.memoryStatisticMalformed("DispatchMallocs", text: "104")
        #expect(throws: error) {
            try RuntimeMemoryStatistics(heapText: text(numGC: 0) + "# DispatchMallocs = 104\n")
        }
    }

    @Test func linesThatMeanNothingWithoutACollectorMayBeMissing() throws {
        #expect(try RuntimeMemoryStatistics(heapText: text(numGC: 0, leaving: "NextGC")).nextGC == nil)
        #expect(try RuntimeMemoryStatistics(heapText: text(numGC: 0, leaving: "HeapSys")).heapSys == nil)
    }

    @Test func pausesBetweenTwoReadingsAreAdded() throws {
        let first = try RuntimeMemoryStatistics(heapText: text(numGC: 254))
        let second = try RuntimeMemoryStatistics(heapText: text(numGC: 258, pauses: [9, 1, 2, 3, 4]))
        #expect(second.pause(since: first) == 10)
        #expect(second.pause(since: second) == 0)
        #expect(first.pause(since: second) == nil)
        let late = try RuntimeMemoryStatistics(heapText: text(numGC: 511, pauses: [1]))
        #expect(late.pause(since: first) == nil)
        let full = try RuntimeMemoryStatistics(heapText: text(numGC: 510, pauses: [Int](repeating: 2, count: 256)))
        #expect(full.pause(since: first) == 512)
    }

    @Test func pausesTooLongToAddAreUnknown() throws {
        let first = try RuntimeMemoryStatistics(heapText: text(numGC: 0))
        let pauses = (["18446744073709551615", "1"] + [String](repeating: "0", count: 254)).joined(separator: " ")
        let last = try RuntimeMemoryStatistics(heapText: text(numGC: 2, replacing: ("PauseNs", "[\(pauses)]")))
        #expect(last.pause(since: first) == nil)
    }

    @Test func whatIsMissingIsNamed() {
        for field in ["Mallocs", "PauseNs", "GCCPUFraction", "NumGC"] {
            let error = ProfileError.memoryStatisticMissing(field)
            #expect(throws: error) { try RuntimeMemoryStatistics(heapText: text(numGC: 1, leaving: field)) }
            #expect(error.message == "the runtime's memory statistics lack \(field)")
        }
        #expect(throws: ProfileError.memoryStatisticsMissing) { try RuntimeMemoryStatistics(heapText: "heap profile:") }
        #expect(
            ProfileError.memoryStatisticsMissing.message
                == "the heap profile does not end with the runtime's memory statistics; ask for heap?debug=1"
        )
    }

    @Test(arguments: [("Mallocs", "-1"), ("Frees", "many"), ("PauseNs", "[1 2]"), ("GCCPUFraction", "nan")])
    func whatIsNoNumberIsNamed(field: String, value: String) {
        let error = ProfileError.memoryStatisticMalformed(field, text: value)
        #expect(throws: error) { try RuntimeMemoryStatistics(heapText: text(numGC: 1, replacing: (field, value))) }
        #expect(error.message == "the runtime's memory statistics give \"\(value)\" for \(field), which cannot be read")
    }

    @Test func onlyTheEndIsLookedAt() throws {
        let noise = String(repeating: "1: 2 [3: 4] @ 0x1\n", count: 100_000)
        #expect(try RuntimeMemoryStatistics(heapText: noise + text(numGC: 1)).numGC == 1)
        #expect(throws: ProfileError.memoryStatisticsMissing) {
            try RuntimeMemoryStatistics(heapText: text(numGC: 1) + noise)
        }
    }
}
