import Measures
import Recordings

/// Whether threads of a service waited for processors so long that times say as much of the machine as of the service.
package enum Contention {
    /// Waiting over running, beyond which a launch was contended.
    static let threshold = 0.2

    /// `contention` is how long threads waited for a processor, over how long they ran on one.
    package static func isContended(_ contention: Double) -> Bool { contention > threshold }

    /// What to know before believing the times of a comparison; nil where nothing is timed, or neither side was contended
    /// in the middle of its rounds.
    static func warning(_ comparison: Comparison, _ findings: [Finding]) -> String? {
        guard findings.contains(where: { [.time, .rate].contains($0.key.metric.unit) }) else { return nil }
        let sides = [("baseline", comparison.baseline), ("candidate", comparison.candidate)].compactMap {
            name, subject in
            median(subject?.sided.halves.compactMap(\.half.contention) ?? []).map { (name: name, value: $0) }
        }
        guard sides.contains(where: { isContended($0.value) }) else { return nil }
        let shares = sides.map { "\(Unit.share.text($0.value)) (\($0.name))" }.joined(separator: " and ")
        return "contended: threads of the service waited for a processor, for \(shares) of the time they ran on one; "
            + "beyond \(Unit.share.text(threshold)) times say as much of the machine as of the service"
    }
}
