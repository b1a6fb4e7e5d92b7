import Measures
import Recordings

extension Comparison.Subject {
    /// Why its requests failed, the most frequent reason first: `order: 84 × status 500, expected 201`.
    func failureNotes(most: Int = 5) -> [String] {
        struct Cause: Hashable {
            var step: String
            var reason: String
        }
        var counts: [Cause: Int] = [:]
        for load in sided.halves.map(\.half.load) {
            for step in load.steps {
                for failure in step.failures {
                    counts[Cause(step: step.name, reason: failure.reason), default: 0] += failure.count
                }
            }
        }
        let sorted = counts.sorted { ($1.value, $0.key.step, $0.key.reason) < ($0.value, $1.key.step, $1.key.reason) }
        guard !sorted.isEmpty else { return ["Why requests failed was not recorded."] }
        let notes = sorted.prefix(most).map { cause, count in
            "\(cause.step): \(Unit.count.text(Double(count))) × \(cause.reason)"
        }
        return notes + (sorted.count > most ? ["\(sorted.count - most) more reasons."] : [])
    }
}
