import ArgumentParser
import Gate
import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Render a stored run again.",
        discussion: """
            EXAMPLES
              perfgate report .perfgate/20261123T203712Z-1f2e3d4c
              perfgate report run --format junit > junit.xml
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case markdown, json, junit, terminal
    }

    @Argument(help: ArgumentHelp("A run's folder or its recording.json.", valueName: "recording"))
    var recording: String

    @Option(help: "How it is rendered.")
    var format = Format.markdown

    func run() async throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        do throws(GateError) {
            let report = try StoredRuns.judge(recording, nil, thresholds: nil).report
            switch format {
            case .markdown: try terminal.output(report.markdown + "\n")
            case .json: try terminal.output(ReportFiles.json(report))
            case .junit: try terminal.output(report.junit)
            case .terminal: try terminal.output(report.terminal(color: terminal.hasColor, width: terminal.width))
            }
        } catch {
            terminal.error(error.message)
            throw ExitCode(error.exitStatus)
        }
    }
}
