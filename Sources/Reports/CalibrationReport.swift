import Measures
import Plans
package import Recordings
package import Verdicts

/// What a calibration found out, for people and for programs.
///
/// Rendering is pure: the same calibration is the same bytes.
package struct CalibrationReport: Sendable {
    let calibration: Calibration
    let recording: Recording
    /// Where the proposed budgets lie, as a path to type.
    let proposalPath: String
    /// Where budgets belong that are adopted.
    let budgetsPath: String

    package init(_ calibration: Calibration, of recording: Recording, proposalPath: String) {
        self.calibration = calibration
        self.recording = recording
        self.proposalPath = proposalPath
        // Default budgets were never a file.
        budgetsPath = recording.budgets.file == DefaultBudgets.file ? "thresholds.json" : recording.budgets.file
    }

    /// A table of the figures and the false alarms in sentences.
    package var text: String {
        var lines = wrapped(headline) + [""]
        lines += table.lines
        for figure in calibration.figures {
            guard let reason = figure.reason else { continue }
            lines += wrapped(CleanText.string("\(figure.key.text) has no value: \(reason)", limit: 400))
        }
        lines += [""] + wrapped(measuredText) + wrapped(reshuffledText)
        lines += ["", "The proposed budgets are in \(path(proposalPath)). To adopt them:"]
        lines.append("  cp \(path(proposalPath)) \(path(budgetsPath))")
        return lines.joined(separator: "\n") + "\n"
    }

    /// About as wide as the table.
    private func wrapped(_ text: String) -> [String] { TerminalText.wrap(text, to: 110) }

    private var headline: String {
        let machine = recording.machine
        let name = recording.side(.candidate).map(Report.name) ?? "the candidate"
        let voided = calibration.voided > 0 ? " (\(calibration.voided) more voided)" : ""
        return CleanText.string(
            "Calibrated: \(name) against itself, \(counted(calibration.rounds, "round"))\(voided) in "
                + "\(durationText(seconds: recording.seconds)); \(machine.cpu), \(counted(machine.cores, "core")); "
                + "a gate has \(counted(calibration.gateRounds, "round")) at most",
            limit: 600)
    }

    // MARK: figures

    private var table: TextTable {
        var table = TextTable([
            .init(title: "metric", isNumber: false, limit: 40), .init(title: "class", isNumber: false),
            .init(title: "median", isNumber: true), .init(title: "spread", isNumber: true),
            .init(title: "second slot", isNumber: true), .init(title: "detectable", isNumber: true),
            .init(title: "budget", isNumber: false), .init(title: "", isNumber: false),
            .init(title: "proposed", isNumber: false),
        ])
        for figure in calibration.figures { table.add(cells(figure)) }
        return table
    }

    private func cells(_ figure: CalibratedFigure) -> [String] {
        let unit = figure.budget.metric.unit
        func size(_ value: Double?) -> String {
            guard let value else { return "–" }
            return figure.isRelative ? Unit.share.text(value) : unit.text(value)
        }
        func change(_ value: Double) -> String { figure.isRelative ? percentageText(value) : unit.change(value) }
        let slot = figure.slot.map { slot in
            // An order that matters is one whose interval leaves out zero.
            change(slot.estimate) + (slot.low > 0 || slot.high < 0 ? "!" : "")
        }
        let isCompared = figure.budget.maximumIncrease != nil || figure.budget.maximumDecrease != nil
        let detectable = figure.smallestDetectable.map { size($0) } ?? (isCompared ? "exact" : "–")
        return [
            figure.key.text, figure.evidence.rawValue + (figure.demoted ? " (demoted)" : ""),
            figure.median.map { unit.text($0) } ?? "–", size(figure.spread), slot ?? "–",
            figure.resolution == .missing ? "–" : detectable, limits(figure.budget),
            word(figure.resolution, isCompared),
            figure.proposed == figure.budget ? "same" : limits(figure.proposed),
        ]
    }

    private func limits(_ budget: Budget) -> String {
        let unit = budget.metric.unit
        var parts: [String] = []
        if let value = budget.maximum { parts.append("≤ \(unit.text(value))") }
        if let value = budget.minimum { parts.append("≥ \(unit.text(value))") }
        if let value = budget.maximumIncrease { parts.append("+\(Unit.share.text(value))") }
        if let value = budget.maximumDecrease { parts.append("−\(Unit.share.text(value))") }
        if budget.floor > 0 { parts.append("floor \(unit.text(budget.floor))") }
        if budget.severity != .error { parts.append(budget.severity.rawValue) }
        return parts.joined(separator: ", ")
    }

    private func word(_ resolution: CalibratedFigure.Resolution, _ isCompared: Bool) -> String {
        switch resolution {
        case .resolved: isCompared ? "resolved" : "holds"
        case .unresolved: "TOO NOISY"
        case .broken: "BROKEN"
        case .missing: "NO VALUE"
        }
    }

    // MARK: false alarms

    private var measuredText: String {
        let alarms = calibration.measured
        guard alarms.gates > 0 else {
            return "Measured gates: none, which takes \(counted(calibration.gateRounds, "round")); allow more time "
                + "with --for."
        }
        return "Measured gates: \(outcome(alarms))."
    }

    private var reshuffledText: String {
        "Reshuffled gates: \(outcome(calibration.reshuffled)). They are drawn from the same "
            + "\(counted(calibration.rounds, "round")) and tell about this machine's noise in that time, not about "
            + "another day."
    }

    /// `1 of 30 failed, 3.33 % (95 % interval 0.59 % to 16.7 %), because of latency.p50 (1)`.
    private func outcome(_ alarms: FalseAlarms) -> String {
        var text = "\(alarms.failed) of \(alarms.gates) failed"
        if let rate = alarms.rate {
            let (low, high) = (Unit.share.text(rate.low), Unit.share.text(rate.high))
            text += ", \(Unit.share.text(rate.estimate)) (95 % interval \(low) to \(high))"
        }
        let culprits = alarms.culprits.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        if !culprits.isEmpty {
            text += ", because of " + culprits.map { "\($0.key.text) (\($0.value))" }.joined(separator: ", ")
        }
        if alarms.inconclusive > 0 { text += "; \(alarms.inconclusive) inconclusive" }
        if alarms.unjudged > 0 { text += "; \(alarms.unjudged) could not be judged" }
        if alarms.gates > 0 {
            text += "; \(Unit.digits(Double(alarms.rounds) / Double(alarms.gates))) rounds each"
        }
        return CleanText.string(text, limit: 1000)
    }

    private func path(_ text: String) -> String { CleanText.string(text, limit: 1000) }
}
