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

    /// A Markdown table of how values are written, with one row per unit, ending with a line feed.
    package static var units: String {
        var text = "| unit | written like | units of writing |\n| --- | --- | --- |\n"
        for unit in Unit.allCases {
            let suffixes = unit.suffixes.map { "`\($0)`" }.joined(separator: ", ")
            text += "| \(Self.unit(unit)) | \(unit.examples) | \(suffixes.isEmpty ? "none" : suffixes) |\n"
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
