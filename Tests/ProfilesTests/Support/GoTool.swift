import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The real Go tool and, made by it once per test process, one profile of every kind.
enum GoTool {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static let missing = "the Go tool is needed for this test: run ci/test, which installs Go"

    /// The kinds of profile that were captured.
    static let kinds = ["heap", "allocs", "goroutine", "cpu", "block", "mutex", "threadcreate", "goroutineleak"]

    private static let go: String = getenv("PERFGATE_GO").map { String(cString: $0) } ?? "go"

    /// A folder with profiles of a program that was built and run just now.
    static let captured: Result<String, Missing> = {
        var template = Array("/tmp/perfgate-go-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return .failure(Missing(description: "no temporary folder")) }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // The process ends with the tests, and the folder with it.
        Folder.path = folder
        atexit { Folder.remove() }
        guard run("\(quoted(go)) version", in: folder) != nil else { return .failure(Missing(description: missing)) }
        let source = quoted(Repository.root + "/Tests/Fixtures/profiles-go/main.go")
        guard run("GO111MODULE=off \(quoted(go)) build -o service \(source) && ./service .", in: folder) != nil else {
            return .failure(Missing(description: "the Go program of the fixtures cannot be built or run"))
        }
        return .success(folder)
    }()

    static func profile(_ kind: String) throws -> [UInt8] {
        try file("\(kind).pb.gz")
    }

    static func file(_ name: String) throws -> [UInt8] {
        let folder = try captured.get()
        return try #require(Repository.bytes("\(folder)/\(name)"))
    }

    /// What `go tool pprof` prints about a captured profile.
    static func pprof(_ arguments: String, _ kind: String) throws -> String {
        let folder = try captured.get()
        return try #require(run("\(quoted(go)) tool pprof \(arguments) \(kind).pb.gz", in: folder))
    }

    /// What `go tool pprof` prints about a profile that a test wrote.
    static func listing(_ arguments: String, _ profile: [UInt8]) throws -> String {
        let folder = try captured.get()
        var name = Array("\(folder)/listing-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        try #require(descriptor >= 0)
        let file = try #require(fdopen(descriptor, "wb"))
        fwrite(profile, 1, profile.count, file)
        fclose(file)
        let path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return try #require(run("\(quoted(go)) tool pprof \(arguments) \(quoted(path))", in: folder))
    }

    /// What `go tool pprof -raw` prints about each of several profiles; nil for one that it refuses.
    static func rawListings(_ profiles: [[UInt8]], name: String) throws -> [String?] {
        let folder = try captured.get()
        for (index, bytes) in profiles.enumerated() {
            let file = try #require(fopen("\(folder)/\(name)-\(index)", "wb"))
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
        }
        // The go command builds the tool when it is first run, and only then is it where `-n` says it is.
        _ = try #require(run("\(quoted(go)) tool pprof -raw heap.pb.gz", in: folder))
        // The tool is run as itself: the go command in front of it would take most of the time.
        let pprof = try #require(run("\(quoted(go)) tool -n pprof", in: folder)).split(separator: "\n").joined()
        let loop =
            "for file in \(name)-*; do \(quoted(pprof)) -raw $file > $file.out && mv $file.out $file.raw; done; true"
        _ = try #require(run(loop, in: folder))
        // A tool that refuses everything would prove nothing.
        _ = try #require(run("\(quoted(pprof)) -raw heap.pb.gz", in: folder))
        return profiles.indices.map { Repository.contents("\(folder)/\(name)-\($0).raw") }
    }

    /// What a command prints, or nil when it fails or takes longer than two minutes.
    private static func run(_ command: String, in folder: String) -> String? {
        let line = "cd \(quoted(folder)) && timeout 120 sh -c \(quoted(command)) 2>> errors"
        guard let pipe = popen(line, "r") else { return nil }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            if count == 0 { break }
            output += chunk[..<count]
        }
        return pclose(pipe) == 0 ? String(decoding: output, as: UTF8.self) : nil
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private enum Folder {
        nonisolated(unsafe) static var path = ""

        static func remove() {
            system("rm -rf '\(path)'")
        }
    }
}
