/// A metric of the whole scenario or of one step: what a value in a round is filed under.
package struct MetricKey: Sendable, Hashable, Comparable {
    package var metric: Metric
    /// Nil for the whole scenario.
    package var step: String?

    package init(_ metric: Metric, step: String? = nil) {
        self.metric = metric
        self.step = step
    }

    /// `latency.p90`, or `latency.p90{log in}` for a step.
    package var text: String {
        step.map { "\(metric.rawValue){\($0)}" } ?? metric.rawValue
    }

    /// Reads what ``text`` wrote; nil for anything else.
    package init?(text: String) {
        guard text.hasSuffix("}"), let brace = text.firstIndex(of: "{") else {
            guard let metric = Metric(rawValue: text) else { return nil }
            self.init(metric)
            return
        }
        guard let metric = Metric(rawValue: String(text[..<brace])) else { return nil }
        self.init(metric, step: String(text[text.index(after: brace)...].dropLast()))
    }

    package static func < (left: MetricKey, right: MetricKey) -> Bool {
        (left.metric.rawValue, left.step ?? "") < (right.metric.rawValue, right.step ?? "")
    }
}

extension MetricKey: Codable, CodingKeyRepresentable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = MetricKey(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no metric \"\(text)\"")
        }
        self = key
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var codingKey: any CodingKey { Key(stringValue: text) }

    package init?(codingKey: some CodingKey) {
        self.init(text: codingKey.stringValue)
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
