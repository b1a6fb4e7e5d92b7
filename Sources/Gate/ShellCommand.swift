import Captures

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a command to its end, under guard like everything perfgate starts.
struct ShellCommand: Sendable {
    var directory: String
    /// The file that receives the output.
    var output: String
    var environment = ProcessEnvironment.ofBuilds

    /// Everything it printed; throws unless it exits with 0.
    ///
    /// `heedsCancellation` is false for clearing away, which an interrupted run has to do as well.
    @discardableResult
    func run(_ command: String, heedsCancellation: Bool = true) async throws(GateError) -> String {
        do {
            let process = try ServiceProcess(
                command: command, directory: directory, environment: environment, output: output)
            let ending: ServiceProcess.Ending
            do {
                ending = try await process.waitForEnd(heedsCancellation: heedsCancellation)
            } catch {
                await process.stop(grace: .seconds(1))
                throw error
            }
            await process.stop(grace: .seconds(1))
            let printed = process.printed(last: 64 << 10)
            guard ending.isSuccess else {
                throw GateError.command(
                    command, ending: ending.text,
                    printed: PrintedText.lines(of: printed, last: 30).joined(separator: "\n"))
            }
            return printed
        } catch let error as CaptureError {
            throw .capture(error)
        } catch let error as GateError {
            throw error
        } catch {
            throw .command(command, ending: "\(error)", printed: "")
        }
    }

    /// The last line it printed, warnings come before it; throws unless it exits with 0.
    func line(_ command: String) async throws(GateError) -> String {
        String(try await run(command).split(separator: "\n").last ?? "")
    }

    /// Quoted for `/bin/sh`.
    static func quote(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

/// The environment perfgate itself was started with.
package enum ProcessEnvironment {
    /// The same without what git sets for its hooks, which would tie every git command to one work tree.
    static var ofBuilds: [String: String] {
        var result = current
        // As `git rev-parse --local-env-vars` lists them, but for the configuration.
        for name in [
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE",
            "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY",
            "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
        ] {
            result[name] = nil
        }
        return result
    }

    package static var current: [String: String] {
        var result: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let split = text.firstIndex(of: "="), split != text.startIndex {
                result[String(text[..<split])] = String(text[text.index(after: split)...])
            }
            pointer += 1
        }
        return result
    }
}
