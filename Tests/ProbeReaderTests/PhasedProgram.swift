import ProbeReader
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The program that makes tasks in phases, and what it counted in each.
enum PhasedProgram {
    struct Phase: Sendable {
        let name: String
        let created: UInt64
        let asyncLets: UInt64
        let completed: UInt64
        let destroyed: UInt64
        /// What the probe saw of it.
        let counted: ProbeCounters
    }

    /// Runs the program, `count` operations in each phase, and reads its counters after each.
    static func phases(
        _ program: String, count: Int, mode: ProbeMode = [], environment: [String: String] = [:],
        check: (ProbeFile) throws -> Void = { _ in }
    ) throws -> [Phase] {
        let folder = try Scratch.folder("probe")
        let run = try ProbedProgram(
            program, ["\(count)", folder], mode: mode, in: folder, environment: environment)
        defer { run.command.send(SIGKILL) }
        var before = ProbeCounters()
        var phases: [Phase] = []
        var number = 0
        while let line = try line(number, of: run) {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst(2).compactMap { UInt64($0) }
            try #require(words.count == 6 && numbers.count == 4 && words[0] == "\(number)", "\(line)")
            let file = try run.file(of: program)
            if number == 0 { try check(file) }
            let isCounted = try file.figures()[.tasksDestroyed] == .exact
            let now = try still(file) { counters in
                let counted = counters.minus(before)
                return number == 0 || !isCounted
                    || (counted.tasksCompleted + counted.asyncLetsCompleted >= numbers[2]
                        && counted.tasksDestroyed >= numbers[3])
            }
            if number > 0 {
                phases.append(
                    Phase(
                        name: String(words[1]), created: numbers[0], asyncLets: numbers[1], completed: numbers[2],
                        destroyed: numbers[3], counted: now.minus(before)))
            }
            before = now
            Scratch.write("", to: "\(folder)/go.\(number)")
            number += 1
        }
        return phases
    }

    /// The line of a phase; nil when the program has ended in order.
    private static func line(_ number: Int, of run: ProbedProgram) throws -> String? {
        for _ in 0..<20_000 {
            let lines = run.command.outputSoFar().split(separator: "\n", omittingEmptySubsequences: false)
            // The last is not finished.
            if lines.count > number + 1 { return String(lines[number]) }
            if kill(run.command.processID, 0) == 0, !ended(run.command.processID) {
                usleep(3000)
                continue
            }
            let result = try run.command.wait()
            let all = result.output.split(separator: "\n")
            if all.count > number { return String(all[number]) }
            try #require(result.status == 0, "\(result.error)")
            return nil
        }
        return try #require(nil as String?, "no line \(number) after a minute:\n\(run.command.outputSoFar())")
    }

    private static func ended(_ pid: Int32) -> Bool {
        guard let text = Repository.contents("/proc/\(pid)/stat") else { return false }
        return text.split(separator: ")").last?.hasPrefix(" Z") == true
    }

    /// The counters once nothing changes any more.
    ///
    /// On a busy machine a thread may not run for longer than nothing changes: what is known to come is waited for.
    static func still(
        _ file: ProbeFile, once isThere: (ProbeCounters) -> Bool = { _ in true }
    ) throws -> ProbeCounters {
        for _ in 0..<2000 where !isThere(try file.counters()) { usleep(3000) }
        var last = try file.counters()
        var same = 0
        for _ in 0..<3000 where same < 10 {
            usleep(3000)
            let next = try file.counters()
            same = next == last ? same + 1 : 0
            last = next
        }
        try #require(same == 10, "the program does not come to rest")
        return last
    }
}
