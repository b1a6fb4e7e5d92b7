import Measures
import Profiles
import Testing

/// The same profiles, read here and read by the Go project's own tool.
@Suite struct GoDifferentialTests {
    @Test(arguments: GoTool.kinds)
    func samplesAndLocationsAreThoseOfTheGoTool(kind: String) throws {
        let profile = try Profile(pprof: GoTool.profile(kind))
        let raw = RawListing(try GoTool.pprof("-raw", kind))
        #expect(raw.types == profile.sampleTypes.map { "\($0.type)/\($0.unit)" })
        #expect(profile.sampleCount > 0)
        #expect(raw.samples.count == profile.sampleCount)
        for (sample, theirs) in raw.samples.enumerated() {
            let values = profile.sampleTypes.indices.map { profile.value(ofSample: sample, column: $0) }
            #expect(theirs.values == values)
            #expect(theirs.frames == profile.frames(ofSample: sample).map(Rendered.text))
            #expect(theirs.labels == labels(profile, sample))
        }
    }

    private func labels(_ profile: Profile, _ sample: Int) -> Set<String> {
        Set(profile.labels(ofSample: sample).map { "\($0.key):[\($0.text ?? "\($0.number)")]" })
    }

    @Test(arguments: GoTool.kinds)
    func flatAndCumulativeAreThoseOfTheGoTool(kind: String) throws {
        let profile = try Profile(pprof: GoTool.profile(kind))
        for type in profile.sampleTypes {
            let arguments = "-top -filefunctions -nodecount=1000000 -nodefraction=0 -edgefraction=0"
            let listing = try GoTool.pprof("\(arguments) -unit=\(type.unit) -sample_index=\(type.type)", kind)
            let theirs = TopListing(listing, unit: type.unit).rows
            let costs = try ProfileDifference(from: nil, to: profile, sampleType: type.type)
            let ours = Dictionary(
                uniqueKeysWithValues: costs.rows.map { row in
                    let name = row.file.isEmpty ? row.function : "\(row.function) \(row.file)"
                    return (name, [row.flatAfter, row.cumulativeAfter])
                }
            )
            #expect(!theirs.isEmpty)
            #expect(ours == theirs, "\(kind) \(type.type)")
        }
    }

    /// Whatever the reference decoder refuses is refused here; the one rule more is the bound of the sums.
    @Test func whatIsRefusedHereTheGoToolRefuses() throws {
        let cases = HostileProfileTests.cases
        let listings = try GoTool.rawListings(cases.map(\.bytes), name: "refused")
        for (example, listing) in zip(cases, listings) {
            if case .sumTooLarge = example.error { continue }
            #expect(listing == nil, "\(example.testDescription)")
        }
    }

    /// Damaged profiles are accepted by both or by neither, and read the same.
    @Test func damagedProfilesAreReadAlike() throws {
        let seed = try Gzip.inflate(Stored.bytes("go1.27.3", "cpu.pb.gz"))
        var random = SeededGenerator(seed: 7)
        let profiles = (0..<150).map { _ in
            var bytes = seed
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            return bytes
        }
        var accepted = 0
        for (bytes, listing) in zip(profiles, try GoTool.rawListings(profiles, name: "damaged")) {
            do {
                let profile = try Profile(pprof: bytes)
                let raw = RawListing(try #require(listing))
                #expect(
                    raw.samples.map(\.frames)
                        == (0..<profile.sampleCount).map { sample in
                            profile.frames(ofSample: sample).map(Rendered.text)
                        })
                accepted += 1
            } catch {
                #expect(listing == nil, "\(error)")
            }
        }
        #expect(accepted > 20)
    }

    /// What a wait is called must not depend on which form of the dump is read.
    @Test func binaryProfileAndStackDumpAgreeOnStates() throws {
        let binary = try TaskDump(anyFormat: GoTool.profile("goroutine"))
        let text = try TaskDump(anyFormat: GoTool.file("goroutine.2.txt"))
        let counts = try TaskDump(anyFormat: GoTool.file("goroutine.1.txt"))
        #expect(binary.total == text.total)
        #expect(counts.total == text.total)
        #expect(text.unparsed == 0 && counts.unparsed == 0)
        #expect(states(binary) == states(text, merging: [.chanSendNil: .chanSend, .chanReceiveNil: .chanReceive]))
        let sites = Set(text.groups.map(\.frames.first))
        let others = Set(binary.groups.map(\.frames.first)).subtracting(sites)
        #expect(others.count <= 1, "only the writer itself may differ")
    }

    @Test func theRuntimesOwnLeaksAreMarkedInBothForms() throws {
        let binary = try TaskDump(anyFormat: GoTool.profile("goroutineleak"))
        let text = try TaskDump(anyFormat: GoTool.file("goroutineleak.2.txt"))
        let leaked = text.groups.filter(\.leaked).reduce(0) { $0 + $1.count }
        #expect(leaked == 6)
        #expect(binary.total == 6)
        #expect(binary.groups.count { !$0.leaked } == 0)
    }

    @Test func memoryStatisticsAreRead() throws {
        let statistics = try RuntimeMemoryStatistics(heapText: GoTool.file("heap.1.txt"))
        #expect(statistics.numGC >= 2)
        #expect(statistics.numForcedGC == 2)
        #expect(statistics.mallocs > statistics.frees)
        #expect(statistics.heapObjects == statistics.mallocs - statistics.frees)
        #expect(statistics.pauseNs[1] > 0)
    }

    private func states(_ dump: TaskDump, merging: [WaitState: WaitState] = [:]) -> [WaitState: Int] {
        dump.groups.reduce(into: [:]) { $0[merging[$1.state] ?? $1.state, default: 0] += $1.count }
    }
}
