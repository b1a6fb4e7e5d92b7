import Captures
import Recordings
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ServiceProcessTests {
    private func start(
        _ command: String, directory: String = "/", environment: [String: String] = [:]
    ) throws
        -> ServiceProcess
    {
        let folder = try Scratch.folder("process")
        return try ServiceProcess(
            command: command, directory: directory, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 },
            output: folder + "/output")
    }

    /// Whether a process is there and not a zombie.
    private func lives(_ id: String) -> Bool {
        guard let text = Repository.contents("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") else {
            return false
        }
        return !text[end...].hasPrefix(") Z")
    }

    private func printed(_ process: ServiceProcess, untilLines count: Int) async throws -> [String] {
        for _ in 0..<500 {
            let lines = process.printed().split(separator: "\n").map(String.init)
            if lines.count >= count { return lines }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("only printed: \(process.printed())")
        return []
    }

    @Test func aCommandsStatusAndOutputAreKnown() async throws {
        let process = try start("echo out; echo err >&2; exit 7")
        #expect(try await process.waitForEnd() == .exited(7))
        await process.stop(grace: .seconds(1))
        #expect(process.printed() == "out\nerr\n")
    }

    @Test func theEnvironmentIsExactlyTheOneGiven() async throws {
        let process = try start("env | sort | grep -v -e ^PWD -e ^_= -e ^SHLVL -e ^OLDPWD", environment: ["A": "b c"])
        _ = try await process.waitForEnd()
        await process.stop(grace: .seconds(1))
        #expect(process.printed() == "A=b c\nPATH=/usr/bin:/bin\n")
    }

    @Test func aFolderThatIsNotThereIsNamed() async throws {
        let process = try start("true", directory: "/no/such/folder")
        await #expect(
            throws: CaptureError.start(
                command: "true", reason: "cannot enter the folder: No such file or directory")
        ) {
            for _ in 0..<200 {
                _ = try await process.started()
                try await Task.sleep(for: .milliseconds(10))
                _ = try await process.waitForEnd()
            }
        }
        await process.stop(grace: .seconds(1))
    }

    @Test func sigtermIsEnoughForACommandThatHeedsIt() async throws {
        let process = try start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done")
        _ = try await printed(process, untilLines: 1)
        #expect(await process.stop(grace: .seconds(10)))
        // Between the two the shell may tell that its own child was ended.
        #expect(process.printed().hasPrefix("up\n"))
        #expect(process.printed().hasSuffix("bye\n"))
    }

    @Test func aCommandThatIgnoresSigtermIsKilled() async throws {
        let process = try start("trap '' TERM; echo $$; while :; do sleep 0.02; done")
        let id = try await printed(process, untilLines: 1)[0]
        #expect(lives(id))
        #expect(await process.stop(grace: .milliseconds(200)) == false)
        #expect(!lives(id))
    }

    @Test func whatACommandLeavesBehindIsEnded() async throws {
        // One child in the group, one in a session of its own, one whose parent has gone.
        let process = try start(
            """
            sleep 300 & echo $!
            setsid sleep 301 & echo $!
            (setsid sh -c 'echo $$; exec sleep 302' &)
            wait
            """)
        let ids = try await printed(process, untilLines: 3)
        #expect(ids.count == 3)
        for id in ids { #expect(lives(id)) }
        await process.stop(grace: .milliseconds(500))
        for id in ids { #expect(!lives(id), "process \(id) survived") }
    }

    @Test func aCommandThatEndsByItselfTakesItsChildrenWithIt() async throws {
        let process = try start("sleep 300 & echo $!; exit 4")
        #expect(try await process.waitForEnd() == .exited(4))
        let id = try await printed(process, untilLines: 1)[0]
        await process.stop(grace: .seconds(1))
        #expect(!lives(id))
    }

    @Test func aSignalIsToldFromAStatus() async throws {
        let process = try start("kill -9 $$")
        #expect(try await process.waitForEnd() == .killed(signal: 9))
        await process.stop(grace: .seconds(1))
    }

    /// The numbers of its descriptors are somebody else's after the first time.
    @Test func stoppingAgainClosesNothing() async throws {
        let process = try start("true")
        await process.stop(grace: .seconds(1))
        let others = (0..<8).map { _ in open("/dev/null", O_RDONLY) }
        await process.stop(grace: .seconds(1))
        for descriptor in others {
            #expect(fcntl(descriptor, F_GETFD) >= 0)
            close(descriptor)
        }
    }

    @Test func countersComeFromAllProcessesOfAService() async throws {
        let process = try start("sleep 600 & sleep 600 & wait")
        let tree = ProcessTree(root: try await process.started())
        var counters = try tree.counters().get()
        for _ in 0..<200 where counters.processes.count < 3 {
            try await Task.sleep(for: .milliseconds(10))
            counters = try tree.counters().get()
        }
        #expect(counters.processes.count == 3)
        #expect(counters.threads == 3)
        #expect(tree.threads() == 3)
        #expect(counters.descriptors >= 9)
        #expect(counters.resident > 0)
        #expect(counters.peakResident >= counters.resident)
        await process.stop(grace: .seconds(1))
        #expect(throws: CaptureError.self) { try tree.counters().get() }
    }

    @Test func processorTimeIsCountedToTheNanosecond() async throws {
        let process = try start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; sleep 600")
        let tree = ProcessTree(root: try await process.started())
        _ = try await printed(process, untilLines: 1)
        let cpu = try tree.counters().get().cpu
        #expect(cpu > 1_000_000)
        #expect(cpu % 10_000_000 != 0, "a tick-based figure")
        await process.stop(grace: .seconds(1))
    }

    /// A service that starts a program for every request spends its time in processes that are gone at the end.
    @Test func processorTimeOfEndedChildrenIsCounted() async throws {
        let process = try start("sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo done; sleep 600")
        let tree = ProcessTree(root: try await process.started())
        _ = try await printed(process, untilLines: 1)
        #expect(try tree.counters().get().cpu > 10_000_000)
        await process.stop(grace: .seconds(1))
    }

    /// More loops than processors: some wait while others run, and what they wait is counted.
    @Test func waitingForAProcessorIsCounted() async throws {
        let loop = "(i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done; exec sleep 600) &"
        let loops = 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 1
        let process = try start(String(repeating: loop + " ", count: loops) + "wait")
        let tree = ProcessTree(root: try await process.started())
        _ = try await printed(process, untilLines: loops)
        let scheduling = try tree.scheduling().get()
        let counters = try tree.counters().get()
        let wait = try #require(scheduling.queueWait)
        #expect(wait > counters.cpu / 4, "\(wait) ns of waiting beside \(counters.cpu) ns of running")
        // The shell waits for its loops, and what loops is made to wait.
        #expect(scheduling.voluntarySwitches > 0)
        #expect(scheduling.involuntarySwitches > loops)
        #expect(try #require(counters.minorFaults) > 100)
        await process.stop(grace: .seconds(1))
    }

    @Test func aGuardThatIsKilledTakesItsCommandWithIt() async throws {
        let process = try start("echo $$; exec sleep 600")
        let id = try await printed(process, untilLines: 1)[0]
        _ = try await process.started()
        let stat = try #require(Repository.contents("/proc/\(id)/stat"))
        let parent = try #require(Int32(stat.split(separator: ")").last?.split(separator: " ")[1] ?? ""))
        kill(parent, SIGKILL)
        #expect(try await process.waitForEnd() == .killed(signal: SIGKILL))
        await process.stop(grace: .seconds(1))
        for _ in 0..<200 where lives(id) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!lives(id))
    }
}
