import Measures
import ProbeLayout
import ProbeReader
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Files that say anything at all: every one is read or refused, and none takes the reader down.
@Suite(.serialized) struct DamagedFileTests {
    /// A place in the file worth writing nonsense to, and the nonsense.
    private func mutation(_ random: inout SeededGenerator) -> (offset: Int, value: UInt64) {
        let regions = [
            (0, 320), (0, 320), (PL_SLOTS_AT, 1024), (PL_STACKS_AT, PL_STACKS_SIZE), (PL_FRAMES_AT, 65_536),
            (PL_TASKS_AT, PL_TASKS_SIZE), (PL_BLOCKS_AT, 65_536),
        ]
        let region = regions[random.below(regions.count)]
        let extremes: [UInt64] = [0, 1, 2, 3, 0x7fff_ffff_ffff_ffff, .max, 0xffff_ffff, 1 << 63, 1 << 47, 1 << 40]
        let value = random.below(2) == 0 ? extremes[random.below(extremes.count)] : random.next()
        return (region.0 + random.below(region.1 / 8) * 8, value)
    }

    private func words(_ path: String, at offset: Int) throws -> UInt64 {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var value: UInt64 = 0
        try #require(pread(file, &value, 8, off_t(offset)) == 8)
        return value
    }

    private func write(_ path: String, _ value: UInt64, at offset: Int) throws {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        var value = value
        try #require(pwrite(file, &value, 8, off_t(offset)) == 8)
    }

    /// Asks a file everything there is to ask.
    private func readAll(_ path: String, stacks: Bool) {
        guard let file = try? ProbeFile(path: path) else { return }
        _ = try? file.figures()
        _ = try? file.mode()
        if let counters = try? file.counters() {
            _ = (counters.taskCheck, counters.unfinished, counters.minus(counters))
        }
        guard stacks else { return }
        for profile in [
            try? file.allocations(modules: []), try? file.taskCreations(modules: []), try? file.cpu(modules: []),
            try? file.tasks(),
        ] {
            guard let profile else { continue }
            for sample in profile.samples {
                #expect(sample.values.count == profile.sampleTypes.count)
                #expect(sample.frames.count <= 2 * 192 + 2)
            }
        }
    }

    /// A file of a process that has ended, copied, with several words of nonsense at a time.
    @Test func nonsenseAnywhere() throws {
        let run = try ProbedProgram("processes", ["hold"], mode: [.exactStacks, .liveBlocks])
        for _ in 0..<2000 where run.command.outputSoFar() != "ready\n" { usleep(5000) }
        let original = try run.file(of: "processes").path
        run.command.send(SIGKILL)
        _ = try run.command.wait()
        var random = SeededGenerator(seed: 20_261_126)
        for round in 0..<1500 {
            var before: [(Int, UInt64)] = []
            for _ in 0...random.below(4) {
                let (offset, value) = mutation(&random)
                before.append((offset, try words(original, at: offset)))
                try write(original, value, at: offset)
            }
            readAll(original, stacks: round % 15 == 0)
            for (offset, value) in before.reversed() { try write(original, value, at: offset) }
        }
        // As it was, it is what it was.
        #expect(try ProbeFile(path: original).counters().frees == 1000)
    }

    /// The same of a process that is there, held still: what is said of its memory leads anywhere.
    @Test func nonsenseAboutALiveProcess() throws {
        let folder = try Scratch.folder("probe")
        let run = try ProbedProgram("waiting-release", ["2", folder], mode: .liveTasks, in: folder)
        defer {
            run.command.send(SIGKILL)
            _ = try? run.command.wait()
        }
        for _ in 0..<4000 where !run.command.outputSoFar().contains("ready") { usleep(5000) }
        let file = try run.file(of: "waiting-release")
        run.command.send(SIGSTOP)
        usleep(20_000)
        let whole = try file.tasks().samples.map { $0.values[0] }.reduce(0, +)
        #expect(whole == 102)
        var random = SeededGenerator(seed: 7)
        let used = try (0..<PL_TASKS).map { PL_TASKS_AT + $0 * 16 }.filter { try words(file.path, at: $0) > 2 }
        #expect(used.count == 102)
        for _ in 0..<60 {
            var before: [(Int, UInt64)] = []
            for _ in 0...random.below(8) {
                let isEntry = random.below(3) > 0
                let offset = isEntry ? used[random.below(used.count)] + 8 * random.below(2) : random.below(40) * 8
                before.append((offset, try words(file.path, at: offset)))
                // Near what is there, so that it leads to something readable that is no task.
                try write(file.path, before[before.count - 1].1 &+ UInt64(random.below(512)) &- 256, at: offset)
            }
            readAll(file.path, stacks: true)
            for (offset, value) in before.reversed() { try write(file.path, value, at: offset) }
        }
        #expect(try file.tasks().samples.map { $0.values[0] }.reduce(0, +) == 102)
    }

    /// Files that are cut short, also while they are being read from.
    @Test func cutShort() throws {
        let run = try ProbedProgram("processes", ["sum", "10"], mode: .exactStacks)
        _ = try run.command.wait()
        let file = try run.file(of: "processes")
        for size in [off_t(PL_FILE_SIZE) - 4096, 2_000_000, 270_336, 8192, 4096, 100, 0] as [off_t] {
            truncate(file.path, size)
            #expect(throws: ProbeError.self) { try ProbeFile(path: file.path) }
            // As long as what is needed is there it is read.
            if size < PL_FRAMES_AT { #expect(throws: ProbeError.self) { try file.allocations(modules: []) } }
            if size < 4096 + 256 { #expect(throws: ProbeError.self) { try file.counters() } }
        }
    }

    @Test func anotherVersion() throws {
        let run = try ProbedProgram("processes", ["sum", "10"])
        _ = try run.command.wait()
        let path = try run.file(of: "processes").path
        let word = try words(path, at: 8)
        try write(path, word & ~0xffff_ffff | 77, at: 8)
        #expect(throws: ProbeError.version(path: path, version: 77)) { try ProbeFile(path: path) }
        try write(path, word &+ (1 << 32), at: 8)
        #expect(throws: ProbeError.otherProcess(path: path, pid: UInt32(word >> 32) + 1)) { try ProbeFile(path: path) }
        try write(path, word, at: 8)
        try write(path, 0, at: 0)
        #expect(throws: ProbeError.notAProbeFile(path: path)) { try ProbeFile(path: path) }
        #expect(
            ProbeError.notAProbeFile(path: "x").message
                == "x: the probe did not finish starting, or this is not a file of it")
    }
}
