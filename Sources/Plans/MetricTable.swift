internal import Measures

/// The catalogue of metrics as documentation.
package enum MetricTable {
    /// A Markdown table with one row per metric, ending with a line feed.
    package static var markdown: String {
        var text = "| metric | unit | worse | evidence | per step | what it is | from |\n"
        text += "| --- | --- | --- | --- | --- | --- | --- |\n"
        for metric in Metric.allCases {
            let worse = metric.direction == .higherIsWorse ? "more" : "less"
            let cells = [
                "`\(metric.rawValue)`", unit(metric.unit), worse, metric.evidence.rawValue,
                metric.existsPerStep ? "yes" : "no", metric.summary, metric.source,
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    private static func unit(_ unit: Unit) -> String {
        switch unit {
        case .time: "time"
        case .count: "number"
        case .bytes: "bytes"
        case .share: "share"
        case .rate: "per second"
        }
    }
}
