import ArgumentParser
import Gate
import Plans
import Recordings
import Reports
import Verdicts

struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Learn what this machine can tell apart, and propose budgets.",
        discussion: """
            Measures the plan's service against itself for a time, and says of every budget, or of the default ones \
            without --thresholds: how far rounds scatter, the smallest change a gate of the plan would find, whether \
            the budget can be held, and how often gates would have failed although nothing changed. Writes the \
            proposed budgets into the run's folder. Exit status 0 when calibrated, 1 when it could not be measured.

            EXAMPLES
              perfgate calibrate
              perfgate calibrate --for 20m --thresholds thresholds.json
              perfgate calibrate --recording .perfgate/20261123T203712Z-1f2e3d4c
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: ArgumentHelp("What to run and how to load it.", valueName: "file"), completion: .file())
    var plan = "perfgate.yml"

    @Option(help: ArgumentHelp("Budgets to look at besides the default ones.", valueName: "file"), completion: .file())
    var thresholds: String?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Time all rounds may take together, such as 20m (default: 5m); builds come on top.", valueName: "time"),
        transform: TimeSpan.init)
    var time: TimeSpan?

    @Option(help: ArgumentHelp("Start the service with this command, not the plan's.", valueName: "command"))
    var command: String?

    @Option(help: "Seed of the order of sides, of the data and of the reshuffled gates; drawn when not given.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Folder of this run (default: a new one below .perfgate).", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("Measure nothing; look at a stored calibration again.", valueName: "folder"))
    var recording: String?

    @Option(help: "How the result is written.")
    var format = Format.text

    @Flag(help: "Do not run the plan's build command.")
    var noBuild = false

    @Flag(name: .shortAndLong, help: "No progress; only the result.")
    var quiet = false

    func validate() throws {
        let measures = [thresholds, command, output].contains { $0 != nil } || time != nil || seed != nil || noBuild
        guard recording == nil || !measures else {
            throw ValidationError("--recording takes no option of a measurement: everything is recorded.")
        }
    }

    func run() async throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        do {
            let calibrated = try await calibrated(terminal)
            if let failure = calibrated.recording.failure { throw GateError.calibration(failure) }
            let report = try CalibrationFiles.report(calibrated.recording, in: calibrated.folder)
            try terminal.output(format == .text ? report.text : try CalibrationFiles.json(report))
        } catch let error as GateError {
            terminal.error(error.message)
            throw ExitCode(error.exitStatus)
        } catch is CancellationError {
            terminal.error("interrupted before anything was measured")
            throw ExitCode(1)
        }
    }

    private func calibrated(_ terminal: Terminal) async throws -> CalibrationRun {
        if let recording {
            let folder = try RunFolder(existing: recording)
            return CalibrationRun(recording: try folder.readRecording(), folder: folder)
        }
        let request = try request()
        let progress = ProgressView(terminal: terminal, isQuiet: quiet)
        let time = time?.duration ?? .seconds(300)
        let result = try await Interruption.cancelling {
            try await Gate.calibrate(request, for: time, listener: progress.show)
        }
        progress.finish()
        return result
    }

    private func request() throws(GateError) -> GateRequest {
        let moment = Moment.now
        var budgets = Budgets(all: [], source: "")
        let plan: Plan
        if let thresholds {
            (plan, budgets) = try InputFiles.read(plan: self.plan, budgets: thresholds, today: moment.day)
        } else {
            plan = try InputFiles.read(plan: self.plan)
        }
        let new = try NewRun(at: moment, output: output)
        return GateRequest(
            plan: plan, planFile: self.plan, planFolder: InputFiles.folder(of: self.plan), budgets: budgets,
            budgetsFile: thresholds ?? DefaultBudgets.file, base: .itself, candidateCommand: command,
            candidateURL: nil, build: !noBuild, seed: seed ?? new.seed, maximumTime: nil, failsFast: false,
            folder: new.folder, tool: Perfgate.version, id: new.id, startedAt: moment.text)
    }
}

/// What a calibration leaves in its folder.
private enum CalibrationFiles {
    /// Calibrates, and writes the proposed budgets once they are known to be read back as what they are.
    static func report(_ recording: Recording, in folder: RunFolder) throws(GateError) -> CalibrationReport {
        if let obstacle = Calibration.obstacle(recording) {
            throw .calibration("\(folder.path): \(obstacle)")
        }
        let path = folder.path + "/thresholds.proposed.json"
        let calibration = Calibration(recording, budgets: try StoredRuns.recordedBudgets(recording))
        let text = BudgetWriter.text(calibration.proposal)
        do throws(Diagnostics) {
            let day = String(recording.startedAt.prefix(10))
            _ = try BudgetReader.read(text, file: path, steps: nil, today: day)
        } catch {
            let mistakes = error.all.map(\.text).joined(separator: "; ")
            throw .calibration("the proposed budgets cannot be read back: \(mistakes)")
        }
        let bytes = Array(text.utf8)
        // A stored calibration may lie where nothing can be written.
        if (try? Files.read(path, limit: 1 << 20)) != bytes { try Files.write(bytes, to: path) }
        return CalibrationReport(calibration, of: recording, proposalPath: path)
    }

    static func json(_ report: CalibrationReport) throws(GateError) -> String {
        do {
            return try report.json()
        } catch {
            throw .calibration("\(error)")
        }
    }
}
