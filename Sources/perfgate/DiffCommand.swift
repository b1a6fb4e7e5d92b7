import ArgumentParser
import Gate
import Profiles
import Reports

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two pprof profiles function by function.",
        discussion: """
            Reads profiles of any kind, gzipped or not. flat is the cost of a function's own code, cum that of \
            everything it called as well.

            EXAMPLES
              perfgate diff before.pb.gz after.pb.gz
              perfgate diff before.pb.gz after.pb.gz --sample-type alloc_objects --sort cumulative
            """)

    @Argument(help: ArgumentHelp("The profile before.", valueName: "before"), completion: .file())
    var before: String

    @Argument(help: ArgumentHelp("The profile after.", valueName: "after"), completion: .file())
    var after: String

    @Option(help: ArgumentHelp("Which values, such as inuse_space (default: the profile's own).", valueName: "name"))
    var sampleType: String?

    @Option(help: "How many functions.")
    var top = 20

    @Option(help: "By which change: flat or cumulative.")
    var sort = ProfileDifference.Order.flat

    func validate() throws {
        guard (1...100_000).contains(top) else { throw ValidationError("--top takes a number from 1 to 100000.") }
    }

    func run() throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        do throws(GateError) {
            let before = try profile(before)
            let after = try profile(after)
            try terminal.output(difference(before, after).text(top: top, by: sort))
        } catch {
            terminal.error(error.message)
            throw ExitCode(error.exitStatus)
        }
    }

    private func difference(_ before: Profile, _ after: Profile) throws(GateError) -> ProfileDifference {
        do {
            return try ProfileDifference(from: before, to: after, sampleType: sampleType)
        } catch {
            throw .file(path: self.after, reason: error.message)
        }
    }

    private func profile(_ path: String) throws(GateError) -> Profile {
        let bytes = try Files.read(path, limit: ProfileLimits.standard.compressedBytes)
        do {
            return try Profile(pprof: bytes)
        } catch {
            throw .file(path: path, reason: error.message)
        }
    }
}

extension ProfileDifference.Order: ExpressibleByArgument {}
