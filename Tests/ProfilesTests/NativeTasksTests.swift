import Profiles
import Testing

/// The probe's profile of live tasks as a dump: where each waits, and who created it.
@Suite struct NativeTasksTests {
    private func dump(_ samples: [AddressProfile.Sample], _ names: [UInt64: (String, String, Int)]) throws -> TaskDump {
        let profile = AddressProfile(
            sampleTypes: [.init(type: "tasks", unit: "count")], samples: samples, modules: [])
        var symbols = Symbols()
        for (address, (name, file, line)) in names {
            symbols.places[address] = .init(
                function: .init(name: name, linkerName: name, file: file, line: line), line: line)
        }
        return try TaskDump(anyFormat: try ProfileWriter.pprof(profile, symbols: symbols))
    }

    private static let names: [UInt64: (String, String, Int)] = [
        1: ("swift_continuation_await", "/usr/lib/libswift_Concurrency.so", 0),
        2: ("Shop.leak()", "/src/leak.swift", 7),
        3: ("closure #1 in Shop.handle(_:)", "/src/handle.swift", 20),
        4: ("swift_job_run", "/usr/lib/libswift_Concurrency.so", 0),
        5: ("swift_task_create", "/usr/lib/libswift_Concurrency.so", 0),
        6: ("Shop.handle(_:)", "/src/handle.swift", 19),
    ]

    private func sample(_ frames: [UInt64], created: [UInt64], count: Int64, state: String) -> AddressProfile.Sample {
        .init(
            frames: frames.map { .address($0) } + [.mark("created by")] + created.map { .address($0) }, values: [count],
            labels: [.init(key: "state", text: state)])
    }

    @Test func groupsHaveStateSiteAndCreator() throws {
        let dump = try dump(
            [
                sample([1, 2, 3, 4], created: [5, 6], count: 500, state: "suspended on a continuation"),
                sample([3, 4], created: [5, 6], count: 2, state: "enqueued"),
            ], Self.names)
        #expect(dump.total == 502)
        #expect(
            dump.groups == [
                TaskGroup(
                    count: 500, state: .continuation,
                    frames: [
                        Frame(function: "Shop.leak()", file: "/src/leak.swift", line: 7),
                        Frame(function: "closure #1 in Shop.handle(_:)", file: "/src/handle.swift", line: 20),
                    ], createdBy: Frame(function: "Shop.handle(_:)", file: "/src/handle.swift", line: 19)),
                TaskGroup(
                    count: 2, state: .enqueued,
                    frames: [Frame(function: "closure #1 in Shop.handle(_:)", file: "/src/handle.swift", line: 20)],
                    createdBy: Frame(function: "Shop.handle(_:)", file: "/src/handle.swift", line: 19)),
            ])
        #expect(dump.groups[0].state.label == "suspended on a continuation")
    }

    /// A stack that is all runtime is kept; a task without a state or a creator is one all the same.
    @Test func whatIsNotKnownIsLeftOut() throws {
        let dump = try dump([.init(frames: [.address(1), .address(4)], values: [3])], Self.names)
        #expect(dump.groups.map(\.count) == [3])
        #expect(dump.groups[0].state == .suspended)
        #expect(dump.groups[0].frames.map(\.function) == ["swift_continuation_await", "swift_job_run"])
        #expect(dump.groups[0].createdBy == nil)
    }
}
