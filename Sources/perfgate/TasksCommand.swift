import ArgumentParser
import Gate
import Profiles
import Reports

struct TasksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "Group a goroutine dump by state and stack.",
        discussion: """
            Reads the binary goroutine profile, its text forms (debug=1, debug=2), and the stacks a Go program prints \
            on SIGQUIT or a panic, within a log as well.

            EXAMPLES
              curl -s localhost:8080/debug/pprof/goroutine | perfgate tasks -
              perfgate tasks crash.log --stacks
              perfgate tasks after.pb.gz --before before.pb.gz
            """)

    @Argument(help: ArgumentHelp("The dump, or - for standard input.", valueName: "dump"), completion: .file())
    var dump: String

    @Option(help: ArgumentHelp("Show what changed since this dump.", valueName: "dump"), completion: .file())
    var before: String?

    @Option(help: "How many stacks.")
    var top = 20

    @Flag(help: "Print whole stacks.")
    var stacks = false

    func validate() throws {
        guard (1...100_000).contains(top) else { throw ValidationError("--top takes a number from 1 to 100000.") }
    }

    func run() throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        do throws(GateError) {
            var earlier: TaskDump?
            if let before { earlier = try read(before) }
            try terminal.output(read(dump).text(since: earlier, top: top, stacks: stacks))
        } catch {
            terminal.error(error.message)
            throw ExitCode(error.exitStatus)
        }
    }

    private func read(_ path: String) throws(GateError) -> TaskDump {
        let bytes = try Files.read(
            path == "-" ? "/dev/stdin" : path, limit: ProfileLimits.standard.compressedBytes)
        do {
            return try TaskDump(anyFormat: bytes)
        } catch {
            throw .file(path: path, reason: error.message)
        }
    }
}
