import ArgumentParser
import Gate
import Reports
import Verdicts

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Judge stored runs again.",
        discussion: """
            With one run, judges its own sides again: the same verdict, bit for bit. With two, the candidate of the \
            second against the candidate of the first; PATH@baseline and PATH@candidate name a side.

            EXAMPLES
              perfgate compare .perfgate/20261123T203712Z-1f2e3d4c
              perfgate compare nightly/run today/run --thresholds thresholds.json
              perfgate compare run@baseline run@candidate
            """)

    @Argument(help: ArgumentHelp("A run's folder or recording: the baseline, or both sides.", valueName: "baseline"))
    var first: String

    @Argument(help: ArgumentHelp("A run's folder or recording: the candidate.", valueName: "candidate"))
    var second: String?

    @Option(help: ArgumentHelp("Budgets, instead of the recorded ones.", valueName: "file"), completion: .file())
    var thresholds: String?

    @Option(help: "Exit with 0 (pass) or 3 (fail) when a budget could not be decided.")
    var onInconclusive = RunCommand.OnInconclusive.pass

    func run() async throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        let status: Int32
        do throws(GateError) {
            let outcome = try StoredRuns.judge(first, second, thresholds: thresholds)
            try terminal.output(outcome.report.terminal(color: terminal.hasColor, width: terminal.width))
            status = outcome.verdict.exitStatus(failOnInconclusive: onInconclusive == .fail)
        } catch {
            terminal.error(error.message)
            status = error.exitStatus
        }
        throw ExitCode(status)
    }
}
