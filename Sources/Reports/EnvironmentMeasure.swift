import Measures
import Recordings
import Verdicts

/// Something that the machine did during a half-round, as a column of a table.
struct EnvironmentMeasure: Sendable {
    /// Its name in `report.json`.
    let name: String
    let title: MarkdownText
    let value: @Sendable (Environment) -> Double?
    let text: @Sendable (Double) -> String

    static let all = [
        Self("steal", "steal", share) { $0.steal },
        Self("pressure", "pressure", share) { $0.pressure },
        Self("throttled", "throttled", share) { $0.throttled },
        Self("loadAverage", "load average", { Unit.digits($0) }) { $0.loadAverage },
        Self("frequency", "frequency", { "\(Unit.digits($0)) MHz" }) { $0.frequency },
        Self("suspended", "suspended", { "\(Unit.digits($0)) s" }) { $0.suspended },
    ]

    private static let share: @Sendable (Double) -> String = { Unit.share.text($0) }

    private init(
        _ name: String, _ title: MarkdownText, _ text: @escaping @Sendable (Double) -> String,
        value: @escaping @Sendable (Environment) -> Double?
    ) {
        self.name = name
        self.title = title
        self.text = text
        self.value = value
    }

    /// The measure over the half-rounds of one side that count; nil where it is known of none.
    func summary(of subject: Comparison.Subject) -> Summary? {
        let values = subject.recording.validRounds
            .compactMap { $0.half(subject.side) }.compactMap { value($0.environment) }.filter(\.isFinite)
        guard let middle = median(values), middle.isFinite, let largest = values.max() else { return nil }
        return Summary(median: middle, max: largest)
    }

    struct Summary: Encodable {
        let median: Double
        let max: Double
    }
}
