import Measures
import Recordings

extension Comparison.Subject {
    /// Which kinds of descriptors it left open over all rounds, the most first: `+480 × /etc/hostname`.
    func descriptorNotes(most: Int = 5) -> [String] {
        var grown: [String: Int] = [:]
        for half in sided.halves.map(\.half) {
            guard let before = half.before.process?.descriptorKinds, let after = half.after.process?.descriptorKinds
            else { return ["What the open descriptors are was not recorded."] }
            for (kind, count) in after { grown[kind, default: 0] += count - Self.count(of: kind, in: before) }
        }
        let sorted = grown.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !sorted.isEmpty else { return ["No kind of descriptor has more open after the load than before."] }
        let notes = sorted.prefix(most).map { "\(Unit.count.change(Double($0.value))) × \($0.key)" }
        let more = sorted.count > most ? ["\(sorted.count - most) more kinds grew."] : []
        return notes + more + [TaskAttribution.note]
    }

    /// Where too many files were open to name each, those of a folder are one kind.
    private static func count(of kind: String, in before: [String: Int]) -> Int {
        before.reduce(0) { $0 + ($1.key == kind || DescriptorKind.folder(of: $1.key) == kind ? $1.value : 0) }
    }
}
