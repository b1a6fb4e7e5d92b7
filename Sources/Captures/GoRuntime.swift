package import Profiles
package import Recordings

/// The Go runtime of a service, asked through the standard `net/http/pprof` endpoints.
///
/// Every reading uses a connection of its own, so that each costs the service the same.
package struct GoRuntime: Sendable {
    /// `http://127.0.0.1:20000/debug/pprof`, without a trailing slash.
    package let base: String

    package init(base: String) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// The memory statistics in the trailer of the heap profile's text, exact to the single allocation.
    package func memory(collectFirst: Bool = false) async throws(CaptureError) -> RuntimeMemoryStatistics {
        let url = "\(base)/heap?debug=1" + (collectFirst ? "&gc=1" : "")
        let bytes = try await HTTPFetch.get(url)
        do {
            return try RuntimeMemoryStatistics(heapText: bytes)
        } catch {
            throw .unreadable(url: url, reason: "\(error.message)")
        }
    }

    /// Goroutines now, from the first line of the text profile.
    package func taskCount() async throws(CaptureError) -> Int {
        let url = "\(base)/goroutine?debug=1"
        let bytes = try await HTTPFetch.get(url)
        let head = String(decoding: bytes.prefix(200).prefix { $0 != 0x0a }, as: UTF8.self)
        let prefix = "goroutine profile: total "
        guard head.hasPrefix(prefix), let count = Int(head.dropFirst(prefix.count)) else {
            throw .unreadable(url: url, reason: "it does not begin with \"\(prefix)N\"")
        }
        return count
    }

    /// A binary profile as the service sends it.
    package func profile(
        _ kind: String, query: String = "", timeout: Duration = .seconds(30)
    )
        async throws(CaptureError) -> [UInt8]
    {
        let url = "\(base)/\(kind)" + (query.isEmpty ? "" : "?\(query)")
        return try await HTTPFetch.get(url, timeout: timeout, limit: 256 << 20)
    }
}

/// What the runtime allocated over the steady load, freed of what asking for it cost.
package struct RuntimeMeter: Sendable {
    private let runtime: GoRuntime
    private let start: RuntimeMemoryStatistics
    private let startedAt: ContinuousClock.Instant
    private let perReading: (mallocs: UInt64, bytes: UInt64)
    private let idle: (mallocs: Double, bytes: Double)

    /// Reads three times: twice in a row for the cost of a reading, and after a pause for the idle background.
    package init(starting runtime: GoRuntime, idle pause: Duration = .milliseconds(250)) async throws(CaptureError) {
        self.runtime = runtime
        let first = try await runtime.memory()
        let second = try await runtime.memory()
        let idleFrom = ContinuousClock.now
        do { try await Task.sleep(for: pause) } catch { throw .interrupted }
        let third = try await runtime.memory()
        let now = ContinuousClock.now
        let seconds = (now - idleFrom) / .seconds(1)
        // The lesser of the two is freer of chance; what is left over is the background.
        let mallocs = min(second.mallocs &- first.mallocs, third.mallocs &- second.mallocs)
        let bytes = min(second.totalAlloc &- first.totalAlloc, third.totalAlloc &- second.totalAlloc)
        perReading = (mallocs, bytes)
        idle = (
            Double(third.mallocs &- second.mallocs &- mallocs) / seconds,
            Double(third.totalAlloc &- second.totalAlloc &- bytes) / seconds
        )
        start = third
        startedAt = now
    }

    /// Reads once more and gives the difference.
    package func stop() async throws(CaptureError) -> RuntimeWindow {
        let seconds = (ContinuousClock.now - startedAt) / .seconds(1)
        let end = try await runtime.memory()
        guard end.mallocs >= start.mallocs, end.totalAlloc >= start.totalAlloc, end.numGC >= start.numGC else {
            throw .unreadable(url: runtime.base, reason: "its counters went backwards: the service was restarted")
        }
        let forced = end.numForcedGC &- start.numForcedGC
        return RuntimeWindow(
            mallocs: end.mallocs - start.mallocs, allocatedBytes: end.totalAlloc - start.totalAlloc,
            mallocsPerReading: perReading.mallocs, bytesPerReading: perReading.bytes,
            idleMallocsPerSecond: idle.mallocs, idleBytesPerSecond: idle.bytes, seconds: seconds,
            collections: UInt64(end.numGC - start.numGC) &- UInt64(forced), pause: end.pause(since: start))
    }
}
