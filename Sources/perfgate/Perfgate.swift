import ArgumentParser

#if canImport(Glibc)
    import Glibc
#endif

/// The command line: what is typed, what is shown, and the exit status.
@main
struct Perfgate: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "perfgate",
        abstract: "Hold a service's performance against budgets, and say what broke them.",
        discussion: """
            Runs a scripted load against a service, captures counters and profiles before and after it, compares \
            latency, allocations and tasks with the budgets in thresholds.json, explains which function or stack is \
            to blame, and writes a report.

            EXIT STATUS
              0   no budget is broken
              1   could not measure or judge: nothing was concluded
              2   regressed: a budget with severity "error" is broken
              3   inconclusive, with --on-inconclusive fail
              64  the request makes no sense: bad option, perfgate.yml or thresholds.json

            EXAMPLES
              perfgate run --base origin/main
                  gate the work tree against the merge base with main
              perfgate run --base-command 'bin/old --port {port}'
                  gate against another build
              perfgate calibrate
                  what this machine can tell apart, and budgets to match
              perfgate compare .perfgate/20261123T203712Z-1f2e3d4c
                  judge a stored run again, offline
              perfgate diff before.pb.gz after.pb.gz --sample-type alloc_objects
                  what two profiles differ in
              curl -s localhost:8080/debug/pprof/goroutine | perfgate tasks -
                  goroutines by state and stack
              perfgate load http://127.0.0.1:8080/items --rate 500/s
                  load a service that runs already
              perfgate doctor
                  what can be measured on this machine, and how noisy it is
            """,
        version: version,
        subcommands: [
            RunCommand.self, CalibrateCommand.self, CompareCommand.self, ReportCommand.self, DiffCommand.self,
            TasksCommand.self, LoadCommand.self, DoctorCommand.self,
        ]
    )

    /// Without a subcommand nothing is gated, which must not look like a gate that passed.
    func run() async throws {
        throw ValidationError("Name a subcommand; perfgate --help lists them.")
    }

    static func main() async {
        // A closed pipe is an error of the write that meets it, not a reason to die without a word.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let status as ExitCode {
            Glibc.exit(status.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
