import Measures
import Profiles
import Verdicts

extension Report {
    /// Functions or task groups shown.
    private static let shownFunctions = 10
    private static let shownTasks = 10
    /// Frames shown of an example stack.
    private static let shownFrames = 40

    /// The table that says what accounts for a finding.
    func explanation(_ attribution: Attribution, of finding: Finding, room: Int) -> MarkdownText? {
        switch attribution.content {
        case .functions(let functions): functionTable(functions, of: finding, room: room)
        case .tasks(let tasks): taskTable(tasks, room: room)
        case .nothing: ""
        }
    }

    private func functionTable(
        _ functions: [Attribution.FunctionShare], of finding: Finding, room: Int
    )
        -> MarkdownText?
    {
        guard !functions.isEmpty else { return "No function accounts for it.\n" }
        let unit = finding.key.metric.costUnit
        let shown = functions.prefix(Self.shownFunctions)
        var table = MarkdownTable([
            ("function", .left), ("at", .left), ("change per request", .right), ("itself", .right),
            ("with what it calls", .right),
        ])
        for function in shown {
            func fromTo(_ before: Double, _ after: Double) -> String { "\(unit.text(before)) → \(unit.text(after))" }
            table.add([
                "\(function.function)", "\(place(function.file, function.line))",
                "**\(numbers: unit.change(function.cumulativeChange))**",
                "\(numbers: fromTo(function.flatBaseline, function.flatCandidate))",
                "\(numbers: fromTo(function.cumulativeBaseline, function.cumulativeCandidate))",
            ])
        }
        return table.text(room: room, noun: "functions", hidden: functions.count - shown.count)
    }

    private func taskTable(_ tasks: [Attribution.TaskShare], room: Int) -> MarkdownText? {
        guard !tasks.isEmpty else { return "No group of tasks grew.\n" }
        let shown = tasks.prefix(Self.shownTasks)
        var table = MarkdownTable([
            ("state", .left), ("grew by", .right), ("share", .right), ("waiting at", .left), ("created by", .left),
        ])
        for task in shown {
            table.add([
                "**\(task.state)**", "\(Unit.count.change(Double(task.growth)))",
                "\(numbers: Unit.share.text(task.share))",
                location(task.frames.first), location(task.createdBy),
            ])
        }
        return table.text(room: room, noun: "groups", hidden: tasks.count - shown.count)
    }

    /// The whole stack of the group that grew most, or the path to the function that did, folded.
    func example(_ attribution: Attribution, of finding: Finding) -> MarkdownText {
        switch attribution.content {
        case .tasks(let tasks):
            guard let task = tasks.first else { return "" }
            let growth = Unit.count.change(Double(task.growth))
            return Self.stack("Stack of the largest group (\(task.state), \(growth))", task.frames, task.createdBy)
        case .functions(let functions):
            guard let function = functions.first, function.path.count > 1 else { return "" }
            let change = finding.key.metric.costUnit.change(function.pathChange)
            return Self.stack("Call path that gained most (\(numbers: change) per request)", function.path, nil)
        case .nothing: return ""
        }
    }

    private static func stack(_ title: MarkdownText, _ frames: [Frame], _ creator: Frame?) -> MarkdownText {
        guard !frames.isEmpty else { return "" }
        var text: MarkdownText = "<details><summary>" + title + "</summary>\n\n<pre>\n"
        for frame in frames.prefix(shownFrames) { text += line(frame) }
        let more = frames.count - shownFrames
        if more > 0 { text += "… and \(more) more frames\n" }
        if let creator { text += "created by " + line(creator) }
        return text + "</pre>\n\n</details>\n"
    }

    private static func line(_ frame: Frame) -> MarkdownText {
        let file: MarkdownText = "\(frame.file, limit: 240)"
        let place = frame.line > 0 ? file + ":\(frame.line)" : file
        return "\(frame.function, limit: 240)\n" + (frame.file.isEmpty ? "" : "    " + place + "\n")
    }

    func notes(_ attribution: Attribution) -> MarkdownText {
        // Why requests failed stands above already, with traces.
        guard !attribution.notes.isEmpty, !attribution.metric.isOfFailures else { return "" }
        var text: MarkdownText = "<sub>"
        for (index, note) in attribution.notes.prefix(6).enumerated() {
            text += "\(index == 0 ? "" : " ")\(Self.capitalized(note), limit: 400)"
            if !note.hasSuffix(".") { text += "." }
        }
        return text + "</sub>\n"
    }

    private func location(_ frame: Frame?) -> MarkdownText {
        guard let frame else { return "–" }
        return "\(frame.function)<br>\(place(frame.file, frame.line))"
    }

    /// A place in ever fewer words: `…/api/log/log.go:20`, `…/log/log.go:20`, `log.go:20`.
    func places(_ file: String, _ line: Int) -> [String] {
        let parts = file.split(separator: "/")
        let shorter = [2, 1].filter { $0 < parts.count }.map { count in
            (count > 1 ? "…/" : "") + parts.suffix(count).joined(separator: "/") + (line > 0 ? ":\(line)" : "")
        }
        return [place(file, line)] + shorter
    }

    /// The last three parts of a path, with the line: `api/log/log.go:20`.
    func place(_ file: String, _ line: Int) -> String {
        guard !file.isEmpty else { return "–" }
        let parts = file.split(separator: "/")
        let short = parts.count > 3 ? "…/" + parts.suffix(3).joined(separator: "/") : file
        return line > 0 ? "\(short):\(line)" : short
    }
}
