import Foundation
import Hummingbird

/// A small JSON service on Hummingbird, as anybody would write one, for trying a performance gate on.
///
/// It knows nothing of any probe. Dials, read from the environment at start, make it worse in one known way each; every
/// dial has a function and a file of its own, so that a profile can be held against a known name.
@main
enum HummingbirdService {
    static func main() async {
        exit(await run().rawValue)
    }

    private static func run() async -> ExitStatus {
        let command: Command
        let dials: Dials
        do throws(UsageProblems) {
            command = try Command(Array(CommandLine.arguments.dropFirst()))
            dials = try Dials(environment: ProcessInfo.processInfo.environment)
        } catch {
            say(error.all + [Command.usage])
            return .usage
        }
        guard case .serve(let address) = command else {
            print(Command.usage)
            return .success
        }
        do {
            // Returns after SIGTERM or SIGINT, when the requests in flight are answered.
            try await Application(
                router: makeRouter(Worsening(dials: dials)),
                configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port))
            ).runService()
            return .success
        } catch {
            say(["cannot serve on \(address.host):\(address.port): \(error)"])
            return .failure
        }
    }

    private static func say(_ lines: [String]) {
        for line in lines {
            FileHandle.standardError.write(Data("hummingbird-service: \(line)\n".utf8))
        }
    }
}

/// How the process ends.
enum ExitStatus: Int32 {
    case success = 0
    case failure = 1
    case usage = 64
}

/// Everything in the arguments or in the environment that makes no sense, in words.
struct UsageProblems: Error {
    let all: [String]
}
