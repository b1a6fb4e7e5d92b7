import ArgumentParser
import Gate
import Measures
import Plans
import Recordings
import Reports
import Verdicts

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measure, judge and report.",
        discussion: """
            Starts the service afresh in every round, baseline and candidate in random order, loads it, and judges the \
            rounds against the budgets. Ends as soon as every budget is decided, which is asked after 8, 13 and 20 \
            rounds of 20. Without a baseline only absolute and leak budgets are judged.

            EXAMPLES
              perfgate run --base origin/main
              perfgate run --base-command 'build/old --port {port}' --max-time 2m
              perfgate run --base origin/main --summary "$GITHUB_STEP_SUMMARY"
            """)

    enum OnInconclusive: String, ExpressibleByArgument, CaseIterable {
        case pass, fail
    }

    @Option(help: ArgumentHelp("What to run and how to load it.", valueName: "file"), completion: .file())
    var plan = "perfgate.yml"

    @Option(help: ArgumentHelp("The budgets.", valueName: "file"), completion: .file())
    var thresholds = "thresholds.json"

    @Option(
        help: ArgumentHelp("Build the merge base of HEAD and this revision as the baseline.", valueName: "revision"))
    var base: String?

    @Option(help: ArgumentHelp("Start the baseline with this shell command.", valueName: "command"))
    var baseCommand: String?

    @Option(help: ArgumentHelp("The baseline runs already, at this address.", valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("Judge against the candidate of a stored run.", valueName: "recording"))
    var baseline: String?

    @Option(help: ArgumentHelp("Start the candidate with this command, not the plan's.", valueName: "command"))
    var command: String?

    @Option(
        name: .customLong("url"), help: ArgumentHelp("The candidate runs already, at this address.", valueName: "url"))
    var candidateURL: String?

    @Option(help: "Rounds per side at most, instead of the plan's.")
    var rounds: Int?

    @Option(
        help: ArgumentHelp(
            "Time all rounds may take together, such as 2m or 90s; builds and explanations come on top.",
            valueName: "time"), transform: TimeSpan.init)
    var maxTime: TimeSpan?

    @Flag(
        help: """
            End at the first regression, whatever else is still open: of a count or a leak from the third round on, of \
            anything else at the next look.
            """)
    var failFast = false

    @Option(help: "Seed of the order of sides and of the data; drawn and recorded when not given.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("Folder of this run (default: a new one below .perfgate).", valueName: "folder"))
    var output: String?

    @Option(help: ArgumentHelp("Append the report to this file, such as $GITHUB_STEP_SUMMARY.", valueName: "file"))
    var summary: String?

    @Option(help: "Exit with 0 (pass) or 3 (fail) when a budget could not be decided.")
    var onInconclusive = OnInconclusive.pass

    @Flag(help: "Do not run the plan's build command.")
    var noBuild = false

    @Flag(name: .shortAndLong, help: "No progress; only the result.")
    var quiet = false

    func validate() throws {
        let sources = [base, baseCommand, baseURL, baseline].compactMap { $0 }
        guard sources.count <= 1 else {
            throw ValidationError("Give one of --base, --base-command, --base-url and --baseline, not several.")
        }
        guard command == nil || candidateURL == nil else {
            throw ValidationError("Give --command or --url, not both.")
        }
        if let rounds, !(1...Plan.maximumRounds).contains(rounds) {
            throw ValidationError("--rounds takes a number from 1 to \(Plan.maximumRounds).")
        }
    }

    func run() async throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        let status: Int32
        do {
            status = try await gate(terminal)
        } catch let error as GateError {
            terminal.error(error.message)
            status = error.exitStatus
        } catch is CancellationError {
            terminal.error("interrupted before anything was measured")
            status = 1
        }
        throw ExitCode(status)
    }

    private func gate(_ terminal: Terminal) async throws -> Int32 {
        let request = try request()
        // Asked before anything is measured: a minute of measuring should not end in a mistyped path.
        if let summary { try Files.append("", to: summary) }
        let progress = ProgressView(terminal: terminal, isQuiet: quiet)
        let outcome = try await Interruption.cancelling {
            try await Gate.run(request, listener: progress.show)
        }
        progress.finish()
        let report = outcome.report
        let status = outcome.verdict.exitStatus(failOnInconclusive: onInconclusive == .fail)
        do throws(GateError) {
            try terminal.output(report.terminal(color: terminal.hasColor, width: terminal.width))
            try ReportFiles.write(report, to: outcome.folder)
            if let summary { try Files.append(report.markdown + "\n", to: summary) }
        } catch {
            // A report that nobody gets is no success; a verdict that was reached stays one.
            terminal.error(error.message)
            return status == 0 ? 1 : status
        }
        return status
    }

    private func request() throws(GateError) -> GateRequest {
        let moment = Moment.now
        var (plan, budgets) = try InputFiles.read(plan: plan, budgets: thresholds, today: moment.day)
        if let rounds { plan.rounds = rounds }
        let new = try NewRun(at: moment, output: output)
        return GateRequest(
            plan: plan, planFile: self.plan, planFolder: InputFiles.folder(of: self.plan), budgets: budgets,
            budgetsFile: thresholds, base: baseSource, candidateCommand: command, candidateURL: candidateURL,
            build: !noBuild, seed: seed ?? new.seed,
            maximumTime: maxTime?.duration, failsFast: failFast, folder: new.folder, tool: Perfgate.version,
            id: new.id, startedAt: moment.text)
    }

    private var baseSource: GateRequest.Base {
        if let base { return .reference(base) }
        if let baseCommand { return .command(baseCommand) }
        if let baseURL { return .url(baseURL) }
        if let baseline { return .recording(baseline) }
        return .none
    }
}
