import Measures
import Profiles
import TestSupport
import Testing

/// Damaged input ends in an error or in a profile, never in a trap.
@Suite struct FuzzTests {
    /// Everything that reads what a profile holds.
    private func exercise(_ bytes: [UInt8]) {
        guard let profile = try? Profile(pprof: bytes) else { return }
        for column in profile.sampleTypes.indices.prefix(2) {
            _ = try? ProfileDifference(from: nil, to: profile, sampleType: profile.sampleTypes[column].type)
            _ = StackCounts(profile, column: column)
        }
        _ = try? ProfileDifference(from: profile, to: profile)
        _ = try? TaskDump(profile: profile)
    }

    private static let seeds: [[UInt8]] = {
        var small = SmallProfile(
            [("goroutine", "count"), ("space", "bytes")],
            [(["+f x:1", "g x:2", "h y:3"], [1, -300]), (["h y:3"], [70_000, 0])]
        )
        small.firstID = 126
        let real = ["goroutineleak.pb.gz", "cpu.pb.gz", "threadcreate.pb.gz"]
            .compactMap { try? Stored.bytes("go1.27.3", $0) }
            .compactMap { try? Gzip.inflate($0) }
        return [small.bytes] + real
    }()

    @Test func everyTruncationOfARawProfileIsSafe() {
        #expect(Self.seeds.count == 4)
        for seed in Self.seeds {
            for length in 0..<seed.count { exercise(Array(seed[..<length])) }
        }
    }

    @Test func everyTruncationOfACompressedProfileIsRefused() throws {
        let whole = try Stored.bytes("go1.27.3", "goroutineleak.pb.gz")
        for length in 0..<whole.count {
            #expect(throws: ProfileError.self) { try Profile(pprof: Array(whole[..<length])) }
        }
    }

    @Test(arguments: 0..<4)
    func mutatedProfilesAreSafe(seedIndex: Int) {
        var random = SeededGenerator(seed: UInt64(seedIndex) + 1)
        let seed = Self.seeds[seedIndex]
        let interesting: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x22, 0x2a, 0x32]
        for _ in 0..<1500 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[place] = interesting.randomElement(using: &random) ?? 0
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                default:
                    let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
                    bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            exercise(bytes)
        }
    }

    @Test func mutatedTextsAreSafe() throws {
        var random = SeededGenerator(seed: 99)
        for name in ["goroutine.1.txt", "goroutine.2.txt", "quit.log"] {
            let seed = Array(try Stored.bytes("go1.27.3", name).prefix(4000))
            for _ in 0..<150 {
                var bytes = seed
                for _ in 0..<8 {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] = Array("\n\t [](){}:\"\\0@#".utf8).randomElement(using: &random) ?? 0
                }
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                _ = try? TaskDump(anyFormat: bytes)
                _ = try? RuntimeMemoryStatistics(heapText: bytes)
            }
        }
    }

    /// Inputs that broke something once, or might have.
    @Test(arguments: Stored.names(in: "Tests/Fuzz/Profiles"))
    func corpusIsSafe(name: String) throws {
        let bytes = try #require(Repository.bytes("\(Repository.root)/Tests/Fuzz/Profiles/\(name)"))
        exercise(bytes)
        _ = try? TaskDump(anyFormat: bytes)
        _ = try? RuntimeMemoryStatistics(heapText: bytes)
    }

    @Test func thereIsACorpus() {
        #expect(Stored.names(in: "Tests/Fuzz/Profiles").count >= 8)
    }
}
