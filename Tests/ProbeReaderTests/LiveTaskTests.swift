import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Tasks that wait: how many of each kind, where, and who made them.
@Suite(.serialized) struct LiveTaskTests {
    /// The live tasks of the waiting program, with the names of their functions.
    private struct Dump {
        let samples: [AddressProfile.Sample]
        let places: [UInt64: Symbols.Place]
        let comments: [String]

        func count(_ state: TaskState) -> Int64 {
            samples.filter { $0.labels == [.init(key: "state", text: state.rawValue)] }.map { $0.values[0] }.reduce(
                0, +)
        }

        /// The functions before and after the line between where a task waits and where it was made.
        func functions(_ sample: AddressProfile.Sample) -> (waits: [String], made: [String]) {
            let names = sample.frames.map { frame in
                switch frame {
                case .address(let address): places[address]?.function.name ?? "?"
                case .mark(let text): text
                }
            }
            let parts = names.split(separator: "created by", maxSplits: 1, omittingEmptySubsequences: false)
            return (Array(parts[0]), parts.count > 1 ? Array(parts[1]) : [])
        }

        /// How many tasks wait in one function and were made in another.
        func count(_ state: TaskState, waiting: String, made: String) -> Int64 {
            samples.filter { sample in
                let (waits, maker) = functions(sample)
                return sample.labels == [.init(key: "state", text: state.rawValue)]
                    && waits.contains { $0.contains(waiting) } && maker.contains { $0.contains(made) }
            }.map { $0.values[0] }.reduce(0, +)
        }
    }

    private func dump(_ program: String, count: Int) throws -> Dump {
        let folder = try Scratch.folder("probe")
        let run = try ProbedProgram(program, ["\(count)", folder], mode: .liveTasks, in: folder)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<4000 where !run.command.outputSoFar().contains("ready") { usleep(5000) }
        try #require(run.command.outputSoFar() == "ready\n", "\(run.command.errorSoFar())")
        let file = try run.file(of: program)
        _ = try PhasedProgram.still(file)
        let profile = try file.tasks()
        #expect(profile.sampleTypes == [Profile.SampleType(type: "tasks", unit: "count")])
        let symbols = Symbolizer { MappedFile.reader($0.path) }.symbols(for: profile)
        return Dump(samples: profile.samples, places: symbols.places, comments: profile.comments)
    }

    @Test(arguments: [("waiting-release", 3), ("waiting-release", 300), ("waiting-debug", 3), ("waiting-static", 3)])
    func everyStateIsCounted(program: String, count: Int) throws {
        let dump = try dump(program, count: count)
        let n = Int64(count)
        #expect(dump.count(.continuation) == 19 * n)
        #expect(dump.count(.sleeping) == 4 * n)
        #expect(dump.count(.timer) == 4 * n)
        #expect(dump.count(.childTask) == 4 * n)
        #expect(dump.count(.taskGroup) == 6 * n)
        #expect(dump.count(.task) == 6 * n)
        #expect(dump.count(.actor) == 7 * n)
        // The actor's occupant, and the one that prints.
        #expect(dump.count(.running) == 2)
        #expect(dump.samples.map { $0.values[0] }.reduce(0, +) == 50 * n + 2)
        #expect(dump.comments == [])

        #expect(dump.count(.continuation, waiting: "waitForever()", made: "leakContinuations") == n)
        #expect(dump.count(.continuation, waiting: "waitForeverChecked()", made: "leakCheckedContinuations") == 2 * n)
        #expect(dump.count(.sleeping, waiting: "sleepLong()", made: "startSleepers(") == 3 * n)
        #expect(dump.count(.sleeping, waiting: "sleepNanoseconds()", made: "startSleepersByNanoseconds") == n)
        #expect(dump.count(.childTask, waiting: "waitForChild()", made: "startParentsOfAsyncLets") == 4 * n)
        #expect(dump.count(.taskGroup, waiting: "waitForGroup()", made: "startGroups") == 5 * n)
        #expect(dump.count(.taskGroup, waiting: "waitForDiscardingGroup()", made: "startDiscardingGroups") == n)
        #expect(dump.count(.task, waiting: "waitForTask(", made: "startWaitersForTasks") == 6 * n)
        #expect(dump.count(.actor, waiting: "waitForActor(", made: "startActorWaiters") == 7 * n)
        #expect(dump.count(.running, waiting: "running", made: "startRunner") == 1)
        // Children were made by tasks: from where, its async callers say.
        #expect(dump.count(.continuation, waiting: "waitForever()", made: "waitForChild()") == 4 * n)
        #expect(dump.count(.continuation, waiting: "waitForever()", made: "waitForGroup()") == 5 * n)
        #expect(dump.count(.continuation, waiting: "waitForever()", made: "startWaitersForTasks") == 6 * n)
    }

    /// Equal tasks are one sample: where they wait and who made them, not which they are.
    @Test func equalTasksAreOneSample() throws {
        let few = try dump("waiting-release", count: 2)
        let many = try dump("waiting-release", count: 60)
        #expect(few.samples.count == many.samples.count)
    }

    @Test func programThatHasEnded() throws {
        let folder = try Scratch.folder("probe")
        let run = try ProbedProgram("waiting-release", ["1", folder], mode: .liveTasks, in: folder)
        for _ in 0..<4000 where !run.command.outputSoFar().contains("ready") { usleep(5000) }
        let file = try run.file(of: "waiting-release")
        run.command.send(SIGKILL)
        _ = try run.command.wait()
        #expect(throws: ProbeError.ended(pid: run.command.processID)) { try file.tasks() }
        // What was counted is still there.
        #expect(try file.counters().tasksCreated > 20)
    }

    @Test func notListedWithoutARuntimeThatIsKnown() throws {
        let run = try ProbedProgram("allocate", ["1", "1", "1"], mode: .liveTasks)
        #expect(try run.command.wait().status == 0)
        #expect(
            throws: ProbeError.unavailable(
                .liveTasks, reason: "the program had no Swift concurrency runtime when it started")
        ) {
            try run.file(of: "allocate").tasks()
        }
    }
}
