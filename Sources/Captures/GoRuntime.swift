package import Profiles
package import Recordings

/// The Go runtime of a service, asked through the standard `net/http/pprof` endpoints, or what answers in its words:
/// the probe that a Swift service has linked in.
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
        guard head.hasPrefix(prefix), let count = Int(head.dropFirst(prefix.count)),
            (0...RecordingFile.maximumCount).contains(count)
        else {
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
    private let background: RuntimeBackground
    private let start: RuntimeMemoryStatistics
    private let startedAt: ContinuousClock.Instant

    /// Reads three times: twice in a row for the cost of a reading, and after a pause for the idle background.
    package init(starting runtime: GoRuntime, idle pause: Duration = .milliseconds(250)) async throws(CaptureError) {
        let first = try await runtime.memory()
        let second = try await runtime.memory()
        let idleFrom = ContinuousClock.now
        do { try await Task.sleep(for: pause) } catch { throw .interrupted }
        let third = try await runtime.memory()
        let now = ContinuousClock.now
        guard let background = RuntimeBackground(first, second, third, seconds: (now - idleFrom) / .seconds(1)) else {
            throw runtime.wentBackwards
        }
        self.runtime = runtime
        self.background = background
        start = third
        startedAt = now
    }

    /// Reads once more and gives the difference.
    package func stop() async throws(CaptureError) -> RuntimeWindow {
        let seconds = (ContinuousClock.now - startedAt) / .seconds(1)
        let end = try await runtime.memory()
        guard let window = background.window(from: start, to: end, seconds: seconds) else {
            throw runtime.wentBackwards
        }
        return window
    }
}

extension GoRuntime {
    fileprivate var wentBackwards: CaptureError {
        .unreadable(
            url: base, reason: "its counters went backwards: the service was restarted, or several answer in turn")
    }
}

/// What a reading of the counters allocates in the service, and what the service allocates when it does nothing.
struct RuntimeBackground: Sendable, Equatable {
    let mallocsPerReading: UInt64
    let bytesPerReading: UInt64
    let idleMallocsPerSecond: Double
    let idleBytesPerSecond: Double

    /// From two readings in a row and a third one `seconds` later; nil when they are not of one process.
    init?(
        _ first: RuntimeMemoryStatistics, _ second: RuntimeMemoryStatistics, _ third: RuntimeMemoryStatistics,
        seconds: Double
    ) {
        guard second.follows(first), third.follows(second), seconds > 0 else { return nil }
        let idle = (third.ownMallocs - second.ownMallocs, third.ownTotalAlloc - second.ownTotalAlloc)
        // The lesser of the two is freer of chance; what is left over is the background.
        mallocsPerReading = min(second.ownMallocs - first.ownMallocs, idle.0)
        bytesPerReading = min(second.ownTotalAlloc - first.ownTotalAlloc, idle.1)
        idleMallocsPerSecond = Double(idle.0 - mallocsPerReading) / seconds
        idleBytesPerSecond = Double(idle.1 - bytesPerReading) / seconds
    }

    /// What lies between two readings; nil when they are not of one process.
    func window(
        from start: RuntimeMemoryStatistics, to end: RuntimeMemoryStatistics, seconds: Double
    )
        -> RuntimeWindow?
    {
        guard end.follows(start) else { return nil }
        let forced = end.numForcedGC - start.numForcedGC
        let all = end.numGC - start.numGC
        guard forced <= all else { return nil }
        return RuntimeWindow(
            mallocs: end.ownMallocs - start.ownMallocs, allocatedBytes: end.ownTotalAlloc - start.ownTotalAlloc,
            mallocsPerReading: mallocsPerReading, bytesPerReading: bytesPerReading,
            idleMallocsPerSecond: idleMallocsPerSecond, idleBytesPerSecond: idleBytesPerSecond, seconds: seconds,
            collections: all - forced, pause: end.pause(since: start))
    }
}

extension RuntimeMemoryStatistics {
    /// Whether this can be a later reading of the same process: what it counts only grows.
    fileprivate func follows(_ earlier: RuntimeMemoryStatistics) -> Bool {
        ownMallocs >= earlier.ownMallocs && ownTotalAlloc >= earlier.ownTotalAlloc && numGC >= earlier.numGC
            && numForcedGC >= earlier.numForcedGC
    }
}
