import Measures

package extension LoadReport {
    /// Figures and tables for a terminal of `width` columns, the conclusion last.
    func terminal(color: Bool, width: Int) -> String {
        let width = min(max(width, 40), 120)
        let style = TerminalStyle(color: color)
        var lines = TerminalText.wrap(CleanText.string(heading, limit: 600), to: width).map { style.paint($0, .strong) }
        lines += TerminalText.wrap(shape, to: width)
        lines.append("")
        if let capacity = summary.capacity {
            lines += [style.paint("rates tried", .strong)] + windows(capacity, width) + [""]
            if let rate = summary.requestedRate {
                lines.append(style.paint("the window at \(Unit.rate.text(rate))", .strong))
            }
        }
        lines += figures.flatMap { row($0, width) }
        lines.append("")
        lines += distribution
        if parts.count > 1 {
            lines += ["", style.paint("loads", .strong)]
            lines += outcomes(of: "load", parts.map { ($0.name, $0.summary.total) }, width)
        }
        if summary.steps.count > 1 {
            lines += ["", style.paint("steps", .strong)]
            lines += outcomes(of: "step", summary.steps.map { ($0.name, $0) }, width)
        }
        if !summary.total.failures.isEmpty {
            lines += ["", style.paint("failures", .strong)] + failures(style, width)
        }
        let slow = slowest(width)
        if !slow.isEmpty { lines += ["", style.paint("slowest requests", .strong)] + slow }
        lines += ["", style.paint("delivery", .strong)]
        if parts.count > 1 { lines += deliveryByLoad(width) + [""] }
        lines += delivery.flatMap { row($0, width) }
        for note in notes { lines += [""] + TerminalText.wrap(note, to: width) }
        lines.append("")
        let role: TerminalStyle.Role = outcome == .succeeded ? .good : .bad
        lines += TerminalText.wrap(conclusion, to: width).map { style.paint($0, .strong, role) }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension LoadReport {
    private typealias Row = (topic: String, text: String)

    private var heading: String {
        if let plan { return "\(plan) on \(url)" }
        // The one step is named after what is asked for, its method first.
        return "\(summary.steps.first?.name.prefix { $0 != " " } ?? "") \(url)"
    }

    private func row(_ row: Row, _ width: Int) -> [String] {
        let indent = 13
        let text = TerminalText.wrap(row.text, to: width - indent)
        return text.enumerated().map { TerminalText.pad($0 == 0 ? row.topic : "", to: indent) + $1 }
    }

    private func windows(_ capacity: CapacityRecord, _ width: Int) -> [String] {
        capacity.windows.flatMap { row((Unit.rate.text($0.rate), $0.words), width) }
    }

    private var figures: [Row] {
        let total = summary.total
        var rows: [Row] = []
        var requests = "\(total.exchanges) in \(Unit.time.text(Double(summary.elapsed)))"
        // Of a rate that was asked for, the row below says how it was kept.
        if summary.requestedRate == nil, let rate = perSecond(Double(total.exchanges)) {
            requests += ", \(Unit.rate.text(rate))"
        }
        rows.append(("requests", requests))
        if let asked = summary.requestedRate {
            let started = summary.achievedRate.map { Unit.rate.text($0) } ?? "–"
            let what = summary.steps.count > 1 ? "flows" : "requests"
            // The rates of a search are nobody's round numbers.
            let isSearch = summary.capacity != nil
            let askedText = isSearch ? Unit.rate.text(asked) : Quantity.written(asked, as: .rate)
            rows.append(("rate", "\(what) started at \(started), asked \(askedText)"))
        }
        var failed = "\(failedRequests)"
        if failedRequests > 0 {
            failed += " (\(Unit.share.text(Double(failedRequests) / Double(total.exchanges))))"
            if total.timedOut > 0 { failed += ", \(total.timedOut) of them timed out" }
        }
        rows.append(("failed", failed))
        if summary.skipped > 0 {
            rows.append(("skipped", "\(summary.skipped), which came after a failed one of their flow"))
        }
        var received = Unit.bytes.text(Double(total.bytesReceived))
        if let rate = perSecond(Double(total.bytesReceived)) { received += ", \(Unit.bytes.text(rate)) per second" }
        rows.append(("received", received))
        return rows
    }

    private var distribution: [String] {
        var table = TextTable([
            .init(title: "", isNumber: false), .init(title: "latency", isNumber: true),
            .init(title: "service time", isNumber: true),
        ])
        func add(_ name: String, _ value: (Histogram) -> Double?) {
            let cells = [summary.total.latency, summary.total.serviceTime].map { histogram in
                value(histogram).map { Unit.time.text($0) } ?? "–"
            }
            table.add([name] + cells)
        }
        for (name, share) in Self.percentiles { add(name) { $0.value(at: share).map { Double($0) } } }
        add("max") { $0.count > 0 ? Double($0.maximum) : nil }
        add("mean") { $0.mean }
        return table.lines
    }

    /// The loads that ran together, none where there is one alone.
    private var parts: [LoadPart] { summary.loads ?? [] }

    private func outcomes(of kind: String, _ all: [(name: String, summary: StepSummary)], _ width: Int) -> [String] {
        let names: [String] = ["requests", "failed", "p50", "p90", "p99", "max"]
        // What the other columns take at most, but for counts of nine digits and more.
        let limit = max(4, width - 56)
        var table = TextTable(
            [.init(title: kind, isNumber: false, limit: limit)] + names.map { .init(title: $0, isNumber: true) })
        for (name, summary) in all {
            let times = [0.5, 0.9, 0.99, 1].map { share in
                summary.latency.value(at: share).map { Unit.time.text(Double($0)) } ?? "–"
            }
            table.add([name, "\(summary.exchanges)", "\(summary.failed + summary.timedOut)"] + times)
        }
        return table.lines
    }

    /// What the rows of ``delivery`` say of one load, for each of several; users of a closed loop are never late.
    private func deliveryByLoad(_ width: Int) -> [String] {
        let names: [String] = ["dropped", "rate", "asked", "lateness p99", "wait p99"]
        var table = TextTable(
            [.init(title: "load", isNumber: false, limit: max(4, width - 56))]
                + names.map { .init(title: $0, isNumber: true) })
        for part in parts {
            func rate(_ value: Double?) -> String { value.map { Unit.rate.text($0) } ?? "–" }
            func p99(_ histogram: Histogram) -> String {
                histogram.value(at: 0.99).map { Unit.time.text(Double($0)) } ?? "–"
            }
            let load = part.summary
            table.add([
                part.name, load.requestedRate == nil ? "–" : "\(load.dropped)", rate(load.achievedRate),
                rate(load.requestedRate), p99(load.lateness), p99(load.connectionWait),
            ])
        }
        return table.lines
    }

    /// The slowest requests of all steps, with where their time went; parts that took no time are left out.
    private func slowest(_ width: Int) -> [String] {
        let all = summary.steps.flatMap { step in (step.slowest ?? []).map { (step: step.name, exchange: $0) } }
        return all.sorted { $0.exchange.latency > $1.exchange.latency }.prefix(5).flatMap { step, exchange in
            let shown = exchange.timing.parts.map { "\($0.name) \(Unit.time.text(Double($0.time)))" }
            let place = summary.steps.count > 1 ? CleanText.string(step, limit: 60) + ": " : ""
            let text = "\(place)\(shown.joined(separator: ", ")), at \(Unit.time.text(Double(exchange.due)))"
            let indent = 13
            return TerminalText.wrap(text + ", trace \(exchange.trace)", to: width - indent).enumerated().map {
                TerminalText.pad($0 == 0 ? Unit.time.text(Double(exchange.latency)) : "", to: indent) + $1
            }
        }
    }

    private func failures(_ style: TerminalStyle, _ width: Int) -> [String] {
        let widest = summary.total.failures.map { "\($0.count)".count }.max() ?? 0
        return summary.steps.flatMap { step in
            step.failures.flatMap { failure in
                let place = summary.steps.count > 1 ? CleanText.string(step.name, limit: 60) + ": " : ""
                let count = TerminalText.pad("\(failure.count)", to: widest, right: true)
                let indent = String(repeating: " ", count: widest + 3)
                let reason = TerminalText.wrap(
                    place + CleanText.string(failure.reason, limit: 200), to: width - indent.count)
                let traces = TerminalText.flow(
                    failure.traces.map { CleanText.string($0, limit: 40) }, separator: " ", to: width - indent.count - 6
                )
                return reason.enumerated().map { ($0 == 0 ? count + " × " : indent) + $1 }
                    + traces.enumerated().map {
                        style.paint(indent + ($0 == 0 ? "trace " : "      ") + $1, .faint)
                    }
            }
        }
    }

    private var delivery: [Row] {
        var rows: [Row] = []
        if summary.requestedRate != nil {
            rows.append(("dropped", "\(summary.dropped) of \(Self.counted(summary.arrivals, "arrival"))"))
            rows.append(("lateness", "\(Self.spread(summary.lateness)) of the generator itself"))
            let waited = summary.connectionWait.count
            rows.append(
                (
                    "waiting",
                    waited == 0
                        ? "no request waited for a free connection"
                        : "\(waited) of \(Self.counted(summary.arrivals, "arrival")) waited for a free connection: "
                            + Self.spread(summary.connectionWait)
                ))
        }
        let opened = summary.connectionsOpened
        let address = summary.address.map { " to \($0)" } ?? ""
        rows.append(
            (
                "connections",
                connections == 0
                    ? "\(opened) opened\(address) during the load"
                    : "\(connections)\(address)" + (opened > 0 ? ", and \(opened) opened again during the load" : "")
            ))
        let isRefused = summary.requestedRate != nil && summary.schedulingClass == "SCHED_OTHER"
        rows.append(
            (
                "generator",
                "\(Unit.share.text(busyShare)) of one processor, \(summary.schedulingClass)"
                    + (isRefused ? ": real-time scheduling is not permitted" : "")
            ))
        return rows
    }

    private static func spread(_ histogram: Histogram) -> String {
        guard histogram.count > 0 else { return "–" }
        let percentiles = [("p50", 0.5), ("p99", 0.99), ("max", 1)].compactMap { name, share in
            histogram.value(at: share).map { "\(name) \(Unit.time.text(Double($0)))" }
        }
        return percentiles.joined(separator: ", ")
    }
}
