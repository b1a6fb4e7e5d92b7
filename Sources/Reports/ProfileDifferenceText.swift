import Measures
package import Profiles

extension ProfileDifference {
    package enum Order: String, Sendable, CaseIterable {
        case flat
        case cumulative
    }

    /// The functions that changed most, as a table for a terminal or a log.
    package func text(top count: Int, by order: Order) -> String {
        let unit = DisplayUnit(sampleType.unit)
        let total = unit.text(totalBefore)
        var lines = [
            "\(sampleType.type): \(total) before, \(unit.text(totalAfter)) after, "
                + "\(unit.change(totalChange))\(ratio(totalBefore, totalAfter))"
        ]
        var table = TextTable([
            .init(title: "flat", isNumber: true), .init(title: "change", isNumber: true),
            .init(title: "cum", isNumber: true), .init(title: "change", isNumber: true),
            .init(title: "function", isNumber: false, limit: 90), .init(title: "at", isNumber: false, limit: 60),
        ])
        let changed = rows.filter { $0.flatChange != 0 || $0.cumulativeChange != 0 }
        for row in sorted(changed, order).prefix(count) {
            table.add([
                unit.text(row.flatAfter), unit.change(row.flatChange), unit.text(row.cumulativeAfter),
                unit.change(row.cumulativeChange), row.function, Self.place(row),
            ])
        }
        if changed.isEmpty {
            lines.append("no function changed")
        } else {
            lines += table.lines
            if changed.count > count { lines.append("… and \(changed.count - count) more functions") }
        }
        return CleanLines.join(lines)
    }

    private func sorted(_ rows: [FunctionDifference], _ order: Order) -> [FunctionDifference] {
        guard order == .cumulative else { return rows }
        return rows.sorted {
            ($1.cumulativeChange.magnitude, $0.function) < ($0.cumulativeChange.magnitude, $1.function)
        }
    }

    private func ratio(_ before: Int64, _ after: Int64) -> String {
        guard before > 0 else { return "" }
        return " (\(percentageText(Double(after) / Double(before) - 1)))"
    }

    private static func place(_ row: FunctionDifference) -> String {
        let file = row.file.split(separator: "/").suffix(2).joined(separator: "/")
        return row.line > 0 ? "\(file):\(row.line)" : file
    }
}

/// How the values of a profile's column are written.
struct DisplayUnit {
    private let unit: Unit?
    private let suffix: String

    /// The unit as the profile names it: `bytes`, `nanoseconds`, `count`.
    init(_ name: String) {
        suffix = name
        unit =
            switch name {
            case "bytes": .bytes
            case "nanoseconds": .time
            case "count", "objects", "samples": .count
            default: nil
            }
    }

    func text(_ value: Int64) -> String {
        guard let unit else { return "\(value) \(suffix)" }
        return unit.text(Double(value))
    }

    func change(_ value: Int64) -> String {
        guard let unit else { return (value > 0 ? "+" : "") + "\(value) \(suffix)" }
        return unit.change(Double(value))
    }
}

enum CleanLines {
    static func join(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
