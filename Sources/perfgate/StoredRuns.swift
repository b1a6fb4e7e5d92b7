import Gate
import Plans
import Recordings
import Verdicts

/// Judging what is on disk.
enum StoredRuns {
    /// One run's own sides, or the second's candidate against the first's.
    static func judge(_ first: String, _ second: String?, thresholds: String?) throws(GateError) -> GateOutcome {
        guard let second else { return try judge(try run(first), thresholds) }
        let baseline = try subject(first)
        let candidate = try subject(second)
        let comparison = Comparison(candidate: candidate.subject, baseline: baseline.subject)
        return Gate.judge(
            comparison, budgets: try budgets(candidate.subject.recording, thresholds), folder: candidate.folder,
            baselineFolder: baseline.folder)
    }

    private static func judge(_ run: StoredRun, _ thresholds: String?) throws(GateError) -> GateOutcome {
        Gate.judge(
            run.comparison, budgets: try budgets(run.recording, thresholds), folder: run.folder,
            baselineFolder: run.baselineFolder)
    }

    private static func run(_ path: String) throws(GateError) -> StoredRun {
        try StoredRun(folder: try RunFolder(existing: path))
    }

    private static func subject(_ text: String) throws(GateError) -> (subject: Comparison.Subject, folder: RunFolder) {
        var path = text
        var side = Side.candidate
        for role in Side.allCases where text.hasSuffix("@\(role.rawValue)") {
            side = role
            path = String(text.dropLast(role.rawValue.count + 1))
        }
        let run = try run(path)
        guard run.recording.side(side) != nil else { throw .usage("\(path) has no \(side.rawValue)") }
        return (Comparison.Subject(run.recording, side), run.folder)
    }

    /// The budgets as they were read when the recording was made.
    static func recordedBudgets(_ recording: Recording) throws(GateError) -> Budgets {
        do throws(Diagnostics) {
            return try BudgetReader.read(
                recording.budgets.text, file: recording.budgets.file, steps: nil,
                today: String(recording.startedAt.prefix(10)))
        } catch {
            throw .refused(error.all)
        }
    }

    /// The recorded budgets as they were read then, or another file as it is read today.
    private static func budgets(_ recording: Recording, _ file: String?) throws(GateError) -> Budgets {
        guard let file else { return try recordedBudgets(recording) }
        do {
            let text = String(decoding: try Files.read(file, limit: 1 << 20), as: UTF8.self)
            return try BudgetReader.read(text, file: file, steps: nil, today: Moment.now.day)
        } catch let error as Diagnostics {
            throw .refused(error.all)
        } catch let error as GateError {
            throw .usage(error.message)
        } catch {
            throw .usage("\(error)")
        }
    }
}
