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
            "LD_PRELOAD": try Self.library, "PERFGATE_PROBE_DIR": self.folder,
            "PERFGATE_PROBE_MODE": mode.environmentValue,
        ]
        variables.merge(environment) { $1 }
        command = try Command(Self.path(of: program), arguments, in: self.folder, environment: variables)
    }

    /// A built fixture, or an absolute path as it is.
    static func path(of program: String) -> String {
        program.hasPrefix("/") ? program : Repository.root + "/.build/fixtures/probe-programs/" + program
    }

    /// The library as it was built together with these tests.
    static var library: String {
        get throws {
            var buffer = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/exe", &buffer, buffer.count)
            let own = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let beside = own.split(separator: "/").dropLast().joined(separator: "/")
            let candidates = ["/\(beside)/libNativeProbe.so", Repository.root + "/.build/debug/libNativeProbe.so"]
            return try #require(candidates.first { access($0, R_OK) == 0 }, "swift build --product NativeProbe")
        }
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
