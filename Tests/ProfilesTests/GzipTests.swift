import Profiles
import Testing

@Suite struct GzipTests {
    private let small = SmallProfile([("a", "b")], [(["f x:1"], [3])]).bytes

    @Test func oneLayerTwoLayersAndNone() throws {
        let once = GzipWriter.compress(small)
        let twice = GzipWriter.compress(once)
        #expect(try Gzip.inflate(once) == small)
        #expect(try Gzip.inflate(twice) == small)
        #expect(try Gzip.inflateIfNeeded(small) == small)
        #expect(try Profile(pprof: twice).total(0) == 3)
        #expect(throws: ProfileError.notGzip) { try Gzip.inflate(small) }
        #expect(throws: ProfileError.empty) { try Gzip.inflate([]) }
        #expect(throws: ProfileError.gzipLayers(allowed: 2)) { try Gzip.inflate(GzipWriter.compress(twice)) }
    }

    @Test func severalMembersAreOneContent() throws {
        let text = Array("a longer text, a longer text, a longer text".utf8)
        let members = GzipWriter.compress(text) + GzipWriter.compress([]) + GzipWriter.compress(small)
        #expect(try Gzip.inflate(members) == text + small)
        let large = [UInt8](repeating: 7, count: 100_000)
        #expect(try Gzip.inflate(GzipWriter.compress(large) + GzipWriter.compress(text)) == large + text)
    }

    @Test func whatFollowsIsAnError() {
        let whole = GzipWriter.compress(small)
        #expect(throws: ProfileError.gzipTrailingBytes(offset: whole.count)) { try Gzip.inflate(whole + [0]) }
        #expect(throws: ProfileError.gzipTrailingBytes(offset: whole.count)) { try Gzip.inflate(whole + small) }
    }

    @Test func everyTruncationIsAnError() {
        let whole = GzipWriter.compress(small)
        for length in 2..<whole.count {
            #expect(throws: ProfileError.gzipTruncated(offset: length)) { try Gzip.inflate(Array(whole[..<length])) }
        }
    }

    @Test func aWrongChecksumIsAnError() {
        var damaged = GzipWriter.compress(small)
        damaged[damaged.count - 6] ^= 1
        #expect(throws: ProfileError.gzipCorrupt(offset: damaged.count - 4)) { try Gzip.inflate(damaged) }
    }

    @Test func bombsEndAtTheLimit() {
        let zeros = [UInt8](repeating: 0, count: 4 << 20)
        let bomb = GzipWriter.compress(zeros)
        var limits = ProfileLimits()
        limits.rawBytes = 1 << 20
        #expect(throws: ProfileError.limit(.rawBytes, allowed: 1 << 20)) { try Gzip.inflate(bomb, limits: limits) }
        limits = ProfileLimits()
        limits.ratioFreeBytes = 1 << 20
        #expect(throws: ProfileError.limit(.expansionRatio, allowed: 200)) { try Gzip.inflate(bomb, limits: limits) }
        #expect(throws: ProfileError.limit(.expansionRatio, allowed: 200)) {
            try Gzip.inflate(GzipWriter.compress(bomb), limits: limits)
        }
        limits.compressedBytes = 10
        #expect(throws: ProfileError.limit(.compressedBytes, allowed: 10)) { try Gzip.inflate(bomb, limits: limits) }
        #expect(
            ProfileError.limit(.expansionRatio, allowed: 200).message
                == "the profile has more than 200 bytes after decompression for one compressed byte"
        )
    }

    @Test func outputOfExactlyTheLimitIsAllowed() throws {
        let text = [UInt8](repeating: 65, count: 10_000)
        var limits = ProfileLimits()
        limits.rawBytes = 10_000
        #expect(try Gzip.inflate(GzipWriter.compress(text), limits: limits) == text)
        limits.rawBytes = 9_999
        #expect(throws: ProfileError.limit(.rawBytes, allowed: 9_999)) {
            try Gzip.inflate(GzipWriter.compress(text), limits: limits)
        }
    }

    /// The size at the end of a member may say anything.
    @Test func aLyingSizeCostsNothing() {
        var lying = GzipWriter.compress(small)
        for index in lying.count - 4..<lying.count { lying[index] = 0xff }
        #expect(throws: ProfileError.gzipCorrupt(offset: lying.count)) { try Gzip.inflate(lying) }
    }
}
