import Measures

extension CapacityRecord.Window {
    /// What came of it: `held`, `did not hold: latency.p99 was 73 ms, over 50 ms`.
    var words: String {
        let reason = reason.map { ": \(CleanText.string($0, limit: 300))" } ?? ""
        return switch outcome {
        case .held: "held"
        case .missed: "did not hold" + reason
        case .undelivered: "was not delivered" + reason
        }
    }
}

/// A search for the capacity in a document.
struct CapacityDocument: Encodable {
    struct Window: Encodable {
        /// Flow starts per second.
        let rate: Double?
        let requests: Int
        /// `held`, `missed` or `undelivered`.
        let outcome: String
        let reason: String?
    }

    /// Flow starts per second; left out where none was found.
    let rate: Double?
    /// `found`, `belowRange`, `aboveRange` or `undelivered`.
    let ending: String
    let errorLimit: Double?
    let windows: [Window]

    init(_ record: CapacityRecord) {
        rate = finite(record.rate)
        ending = record.ending.rawValue
        errorLimit = finite(record.errorLimit)
        windows = record.windows.map {
            Window(rate: finite($0.rate), requests: $0.requests, outcome: $0.outcome.rawValue, reason: $0.reason)
        }
    }
}
