#if canImport(Glibc)
    import Glibc
#endif

/// A program run by a test, with everything it printed.
package struct Command: Sendable {
    package struct Result: Sendable {
        /// Exit status, or 128 + signal.
        package let status: Int32
        package let output: String
        package let error: String

        /// The output with every break of a line as one space, for sentences that a table's width may wrap.
        package var sentences: String { output.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    private let pid: pid_t
    private let outputFile: String
    private let errorFile: String

    /// Starts the program at `path`; `environment` is added to that of the test.
    package init(
        _ path: String, _ arguments: [String], in directory: String, environment: [String: String] = [:]
    ) throws {
        let folder = try Scratch.folder("command")
        outputFile = folder + "/output"
        errorFile = folder + "/error"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var variables: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            pointer += 1
        }
        variables.merge(environment) { $1 }
        // `env -C` changes the folder and then becomes the program; the C library's own way is not importable.
        let words = ["/usr/bin/env", "-C", directory, path] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for entry in argv + envp { free(entry) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, words[0], &actions, nil, &argv, &envp)
        guard failure == 0 else { throw Failed(description: "\(path): \(String(cString: strerror(failure)))") }
        self.pid = pid
    }

    package var processID: Int32 { pid }

    package func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for the end; a program that takes longer than `seconds` is killed, and that is an error.
    package func wait(seconds: Int = 180) throws -> Result {
        var status: Int32 = 0
        var waited = 0
        while true {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid { break }
            guard ended == 0 || errno == EINTR else { throw Failed(description: "the program is gone") }
            guard waited < seconds * 100 else {
                kill(pid, SIGKILL)
                waitpid(pid, &status, 0)
                throw Failed(description: "no end after \(seconds) s; it printed:\n\(texts().joined(separator: "\n"))")
            }
            usleep(10_000)
            waited += 1
        }
        let signal = status & 0x7f
        let texts = texts()
        return Result(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: texts[0], error: texts[1])
    }

    /// What it printed so far.
    package func outputSoFar() -> String { texts()[0] }

    /// What it printed on the error stream so far.
    package func errorSoFar() -> String { texts()[1] }

    private func texts() -> [String] {
        [outputFile, errorFile].map { Repository.contents($0) ?? "" }
    }
}

/// Folders that tests may fill.
package enum Scratch {
    /// A new folder below the build folder, kept for whoever wants to look at it after a failure.
    package static func folder(_ name: String) throws -> String {
        let parent = Repository.root + "/.build/scratch"
        mkdir(Repository.root + "/.build", 0o755)
        mkdir(parent, 0o755)
        var template = Array((parent + "/" + name + ".XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Command.Failed(description: "no scratch folder: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package static func write(_ text: String, to path: String) {
        Repository.write(text, to: path)
    }
}
