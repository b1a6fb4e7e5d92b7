import Measures
import Profiles
import Recordings

/// Which stacks grew during the candidate's loads.
struct TaskAttribution {
    private let comparison: Comparison
    private let read: Attributor.Reader

    /// How the numbers of the shares are meant.
    static let note = "Counts are sums over all rounds."

    /// What has grown less, such as a task that happened to run, explains nothing.
    private static let leastShare = 0.005

    private struct Key: Hashable {
        var state: String
        var frames: [Frame]
        var createdBy: Frame?
    }

    init(_ comparison: Comparison, _ read: @escaping Attributor.Reader) {
        self.comparison = comparison
        self.read = read
    }

    func attribute(_ metric: Metric, most: Int = 12) -> Attribution {
        var grown: [Key: (before: Int, after: Int)] = [:]
        do {
            for (round, half) in comparison.candidate.sided.halves {
                let before = try dump(half.before, round)
                let after = try dump(half.after, round)
                for growth in TaskDump.growth(before: before, after: after) {
                    let group = growth.group
                    let key = Key(state: group.state.label, frames: group.frames, createdBy: group.createdBy)
                    let sum = grown[key, default: (0, 0)]
                    grown[key] = (Self.sum(sum.before, growth.before), Self.sum(sum.after, growth.after))
                }
            }
        } catch {
            return Attribution(metric: metric, content: .nothing, notes: [error.reason])
        }
        let positive = grown.filter { $0.value.after > $0.value.before }
        let all = positive.reduce(0.0) { $0 + Double($1.value.after - $1.value.before) }
        let shares = positive.map { key, value in
            Attribution.TaskShare(
                state: key.state, before: value.before, after: value.after,
                share: Double(value.after - value.before) / all, frames: key.frames,
                createdBy: key.createdBy)
        }
        .filter { $0.share >= Self.leastShare }
        .sorted { ($1.growth, $0.site) < ($0.growth, $1.site) }.prefix(most)
        return Attribution(
            metric: metric, content: shares.isEmpty ? .nothing : .tasks(Array(shares)),
            notes: shares.isEmpty
                ? ["No stack has more tasks after the load than before."] : [Self.note])
    }

    /// Saturating: the counts come from profiles.
    private static func sum(_ first: Int, _ second: Int) -> Int {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? .max : sum
    }

    private func dump(_ capture: Capture, _ round: Int) throws(UnreadableProfile) -> TaskDump {
        guard let name = capture.profiles["goroutine"] ?? capture.profiles["tasks"] else {
            let problem = capture.problems["profile goroutine"] ?? capture.problems["profile tasks"]
            throw UnreadableProfile(
                reason: "round \(round) has no profile of tasks: \(problem ?? "it was not captured")")
        }
        let bytes = try read(.candidate, name).get()
        do {
            return try TaskDump(profile: try Profile(pprof: bytes))
        } catch {
            throw UnreadableProfile(reason: "\(name): \(error)")
        }
    }
}

extension Attribution.TaskShare {
    /// For an order that does not depend on chance.
    fileprivate var site: String {
        state + "\n" + frames.map { "\($0.function) \($0.file):\($0.line)" }.joined(separator: "\n")
    }
}
