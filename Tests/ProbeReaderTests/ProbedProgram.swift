import ProbeReader
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A program of the fixtures that runs, or has run, under the probe.
struct ProbedProgram {
    let folder: String
    let command: Command

    /// Starts a program; what is in `environment` goes to it alone.
    init(
        _ program: String, _ arguments: [String], mode: ProbeMode = [], in folder: String? = nil,
        environment: [String: String] = [:]
    ) throws {
        self.folder = try folder ?? Scratch.folder("probe")
        var variables = [
            "LD_PRELOAD": ProbePrograms.library, "PERFGATE_PROBE_DIR": self.folder,
            "PERFGATE_PROBE_MODE": mode.environmentValue,
        ]
        variables.merge(environment) { $1 }
        command = try Command(ProbePrograms.path(program), arguments, in: self.folder, environment: variables)
    }

    /// The files of every process whose program has this name.
    func files(of program: String) throws -> [ProbeFile] {
        try ProbeFile.all(in: folder).compactMap { try? $0.get() }
            .filter { $0.process.executable.hasSuffix("/" + program) }
    }

    /// The one file of the process whose program has this name, once it is there.
    func file(of program: String, seconds: Int = 10) throws -> ProbeFile {
        for _ in 0..<seconds * 200 {
            let files = try files(of: program)
            if files.count > 1 { break }
            if let file = files.first { return file }
            usleep(5000)
        }
        let found = try ProbeFile.all(in: folder).map { "\($0)" }.joined(separator: "\n")
        return try #require(nil as ProbeFile?, "\(found)\n\(command.errorSoFar())")
    }

    /// Runs a program to its end and gives what it counted.
    static func counters(
        _ program: String, _ arguments: [String], mode: ProbeMode = [], environment: [String: String] = [:]
    ) throws -> ProbeCounters {
        let run = try ProbedProgram(program, arguments, mode: mode, environment: environment)
        let result = try run.command.wait()
        try #require(result.status == 0, "\(result.error)")
        let name = try #require(program.split(separator: "/").last)
        return try run.file(of: String(name)).counters()
    }
}
