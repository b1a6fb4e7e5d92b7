import Measures
import Recordings
import Verdicts

/// Something that happened during a half-round and is not gated, as a column of a table.
struct HalfRoundMeasure: Sendable {
    /// Its name in `report.json`.
    let name: String
    let title: MarkdownText
    let value: @Sendable (HalfRound) -> Double?
    let text: @Sendable (Double) -> String

    /// What the machine did.
    static let environment = [
        of("steal", "steal", share, \.steal),
        of("pressure", "pressure", share, \.pressure),
        of("throttled", "throttled", share, \.throttled),
        of("loadAverage", "load average", { Unit.digits($0) }, \.loadAverage),
        of("frequency", "frequency", { "\(Unit.digits($0)) MHz" }, \.frequency),
        of("suspended", "suspended", { "\(Unit.digits($0)) s" }, \.suspended),
    ]

    /// What the kernel did with the service's processes under the load.
    static let processes = [
        perRequest("queueWaitPerRequest", "queue wait", { Unit.time.text($0) }, \.queueWait),
        Self(name: "contention", title: "contention", value: { $0.contention }, text: share),
        perRequest("voluntarySwitchesPerRequest", "voluntary switches", count, \.voluntarySwitches),
        perRequest("involuntarySwitchesPerRequest", "involuntary switches", count, \.involuntarySwitches),
        perRequest("minorFaultsPerRequest", "minor faults", count, \.minorFaults),
        perRequest("majorFaultsPerRequest", "major faults", count, \.majorFaults),
    ]

    private static let share: @Sendable (Double) -> String = { Unit.share.text($0) }
    private static let count: @Sendable (Double) -> String = { Unit.count.text($0) }

    private static func of(
        _ name: String, _ title: MarkdownText, _ text: @escaping @Sendable (Double) -> String,
        _ figure: any KeyPath<Environment, Double?> & Sendable
    ) -> Self {
        Self(name: name, title: title, value: { $0.environment[keyPath: figure] }, text: text)
    }

    private static func perRequest(
        _ name: String, _ title: MarkdownText, _ text: @escaping @Sendable (Double) -> String,
        _ figure: any KeyPath<Spent, UInt64?> & Sendable
    ) -> Self {
        Self(name: name, title: title, value: { $0.perRequest(figure) }, text: text)
    }

    /// The measure over the half-rounds of one side that count; nil where it is known of none.
    func summary(of subject: Comparison.Subject) -> Summary? {
        let values = subject.recording.validRounds
            .compactMap { $0.half(subject.side) }.compactMap { value($0) }.filter(\.isFinite)
        guard let middle = median(values), middle.isFinite, let largest = values.max() else { return nil }
        return Summary(median: middle, max: largest)
    }

    struct Summary: Encodable {
        let median: Double
        let max: Double
    }
}

extension [HalfRoundMeasure] {
    /// What is known of a half-round, by name.
    func values(of half: HalfRound) -> [String: Double] {
        let known = compactMap { measure in finite(measure.value(half)).map { (measure.name, $0) } }
        return Dictionary(known) { $1 }
    }

    /// Medians and maxima of a side, by name.
    func summaries(of subject: Comparison.Subject) -> [String: HalfRoundMeasure.Summary] {
        Dictionary(compactMap { measure in measure.summary(of: subject).map { (measure.name, $0) } }) { $1 }
    }
}
