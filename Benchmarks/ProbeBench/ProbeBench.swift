import Foundation
import ProbeReader

/// Reads the probe of a running service and prints what it counted as JSON.
@main
enum ProbeBench {
    /// What kept the figures from being measured, in words.
    struct Trouble: Error, CustomStringConvertible {
        var description: String
    }

    static func main() async {
        do {
            switch try Arguments(CommandLine.arguments.dropFirst()) {
            case .counters(let directory): print(try json(ProcessReading.all(in: directory)))
            case .profile(let profile): print(try profile.write())
            case .load(let load): print(try json(LoadReading(try await load.run())))
            }
        } catch let error as ProbeError {
            fail(error.message)
        } catch {
            fail("\(error)")
        }
    }

    private static func fail(_ words: String) -> Never {
        FileHandle.standardError.write(Data("probe-bench: \(words)\n".utf8))
        exit(1)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
