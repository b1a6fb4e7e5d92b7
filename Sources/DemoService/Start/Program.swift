import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// A small JSON service on swift-nio for trying a performance gate on.
///
/// It is well behaved as it stands. Dials, read from the environment at start, make it worse in one known way each;
/// every dial has a function and a file of its own, so that a profile can be held against a known name.
@main
enum Program {
    static func main() async {
        exit(await run(arguments: Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    private static func run(arguments: [String]) async -> ExitStatus {
        let command: Command
        let dials: Dials
        do throws(UsageProblems) {
            command = try Command(arguments)
            dials = try Dials(environment: processEnvironment())
        } catch {
            for problem in error.all {
                Terminal.error("\(Terminal.name): \(problem.sentence)")
            }
            Terminal.error(Command.usage)
            return .usage
        }
        switch command {
        case .help:
            Terminal.output(Command.usage)
            return .success
        case .version:
            Terminal.output("\(Terminal.name) 1.0.0")
            return .success
        case .serve(let address, let threads):
            return await serve(on: address, threads: threads, dials: dials)
        }
    }

    private static func serve(on address: ListenAddress, threads: Int, dials: Dials) async -> ExitStatus {
        let stop: StopSignal
        do throws(SystemError) {
            stop = try StopSignal()
        } catch {
            Terminal.error("\(Terminal.name): \(error.sentence)")
            return .failure
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let server = Server(group: group, worsening: Worsening(dials: dials))
        do {
            try await server.run(on: address, until: stop)
            return .success
        } catch {
            Terminal.error("\(Terminal.name): \(error)")
            return .failure
        }
    }
}

/// How the process ends.
enum ExitStatus: Int32 {
    case success = 0
    case failure = 1
    case crash = 3
    case usage = 64
}
