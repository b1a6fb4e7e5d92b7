package import ProbeReader
package import Profiles

/// Why a question gets no answer.
package enum ProbeRefusal: Error, Sendable, Equatable {
    case tooLong
    case unknown(page: String)
    case malformed(key: String, value: String, expected: ClosedRange<Int>)
    /// Somebody else asks for the same at length already, more often than is good for the service.
    case busy
    /// Nothing is counted at all.
    case notCounting(String)
    /// The part of it that was asked for is not there.
    case unavailable(what: String, reason: String)
    /// Nothing was recorded, because nobody asked for that yet.
    case notRecorded(ProbeQuestion.Page)
    case probe(ProbeError)
    case profile(ProfileError)

    package var status: Int {
        switch self {
        case .unknown: 404
        case .tooLong, .malformed: 400
        case .busy: 429
        case .notCounting, .unavailable, .notRecorded, .probe, .profile: 503
        }
    }

    /// One sentence without its final stop.
    package var message: String {
        switch self {
        case .tooLong: "the address is too long"
        case .unknown(let page): Self.missing[page] ?? "there is no such page; /debug/pprof/ lists those there are"
        case .malformed(let key, let value, let expected):
            "\(key)=\(value.prefix(40)): expected a whole number from \(expected.lowerBound) to \(expected.upperBound)"
        case .busy: "too many profiles are being taken at the same time"
        case .notCounting(let reason): "nothing is counted: \(reason)"
        case .unavailable(let what, let reason): "\(what): \(reason)"
        case .notRecorded(.heap):
            "stacks of allocations are not recorded, which slows a service down; to know what is in use they must be "
                + "from the start: recording: .allocations, or PERFGATE_PROBE_MODE=11 in the environment"
        case .notRecorded:
            "stacks of allocations are not recorded, which slows a service down; ask for some seconds of them, as in "
                + "allocs?seconds=10, or have them recorded from the start: recording: .allocations, or "
                + "PERFGATE_PROBE_MODE=11 in the environment"
        case .probe(let error): error.message
        case .profile(let error): error.message
        }
    }

    /// What Go has and why this has not.
    private static let missing = [
        "block": "waiting for locks is not recorded",
        "mutex": "waiting for locks is not recorded",
        "threadcreate": "what made the threads is not recorded",
        "trace": "there is no trace of execution",
        "symbol": "profiles have their names in them; nothing is looked up here",
        "cmdline": "the command line may hold secrets and is not given away",
    ]
}
