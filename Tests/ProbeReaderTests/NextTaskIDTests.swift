import ProbeReader
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The runtime's own count of tasks, with nothing preloaded.
@Suite(.serialized) struct NextTaskIDTests {
    /// What each phase of the program makes, one after the other.
    @Test(arguments: ["tasks-release", "tasks-debug", "tasks-static", "tasks-fully-static"])
    func countsEveryTask(program: String) throws {
        let folder = try Scratch.folder("next-id")
        let command = try Command(ProbePrograms.path(program), ["500", folder], in: folder)
        defer { command.send(SIGKILL) }
        var before: UInt64 = 0
        var counted = 0
        for number in 0..<32 {
            let line = try #require(self.line(number, of: command), "\(command.errorSoFar())")
            let words = line.split(separator: " ")
            let truth = words.dropFirst(2).compactMap { UInt64($0) }
            usleep(20_000)
            let now = try NextTaskID(pid: command.processID).count()
            if number > 0 {
                #expect(now - before == truth[0] + truth[1], "\(words[1])")
                counted += 1
            }
            before = now
            Scratch.write("", to: "\(folder)/go.\(number)")
        }
        #expect(counted == 31)
        #expect(try command.wait().status == 0)
    }

    private func line(_ number: Int, of command: Command) -> String? {
        for _ in 0..<10_000 {
            let lines = command.outputSoFar().split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count > number + 1 { return String(lines[number]) }
            usleep(3000)
        }
        return nil
    }

    @Test func programWithoutSymbols() throws {
        let folder = try Scratch.folder("next-id")
        let path = ProbePrograms.path("tasks-static-stripped")
        let command = try Command(path, ["1", folder], in: folder)
        defer {
            command.send(SIGKILL)
            _ = try? command.wait()
        }
        _ = try #require(line(0, of: command))
        #expect(
            throws: ProbeError.unavailable(
                .tasksCreated, reason: "\(path) has no symbol for the Swift runtime's count of tasks")
        ) {
            try NextTaskID(pid: command.processID)
        }
    }

    @Test func processThatHasEnded() throws {
        let command = try Command("/bin/true", [], in: "/")
        _ = try command.wait()
        #expect(throws: ProbeError.ended(pid: command.processID)) { try NextTaskID(pid: command.processID) }
    }
}
