import Measures
import Profiles
import TestSupport
import Testing

/// What is written is read again, here and by the Go project's own tool.
@Suite struct ProfileWriterTests {
    static let types: [Profile.SampleType] = [
        .init(type: "alloc_objects", unit: "count"), .init(type: "alloc_space", unit: "bytes"),
    ]

    static let modules = [
        AddressProfile.Module(path: "/srv/app", buildID: "0abc", addresses: 0x1000..<0x3000, fileOffset: 0x1000),
        AddressProfile.Module(path: "/lib/libc.so.6", buildID: "", addresses: 0x8000..<0x9000, fileOffset: 0),
    ]

    static let symbols = Symbols(places: [
        0x1010: .init(
            function: .init(name: "App.work()", linkerName: "$s3App4workyyYaF", file: "/src/work.swift", line: 3),
            line: 5),
        0x1020: .init(
            function: .init(name: "App.work()", linkerName: "$s3App4workyyYaFTQ0_", file: "/src/work.swift", line: 3),
            line: 6),
        0x2010: .init(
            function: .init(name: "App.serve()", linkerName: "$s3App5serveyyF", file: "/src/serve.swift", line: 10)),
        0x8010: .init(function: .init(name: "malloc", linkerName: "malloc")),
    ])

    static func example() -> AddressProfile {
        var profile = AddressProfile(
            sampleTypes: types,
            samples: [
                .init(frames: [.address(0x8010), .address(0x1010), .address(0x2010)], values: [2, 64]),
                .init(
                    frames: [.address(0x1020), .mark("created by"), .address(0x2010)], values: [1, 8],
                    labels: [.init(key: "state", text: "running"), .init(key: "b", text: "c")]),
                .init(frames: [.address(0x8010), .address(0x1010), .address(0x2010)], values: [3, 100]),
                .init(frames: [.address(0x2500), .address(0x9000)], values: [-1, 0]),
                .init(frames: [], values: [7, 0]),
                .init(
                    frames: [.address(0x1020), .mark("created by"), .address(0x2010)], values: [1, 8],
                    labels: [
                        .init(key: "b", text: "c"), .init(key: "none", text: ""), .init(key: "state", text: "running"),
                    ]),
            ], modules: modules)
        profile.defaultSampleType = "alloc_objects"
        profile.timeNanos = 1_700_000_000_000_000_000
        profile.durationNanos = 5_000_000_000
        profile.period = .init(type: .init(type: "space", unit: "bytes"), value: 524_288)
        profile.comments = ["3 stacks were lost", "glibc"]
        return profile
    }

    @Test func whatIsWrittenIsRead() throws {
        let profile = try Profile(pprof: ProfileWriter.pprof(Self.example(), symbols: Self.symbols))
        #expect(
            Rendered.profile(profile) == """
                types: alloc_objects/count alloc_space/bytes
                default: 0
                time: 1700000000000000000 duration: 5000000000
                period: 524288 space/bytes
                totals: 13 180
                5 164: 0 1 2
                2 16 b=c state=running: 3 4 2
                -1 0: 5 6
                7 0: \n\
                0 = malloc /lib/libc.so.6:0
                1 = App.work() /src/work.swift:5
                2 = App.serve() /src/serve.swift:0
                3 = App.work() /src/work.swift:6
                4 = created by :0
                5 = 0x2500 /srv/app:0
                6 = 0x9000 :0

                """)
        #expect(profile.comments == ["3 stacks were lost", "glibc"])
    }

    /// The parts of one function are one to whoever sums.
    @Test func partsOfAFunctionAreSummed() throws {
        let profile = try Profile(pprof: ProfileWriter.pprof(Self.example(), symbols: Self.symbols))
        let costs = try ProfileDifference(from: nil, to: profile, sampleType: profile.sampleTypes[0].type)
        let work = try #require(costs.rows.first { $0.function == "App.work()" })
        #expect(work.file == "/src/work.swift" && work.line == 6)
        #expect(work.flatAfter == 2 && work.cumulativeAfter == 7)
    }

    @Test func withoutAnythingSaid() throws {
        let profile = try Profile(pprof: ProfileWriter.pprof(AddressProfile(sampleTypes: [], samples: [], modules: [])))
        #expect(profile.sampleCount == 0)
        #expect(profile.defaultSampleType == nil)
        #expect(profile.period == 0 && profile.timeNanos == 0 && profile.comments.isEmpty)
    }

    @Test func equalProfilesGiveEqualBytes() throws {
        let first = try ProfileWriter.pprof(Self.example(), symbols: Self.symbols)
        for _ in 0..<8 { #expect(try ProfileWriter.pprof(Self.example(), symbols: Self.symbols) == first) }
        #expect(Array(first.prefix(2)) == [0x1F, 0x8B])
        // The time that the format has room for is not filled in.
        #expect(Array(first[4..<8]) == [0, 0, 0, 0])
    }

    // MARK: Refusals

    @Test func whatNoReaderTakesIsRefused() {
        func refusal(_ change: (inout AddressProfile) -> Void) -> String? {
            var profile = Self.example()
            change(&profile)
            do throws(ProfileError) {
                _ = try ProfileWriter.pprof(profile, symbols: Self.symbols)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(refusal { $0.samples[3].values = [1] } == "sample 3 has 1 values where 2 belong")
        #expect(refusal { $0.sampleTypes = [] } == "the profile has 6 samples but does not say what their values are")
        #expect(
            refusal { $0.samples[0].values[1] = 1 << 62 } == "the values of \"alloc_space\" are too large to add up")
        #expect(refusal { $0.samples[0].values[0] = .min } == "the values of \"alloc_objects\" are too large to add up")
        #expect(
            refusal { $0.samples[0].frames = .init(repeating: .address(1), count: 4097) }
                == "the profile has more than 4096 locations in one sample")
        #expect(refusal { $0.samples[0].frames = .init(repeating: .address(1), count: 4096) } == nil)
        #expect(
            refusal { $0.samples[0].labels = .init(repeating: .init(key: "k", text: "v"), count: 65) }
                == "the profile has more than 64 labels on one sample")
        #expect(
            refusal { $0.comments = [String(repeating: "x", count: 65_537)] }
                == "the profile has more than 65536 bytes in one string")
        #expect(
            refusal { profile in
                profile.sampleTypes = .init(repeating: .init(type: "t", unit: "u"), count: 65)
                profile.samples = []
            } == "the profile has more than 64 sample types")
    }

    // MARK: Any profile

    /// What the writer is to make of a profile, said another way: text for each stack, values by text.
    private struct Sums: Equatable {
        var order: [String] = []
        var values: [String: [Int64]] = [:]

        mutating func add(_ stack: String, _ more: [Int64]) {
            guard let old = values[stack] else {
                order.append(stack)
                values[stack] = more
                return
            }
            values[stack] = zip(old, more).map(+)
        }
    }

    @Test(arguments: 1...150)
    func anyProfileIsReadAsItWas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (profile, symbols) = Self.random(&random)
        let read = try Profile(pprof: ProfileWriter.pprof(profile, symbols: symbols))
        #expect(read.sampleTypes == profile.sampleTypes)
        #expect(read.timeNanos == profile.timeNanos)
        #expect(read.durationNanos == profile.durationNanos)
        #expect(read.comments == profile.comments)
        #expect(read.period == profile.period?.value ?? 0)
        #expect(read.periodType == profile.period?.type ?? .init(type: "", unit: ""))
        #expect(
            read.defaultSampleType
                == profile.sampleTypes.firstIndex { $0.type == profile.defaultSampleType } ?? profile.sampleTypes.count
                - 1)
        var expected = Sums()
        for sample in profile.samples {
            let frames = sample.frames.map { Self.text($0, profile, symbols) }
            let labels = sample.labels.filter { !$0.text.isEmpty }.map { "\($0.key)=\($0.text)" }.sorted()
            expected.add((frames + ["|"] + labels).joined(separator: ";"), sample.values)
        }
        var actual = Sums()
        for sample in 0..<read.sampleCount {
            let frames = read.frames(ofSample: sample).map(Rendered.text)
            let labels = read.labels(ofSample: sample).map { "\($0.key)=\($0.text ?? "-")" }.sorted()
            let values = read.sampleTypes.indices.map { read.value(ofSample: sample, column: $0) }
            actual.add((frames + ["|"] + labels).joined(separator: ";"), values)
        }
        #expect(actual == expected)
        #expect(read.sampleCount <= profile.samples.count)
    }

    private static func text(_ frame: AddressProfile.Frame, _ profile: AddressProfile, _ symbols: Symbols) -> String {
        switch frame {
        case .mark(let text): return "\(text.isEmpty ? "<unknown>" : text) :0"
        case .address(let address):
            let path = profile.modules.first { $0.addresses.contains(address) }?.path ?? ""
            guard let place = symbols.places[address] else { return "0x\(String(address, radix: 16)) \(path):0" }
            let file = place.function.file.isEmpty ? path : place.function.file
            return "\(place.function.name) \(file):\(place.line)"
        }
    }

    private static func random(_ random: inout SeededGenerator) -> (AddressProfile, Symbols) {
        let columns = random.below(3) + 1
        let names = ["a", "b", "c", "größe", "\u{1F600}", "a b"]
        let modules = (0..<UInt64(random.below(4))).map { index in
            AddressProfile.Module(
                path: "/m\(index)", buildID: index == 0 ? "" : "0\(index)",
                addresses: (index * 0x100)..<(index * 0x100 + 0x80), fileOffset: index)
        }
        var symbols = Symbols()
        for _ in 0..<random.below(40) {
            let name = names[random.below(names.count)]
            symbols.places[UInt64(random.below(0x400))] = .init(
                function: .init(name: name, linkerName: "_\(name)", file: random.below(2) == 0 ? "" : "/\(name).swift"),
                line: random.below(3))
        }
        let samples = (0..<random.below(30)).map { _ in
            AddressProfile.Sample(
                frames: (0..<random.below(6)).map { _ in
                    random.below(5) == 0
                        ? .mark(["", "mark", "created by"][random.below(3)]) : .address(UInt64(random.below(0x400)))
                },
                values: (0..<columns).map { _ in Int64(random.below(1000)) - 300 },
                labels: (0..<random.below(3)).map { _ in
                    .init(key: names[random.below(3)], text: ["", "x", "y"][random.below(3)])
                })
        }
        var profile = AddressProfile(
            sampleTypes: (0..<columns).map { .init(type: names[$0], unit: "count") }, samples: samples, modules: modules
        )
        profile.timeNanos = Int64(random.below(1000)) - 500
        profile.durationNanos = Int64(random.below(1000))
        profile.comments = (0..<random.below(3)).map { names[$0] }
        profile.defaultSampleType = [nil, "a", "nothing"][random.below(3)]
        if random.below(2) == 0 {
            profile.period = .init(type: .init(type: "cpu", unit: "ns"), value: Int64(random.below(9)) + 1)
        }
        return (profile, symbols)
    }

    // MARK: The Go tool

    @Test func theGoToolReadsWhatIsWritten() throws {
        let bytes = try ProfileWriter.pprof(Self.example(), symbols: Self.symbols)
        let raw = try #require(try GoTool.rawListings([bytes], name: "written").first ?? nil)
        let listing = RawListing(raw)
        let profile = try Profile(pprof: bytes)
        #expect(listing.types == ["alloc_objects/count", "alloc_space/bytes"])
        #expect(listing.samples.map(\.values) == [[5, 164], [2, 16], [-1, 0], [7, 0]])
        // The tool prints nothing for an address without a name.
        let nameless = { (frame: String) in frame.hasPrefix("0x") ? "" : frame }
        #expect(
            listing.samples.map(\.frames)
                == (0..<profile.sampleCount).map { profile.frames(ofSample: $0).map(Rendered.text).map(nameless) })
        #expect(listing.samples.map(\.labels) == [[], ["b:[c]", "state:[running]"], [], []])
        let mappings = raw.split(separator: "\n").drop { $0 != "Mappings" }.dropFirst()
        #expect(
            Array(mappings.prefix(2)) == [
                "1: 0x1000/0x3000/0x1000 /srv/app 0abc ", "2: 0x8000/0x9000/0x0 /lib/libc.so.6  [FN]",
            ])
        #expect(raw.contains("PeriodType: space bytes\nPeriod: 524288\n"))
        #expect(raw.contains("Duration: 5s\n") || raw.contains("Duration: 5\n"), "\(raw)")
        #expect(raw.contains("Comment: 3 stacks were lost\n"), "\(raw)")
    }

    @Test func theGoToolSumsWhatIsWritten() throws {
        let bytes = try ProfileWriter.pprof(Self.example(), symbols: Self.symbols)
        let options = "-symbolize=none -nodecount=100 -nodefraction=0 -edgefraction=0"
        let top = TopListing(try GoTool.listing("-top \(options) -sample_index=alloc_objects", bytes), unit: "count")
        #expect(top.rows["malloc"] == [5, 5])
        #expect(top.rows["App.work()"] == [2, 7])
        #expect(top.rows["App.serve()"] == [0, 7])
        #expect(top.rows["created by"] == [0, 2])
        let traces = try GoTool.listing("-traces \(options) -sample_index=alloc_space", bytes)
        #expect(traces.contains("164B   malloc\n             App.work()\n             App.serve()\n"), "\(traces)")
        #expect(traces.contains("16B   App.work()\n             created by\n             App.serve()\n"), "\(traces)")
    }
}
