import NIOCore
import NIOHTTP1
import NIOPosix
import PerfgateProbe

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A service with the probe linked in, which serves its own profiles twice: with the server that comes with it, and
/// beside its own routes.
@main
enum LinkedService {
    private static let usage =
        "usage: linked-service --port PORT [--profiles PORT] [--profiles-host HOST] [--record-allocations]"

    static func main() async throws {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            say(usage)
            throw Usage()
        }
        let recording: ProbeRecording = options.recordsAllocations ? [.tasks, .allocations] : .tasks
        let probe = ProbeEndpoints(recording: recording)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            if let port = options.profiles {
                tasks.addTask {
                    try await ProbeServer.run(host: options.profilesHost, port: port, recording: recording) {
                        say("profiles on \($0)")
                    }
                }
            }
            tasks.addTask { try await Server(probe: probe).run(port: options.port, on: group) }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private struct Usage: Error {}

    private struct Options {
        var port = 0
        var profiles: Int?
        var profilesHost = "127.0.0.1"
        var recordsAllocations = false

        init?(_ arguments: [String]) {
            var rest = arguments[...]
            while let word = rest.popFirst() {
                switch word {
                case "--port":
                    guard let number = rest.popFirst().flatMap({ Int($0) }) else { return nil }
                    port = number
                case "--profiles":
                    guard let number = rest.popFirst().flatMap({ Int($0) }) else { return nil }
                    profiles = number
                case "--profiles-host":
                    guard let host = rest.popFirst() else { return nil }
                    profilesHost = host
                case "--record-allocations": recordsAllocations = true
                default: return nil
                }
            }
        }
    }
}

/// Says it at once: a test reads it while the service runs.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}
