import Measures
package import Profiles

extension TaskDump {
    /// Tasks by state and stack, as tables for a terminal or a log; with `before`, what changed since.
    package func text(since before: TaskDump?, top count: Int, stacks: Bool) -> String {
        var lines = [summary(since: before)]
        if unparsed > 0 { lines.append("\(unparsed) blocks could not be read") }
        if truncated { lines.append("the dump is cut off: counts are too low") }
        let entries: [Entry] =
            if let before {
                TaskDump.growth(before: before, after: self).filter { $0.change != 0 }
                    .map { Entry(group: $0.group, count: $0.after, change: $0.change) }
            } else {
                groups.map { Entry(group: $0, count: $0.count, change: nil) }
            }
        lines += ["", "by state"] + states(entries, isChange: before != nil)
        lines += ["", "by stack"] + sites(Array(entries.prefix(count)), isChange: before != nil)
        if entries.count > count { lines.append("… and \(entries.count - count) more stacks") }
        if stacks {
            for entry in entries.prefix(count) { lines += [""] + stack(entry) }
        }
        return CleanLines.join(lines)
    }

    private struct Entry {
        var group: TaskGroup
        var count: Int
        var change: Int?

        var weight: Int { change ?? count }
    }

    private func summary(since before: TaskDump?) -> String {
        guard let before else { return "\(total) tasks in \(groups.count) stacks" }
        let change = total - before.total
        return "\(before.total) tasks before, \(total) after, \(change > 0 ? "+" : "")\(change)"
    }

    private func states(_ entries: [Entry], isChange: Bool) -> [String] {
        var sums: [String: Int] = [:]
        for entry in entries { sums[entry.group.state.label, default: 0] += entry.weight }
        let all = isChange ? sums.values.filter { $0 > 0 }.reduce(0, +) : sums.values.reduce(0, +)
        var table = TextTable([
            .init(title: isChange ? "change" : "tasks", isNumber: true), .init(title: "share", isNumber: true),
            .init(title: "state", isNumber: false),
        ])
        for (state, sum) in sums.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            table.add([signed(sum, isChange), share(sum, all), state])
        }
        return table.lines
    }

    private func sites(_ entries: [Entry], isChange: Bool) -> [String] {
        var table = TextTable([
            .init(title: isChange ? "change" : "tasks", isNumber: true), .init(title: "state", isNumber: false),
            .init(title: "waiting at", isNumber: false, limit: 90),
            .init(title: "created by", isNumber: false, limit: 60),
        ])
        for entry in entries {
            let group = entry.group
            let minutes = group.waitMinutes.map { $0.upperBound > 0 ? ", up to \($0.upperBound) min" : "" } ?? ""
            table.add([
                signed(entry.weight, isChange), group.state.label + (group.leaked ? " (leaked)" : "") + minutes,
                group.frames.first.map { place($0) } ?? "?", group.createdBy.map { place($0) } ?? "",
            ])
        }
        return table.lines
    }

    private func stack(_ entry: Entry) -> [String] {
        let group = entry.group
        var lines = ["\(entry.count) × \(group.state.label)"]
        for frame in group.frames { lines += self.lines("", frame) }
        if let creator = group.createdBy { lines += self.lines("created by ", creator) }
        return lines
    }

    private func lines(_ words: String, _ frame: Frame) -> [String] {
        let name = "    \(words)\(CleanText.string(frame.function))"
        guard !frame.file.isEmpty else { return [name] }
        return [name, "        \(CleanText.string(frame.file))\(number(frame))"]
    }

    private func place(_ frame: Frame) -> String {
        let file = frame.file.split(separator: "/").last.map(String.init) ?? ""
        return file.isEmpty ? frame.function : "\(frame.function) \(file)\(number(frame))"
    }

    /// The line behind a file; nothing where it is not known.
    private func number(_ frame: Frame) -> String { frame.line > 0 ? ":\(frame.line)" : "" }

    private func signed(_ value: Int, _ isChange: Bool) -> String {
        isChange && value > 0 ? "+\(value)" : "\(value)"
    }

    private func share(_ part: Int, _ all: Int) -> String {
        all > 0 && part > 0 ? "\(Unit.fixed(Double(part) / Double(all) * 100, 0)) %" : ""
    }
}
