import ArgumentParser
import Captures
import Gate
import Reports

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what can be measured on this machine, and how noisy it is.",
        discussion: """
            Looks at what perfgate needs, works and sleeps for about two seconds to see how steady the machine is, and \
            says what to change. Run it where the gate runs: in the same container, on the same runner.

            The exit status is 0 when perfgate can measure here, however noisily, and 1 when it cannot.

            EXAMPLES
              perfgate doctor
              perfgate doctor --format json | jq .resolution
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case terminal, json
    }

    @Option(help: "How it is printed.")
    var format = Format.terminal

    func run() throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        let report = DoctorReport(tool: Perfgate.version, survey: MachineSurveyor.survey())
        do throws(GateError) {
            switch format {
            case .terminal: try terminal.output(report.terminal(color: terminal.hasColor, width: terminal.width))
            case .json: try terminal.output(json(report))
            }
        } catch {
            terminal.error(error.message)
            throw ExitCode(error.exitStatus)
        }
        guard report.canMeasure else { throw ExitCode(1) }
    }

    private func json(_ report: DoctorReport) throws(GateError) -> String {
        do {
            return try report.json()
        } catch {
            throw .file(path: "standard output", reason: "\(error)")
        }
    }
}
