/// The known ways in which the service can be made worse.
///
/// Zero is off. A property named `…Every` takes effect on every so many-th request.
struct Dials: Equatable {
    var extraAllocations = 0
    var extraRounds: UInt64 = 0
    /// What every request waits for, as if it asked a backend.
    var wait = Duration.zero
    var slowShare = Share.none
    var slowBy = Duration.zero
    var leakTasksEvery: UInt64 = 0
    var leakMemoryBytes = 0
    var leakDescriptorsEvery: UInt64 = 0
    var leakThreadsEvery: UInt64 = 0
    var failShare = Share.none
    var crashAfter: UInt64 = 0
}

extension Dials {
    private static let prefix = "DEMO_"

    /// Reads every `DEMO_` variable and throws all problems at once.
    ///
    /// An unknown name is a problem too: a mistyped dial would otherwise look like a gate that does not notice.
    init(environment: [(name: String, value: String)]) throws(UsageProblems) {
        var problems: [UsageProblem] = []
        var seen: Set<String> = []
        for (name, value) in environment where name.hasPrefix(Self.prefix) {
            seen.insert(name)
            if let problem = set(name, to: value) {
                problems.append(problem)
            }
        }
        if seen.contains("DEMO_SLOW_SHARE") != seen.contains("DEMO_SLOW_BY") {
            problems.append(.inseparable("DEMO_SLOW_SHARE", "DEMO_SLOW_BY"))
        }
        guard problems.isEmpty else { throw UsageProblems(all: problems) }
    }

    private mutating func set(_ name: String, to value: String) -> UsageProblem? {
        let expected: String?
        switch name {
        case "DEMO_EXTRA_ALLOCATIONS":
            expected = DialValue.whole(value, atMost: 1_000_000, into: &extraAllocations)
        case "DEMO_EXTRA_CPU":
            expected = DialValue.work(value, into: &extraRounds)
        case "DEMO_WAIT":
            expected = DialValue.duration(value, into: &wait)
        case "DEMO_SLOW_SHARE":
            expected = DialValue.share(value, into: &slowShare)
        case "DEMO_SLOW_BY":
            expected = DialValue.duration(value, into: &slowBy)
        case "DEMO_LEAK_TASKS":
            expected = DialValue.whole(value, atMost: 1_000_000_000, into: &leakTasksEvery)
        case "DEMO_LEAK_MEMORY":
            expected = DialValue.whole(value, atMost: 64 << 20, into: &leakMemoryBytes)
        case "DEMO_LEAK_DESCRIPTOR":
            expected = DialValue.whole(value, atMost: 1_000_000_000, into: &leakDescriptorsEvery)
        case "DEMO_LEAK_THREADS":
            expected = DialValue.whole(value, atMost: 1_000_000_000, into: &leakThreadsEvery)
        case "DEMO_FAIL_SHARE":
            expected = DialValue.share(value, into: &failShare)
        case "DEMO_CRASH_AFTER":
            expected = DialValue.whole(value, atMost: 1_000_000_000, into: &crashAfter)
        default:
            return .unknownDial(name: name)
        }
        return expected.map { .invalid(name: name, value: value, expected: $0) }
    }
}
