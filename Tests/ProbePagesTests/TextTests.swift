import ProbeReader
import Profiles
import Testing

@testable import ProbePages

@Suite struct TextTests {
    private static let module = AddressProfile.Module(
        path: "/bin/shop", buildID: "ab", addresses: 0x1000..<0x9000, fileOffset: 0)
    private static let symbols = Symbols(places: [
        0x1100: place("Shop.wait()", "/src/Wait.swift", 7), 0x1200: place("Shop.order(_:)", "/src/Order.swift", 9),
    ])

    private static func place(_ name: String, _ file: String, _ line: Int) -> Symbols.Place {
        .init(function: .init(name: name, linkerName: name, file: file, line: 1), line: line)
    }

    private func profile(_ types: [(String, String)], _ samples: [AddressProfile.Sample]) -> AddressProfile {
        AddressProfile(
            sampleTypes: types.map { Profile.SampleType(type: $0.0, unit: $0.1) }, samples: samples,
            modules: [Self.module])
    }

    @Test func tasksAreWrittenAsGoWritesGoroutines() throws {
        var tasks = profile(
            [("tasks", "count")],
            [
                .init(
                    frames: [.address(0x1100), .mark("created by"), .address(0x1200), .address(0x1300)], values: [7],
                    labels: [.init(key: "state", text: "sleeping \"deep\"")])
            ])
        tasks.comments = ["2 more"]
        let text = TaskText.render(total: 9, tasks, Self.symbols)
        #expect(
            text == """
                goroutine profile: total 9
                7 @ 0x1100
                # labels: {"state":"sleeping \\"deep\\""}
                #\t0x1100\tShop.wait()\t/src/Wait.swift:7
                #\tcreated by
                #\t0x1200\tShop.order(_:)\t/src/Order.swift:9
                #\t0x1300

                # 2 more

                """)
        let dump = try TaskDump(text: text)
        #expect(dump.groups.map(\.count) == [7])
        #expect(dump.groups.first?.frames.first?.function == "Shop.wait()")
    }

    private static var counters: ProbeCounters {
        var counters = ProbeCounters()
        counters.allocations = 1000
        counters.bytes = 64_000
        counters.frees = 900
        counters.dispatchAllocations = 10
        counters.dispatchBytes = 480
        counters.liveBytes = 6400
        return counters
    }

    /// What perfgate asks Go for is what it gets here, and what means nothing here is not invented.
    @Test func theHeapIsReadAsThatOfGo() throws {
        let figures = Dictionary(uniqueKeysWithValues: ProbeFigure.allCases.map { ($0, ProbeAvailability.exact) })
        let text = HeapText.render(Self.counters, figures, nil, Symbols())
        #expect(
            text.hasPrefix(
                "heap profile: 100: 6400 [1000: 64000] @ heap/1\n# stacks of allocations are not recorded\n"))
        let statistics = try RuntimeMemoryStatistics(heapText: text)
        #expect(statistics.mallocs == 1000 && statistics.ownMallocs == 990)
        #expect(statistics.totalAlloc == 64_000 && statistics.ownTotalAlloc == 63_520)
        #expect(statistics.frees == 900 && statistics.heapObjects == 100)
        #expect(statistics.heapAlloc == 6400 && statistics.heapInuse == 6400)
        #expect(statistics.numGC == 0 && statistics.numForcedGC == 0 && statistics.lastGC == 0)
        #expect(statistics.pause(since: statistics) == 0)
        #expect(statistics.sys == nil && statistics.heapSys == nil && statistics.nextGC == nil)
    }

    @Test func whatIsNotCountedIsNotWritten() {
        let no = ProbeAvailability.unavailable("no")
        let figures: [ProbeFigure: ProbeAvailability] = [.liveBytes: no, .dispatchSplit: no]
        let text = HeapText.render(Self.counters, figures, nil, Symbols())
        for line in ["HeapAlloc", "HeapInuse", "# Alloc", "Dispatch"] { #expect(!text.contains(line), "\(line)") }
        #expect(throws: ProfileError.memoryStatisticMissing("HeapAlloc")) {
            try RuntimeMemoryStatistics(heapText: text)
        }
    }

    @Test func stacksOfTheHeapComeBeforeItsCounters() {
        let stacks = profile(
            [
                ("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"),
                ("inuse_space", "bytes"),
            ],
            [.init(frames: [.address(0x1200)], values: [5, 80, 2, 32])])
        let text = HeapText.render(Self.counters, [:], stacks, Self.symbols)
        #expect(text.contains("\n2: 32 [5: 80] @ 0x1200\n#\t0x1200\tShop.order(_:)\t/src/Order.swift:9\n"))
    }

    @Test func whatWasAddedIsTheDifference() {
        let types = [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_space", "bytes")]
        var before = profile(
            types,
            [
                .init(frames: [.address(1)], values: [5, 50, 10]), .init(frames: [.address(2)], values: [1, 10, 10]),
            ])
        var after = profile(
            types,
            [
                .init(frames: [.address(1)], values: [8, 80, 0]), .init(frames: [.address(2)], values: [1, 10, 0]),
                .init(frames: [.address(3)], values: [2, 20, 20]),
            ])
        (before.timeNanos, after.timeNanos) = (1000, 4000)
        after.defaultSampleType = "inuse_space"
        let difference = after.since(before, columns: 2)
        #expect(difference.samples.map(\.values) == [[3, 30], [2, 20]])
        #expect(difference.sampleTypes.map(\.type) == ["alloc_objects", "alloc_space"])
        #expect(difference.defaultSampleType == nil)
        #expect(difference.timeNanos == 1000 && difference.durationNanos == 3000)
    }

    @Test func theIndexSaysWhatIsThereAndWhyNot() {
        let html = IndexPage.render(
            executable: "/bin/<shop>", refusals: [.heap: "a & b"],
            figures: [.allocations: .exact, .cpu: .unavailable("the program uses the signal SIGPROF itself")])
        #expect(html.contains("<h1>Profiles of /bin/&lt;shop&gt;</h1>"))
        for page in ["allocs", "heap", "goroutine", "tasks", "profile"] {
            #expect(html.contains("<a href=\"/debug/pprof/\(page)"))
        }
        #expect(html.contains("<em>Not now: a &amp; b.</em>"))
        #expect(html.contains("<td>allocations</td><td>yes</td>"))
        #expect(
            html.contains(
                "<td>samples of processor time</td><td>the program uses the signal SIGPROF itself</td>"))
    }

    @Test func whatIsNotRecordedIsExplained() {
        #expect(ProbeRefusal.notRecorded(.allocs).status == 503)
        #expect(ProbeRefusal.notRecorded(.allocs).message.contains("allocs?seconds=10"))
        #expect(ProbeRefusal.notRecorded(.heap).message.contains("recording: .allocations"))
        #expect(ProbeRefusal.busy.status == 429)
    }
}
