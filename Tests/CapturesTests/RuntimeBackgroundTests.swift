import Profiles
import Recordings
import Testing

@testable import Captures

@Suite struct RuntimeBackgroundTests {
    private func statistics(_ mallocs: UInt64, collections: UInt64 = 0, forced: UInt64 = 0) -> RuntimeMemoryStatistics {
        RuntimeMemoryStatistics(
            totalAlloc: mallocs * 10, sys: 0, mallocs: mallocs, frees: 0, heapAlloc: 0, heapSys: 0, heapIdle: 0,
            heapInuse: 0, heapReleased: 0, heapObjects: 0, nextGC: 0, lastGC: 0,
            pauseNs: [UInt64](repeating: 7, count: 256), numGC: collections, numForcedGC: forced, gcCPUFraction: 0)
    }

    @Test func whatIsBeyondAReadingIsBackground() throws {
        let background = try #require(
            RuntimeBackground(statistics(1000), statistics(1100), statistics(1250), seconds: 0.5))
        #expect(background.mallocsPerReading == 100)
        #expect(background.bytesPerReading == 1000)
        #expect(background.idleMallocsPerSecond == 100)
        #expect(background.idleBytesPerSecond == 1000)
    }

    /// A difference that wraps round would be subtracted from every later one, and leave zero allocations.
    @Test func countersThatGoBackwardsAreNoBackground() {
        #expect(RuntimeBackground(statistics(9000), statistics(100), statistics(9100), seconds: 1) == nil)
        #expect(RuntimeBackground(statistics(100), statistics(9000), statistics(200), seconds: 1) == nil)
    }

    @Test func theWindowIsWhatLiesBetween() throws {
        let background = try #require(RuntimeBackground(statistics(0), statistics(100), statistics(200), seconds: 1))
        let window = try #require(
            background.window(from: statistics(200), to: statistics(700, collections: 3, forced: 1), seconds: 2))
        #expect(window.mallocs == 500)
        #expect(window.collections == 2)
        #expect(window.pause == 21)
        #expect(background.window(from: statistics(200), to: statistics(100), seconds: 2) == nil)
        #expect(background.window(from: statistics(200), to: statistics(300, forced: 1), seconds: 2) == nil)
    }
}
