import ProbeReader
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A Swift runtime the probe does not know: what needs its inside is off and says so, and the rest is still right.
@Suite(.serialized) struct UnknownRuntimeTests {
    /// Where the tests' own runtime comes from.
    private func runtime() throws -> String {
        let maps = try #require(Repository.contents("/proc/self/maps")).split(separator: "\n")
        let line = try #require(maps.first { $0.hasSuffix("/libswift_Concurrency.so") })
        let path = try #require(line.split(separator: " ").last)
        return "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// A folder with a copy of the runtime in which one datum has another value.
    private func changed(_ symbol: String, to value: UInt8) throws -> String {
        let source = try runtime() + "/libswift_Concurrency.so"
        let symbols = try Command("/usr/bin/readelf", ["-W", "--syms", source], in: "/").wait().output
        let entry = try #require(symbols.split(separator: "\n").first { $0.hasSuffix(" " + symbol) })
        let address = try #require(Int(entry.split(separator: " ")[1], radix: 16))
        let segments = try Command("/usr/bin/readelf", ["-W", "--segments", source], in: "/").wait().output
        // Type, offset, address in the process, and further on the size in the file.
        let place = segments.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.first == "LOAD" }
            .compactMap { words -> Int? in
                let numbers = words[1...5].compactMap { Int($0.dropFirst(2), radix: 16) }
                let isInside = (numbers[1]..<numbers[1] + numbers[3]).contains(address)
                return isInside ? address - numbers[1] + numbers[0] : nil
            }.first
        var bytes = try #require(Repository.bytes(source))
        bytes[try #require(place)] = value
        let folder = try Scratch.folder("runtime")
        let file = try #require(fopen(folder + "/libswift_Concurrency.so", "wb"))
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
        return try folder + ":" + runtime()
    }

    @Test(arguments: [
        ("_swift_concurrency_debug_internal_layout_version", 2), ("_swift_concurrency_debug_asyncTaskSize", 0xc8),
    ])
    func insideOfTasks(symbol: String, value: UInt8) throws {
        let environment = ["LD_LIBRARY_PATH": try changed(symbol, to: value)]
        let unknown = ProbeAvailability.unavailable("this version of the Swift runtime is not known to the probe")
        let phases = try PhasedProgram.phases(
            "tasks-release", count: 200, mode: .liveTasks, environment: environment
        ) { file in
            let figures = try file.figures()
            #expect(figures[.taskLayout] == unknown)
            #expect(figures[.asyncLets] == unknown)
            #expect(figures[.tasksCreated] == .exact)
            #expect(figures[.tasksDestroyed] == .exact)
            #expect(
                figures[.tasksCompleted]
                    == .unverified(
                        "async lets that complete cannot be told from other tasks in this version of the Swift runtime")
            )
            #expect(
                throws: ProbeError.unavailable(
                    .taskLayout, reason: "this version of the Swift runtime is not known to the probe")
            ) {
                try file.tasks()
            }
        }
        #expect(phases.count == 31)
        for phase in phases {
            #expect(phase.counted.tasksCreated == phase.created, "\(phase.name)")
            #expect(phase.counted.tasksDestroyed == phase.destroyed, "\(phase.name)")
            // Which of them were async lets nobody can tell.
            #expect(phase.counted.tasksCompleted == phase.completed, "\(phase.name)")
            #expect(phase.counted.asyncLetsCompleted == 0)
            #expect(phase.counted.asyncLetsAreCounted == false)
        }
    }
}
