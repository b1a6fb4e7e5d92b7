import Profiles
import Testing

@Suite struct TaskDumpTests {
    static let headers: [(String, TaskGroup)] = [
        ("goroutine 7 [chan send]:", TaskGroup(count: 1, state: .chanSend, frames: [])),
        ("goroutine 7 [chan send, 3 minutes]:", TaskGroup(count: 1, state: .chanSend, frames: [], waitMinutes: 3...3)),
        (
            "goroutine 7 [syscall, 12 minutes, locked to thread]:",
            TaskGroup(count: 1, state: .syscall, frames: [], waitMinutes: 12...12)
        ),
        ("goroutine 7 [chan receive (nil chan)]:", TaskGroup(count: 1, state: .chanReceiveNil, frames: [])),
        (
            "goroutine 7 [select (no cases) (leaked)]:",
            TaskGroup(count: 1, state: .selectNoCases, frames: [], leaked: true)
        ),
        (
            "goroutine 7 [chan receive (durable), synctest bubble 2]:",
            TaskGroup(count: 1, state: .chanReceive, frames: [])
        ),
        ("goroutine 7 [running (scan)]:", TaskGroup(count: 1, state: .running, frames: [])),
        ("goroutine 7 gp=0xc000002380 m=nil [IO wait]:", TaskGroup(count: 1, state: .ioWait, frames: [])),
        ("goroutine 7 gp=0xc000002380 m=2 mp=0xc00008 [runnable]:", TaskGroup(count: 1, state: .runnable, frames: [])),
        ("goroutine 7 [running labels:{\"path\": \"a]}\\\"b\"}]:", TaskGroup(count: 1, state: .running, frames: [])),
        ("goroutine 7 [running] {pattern: \"GET /panic\"}:", TaskGroup(count: 1, state: .running, frames: [])),
        (
            "goroutine 7 [select, 2 minutes] {a: b, c: d}:",
            TaskGroup(count: 1, state: .select, frames: [], waitMinutes: 2...2)
        ),
        ("goroutine 7 [a new word]:", TaskGroup(count: 1, state: .other("a new word"), frames: [])),
        ("goroutine 7 [GC worker (idle)]:\r", TaskGroup(count: 1, state: .other("GC worker (idle)"), frames: [])),
    ]

    @Test(arguments: headers)
    func headersOfEveryVersion(header: String, group: TaskGroup) throws {
        let dump = try TaskDump(text: header + "\n")
        #expect(dump.groups == [group])
        #expect(dump.unparsed == 0)
    }

    @Test(arguments: [
        "goroutine 7 in some other form:", "goroutine 7 [running:", "goroutine 7 []:", "goroutine 7 word [running]:",
        "goroutine 7 [running]trailing:",
    ])
    func unreadableHeadersAreCounted(header: String) throws {
        let dump = try TaskDump(text: "goroutine 1 [running]:\n\n\(header)\nmain.f()\n\t/x.go:1 +0x1\n")
        #expect(dump.total == 1)
        #expect(dump.unparsed == 1)
    }

    @Test func framesCreatorsAndMinutesAreGrouped() throws {
        let dump = try TaskDump(
            text: """
                goroutine 5 [chan send, 2 minutes]:
                main.(*Log).write(0xc0001, {0x1, 0x2})
                \t/src/log.go:40 +0x25
                main.generic[...](...)
                \t/src/my dir/main.go:12
                ...additional frames elided...
                created by main.serve in goroutine 1
                \t/src/main.go:20 +0x3d

                goroutine 6 [chan send, 9 minutes]:
                main.(*Log).write(0xc0002, {0x1, 0x2})
                \t/src/log.go:40 +0x25
                main.generic[...](...)
                \t/src/my dir/main.go:12
                created by main.serve in goroutine 1
                \t/src/main.go:20 +0x3d
                [originating from goroutine 1]:
                main.serve(...)
                \t/src/main.go:99 +0x1

                goroutine 8 [chan send]:
                main.(*Log).write(0xc0002, {0x1, 0x2})
                \t/src/log.go:40 +0x25
                main.generic[...](...)
                \t/src/my dir/main.go:12
                created by main.serve
                \t/src/main.go:20 +0x3d

                goroutine 9 [running]:
                \tgoroutine running on other thread; stack unavailable
                created by main.main.func1 in goroutine 1
                \t/src/main.go:30 +0x1
                """
        )
        #expect(
            dump.groups == [
                TaskGroup(
                    count: 3,
                    state: .chanSend,
                    frames: [
                        Frame(function: "main.(*Log).write", file: "/src/log.go", line: 40),
                        Frame(function: "main.generic[...]", file: "/src/my dir/main.go", line: 12),
                    ],
                    createdBy: Frame(function: "main.serve", file: "/src/main.go", line: 20),
                    waitMinutes: 0...9
                ),
                TaskGroup(
                    count: 1,
                    state: .running,
                    frames: [],
                    createdBy: Frame(function: "main.main.func1", file: "/src/main.go", line: 30)
                ),
            ]
        )
        #expect(dump.total == 4 && dump.unparsed == 0 && !dump.truncated)
    }

    @Test(arguments: ["", "service-1  | ", "2026-11-23T10:00:00.123Z ", "Nov 23 10:00:00 host app[12]: "])
    func logsMayPrefixEveryLine(prefix: String) throws {
        let text = """
            listening on :8080
            panic: boom

            goroutine 1 gp=0xc1 m=0 mp=0x5 [running]:
            panic({0x1, 0x2})
            \t/go/src/runtime/panic.go:770 +0x132
            main.handle(0xc000)
            \t/src/main.go:12 +0x1b fp=0xc0 sp=0xc0 pc=0x47

            goroutine 2 [chan receive]:
            runtime.gopark(0x0)
            \t/go/src/runtime/proc.go:1 +0x1
            main.wait()
            \t/src/main.go:30 +0x1b
            runtime.goexit({})
            \t/go/src/runtime/asm.s:1 +0x1

            rax    0x0
            exit status 2
            """
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 }
        let dump = try TaskDump(text: lines.joined(separator: "\n"))
        #expect(
            dump.groups == [
                TaskGroup(
                    count: 1,
                    state: .chanReceive,
                    frames: [Frame(function: "main.wait", file: "/src/main.go", line: 30)]
                ),
                TaskGroup(
                    count: 1,
                    state: .running,
                    frames: [
                        Frame(function: "panic", file: "/go/src/runtime/panic.go", line: 770),
                        Frame(function: "main.handle", file: "/src/main.go", line: 12),
                    ]
                ),
            ]
        )
        #expect(dump.unparsed == 0)
    }

    @Test func theThreadsOwnStackIsNoTask() throws {
        let dump = try TaskDump(text: "goroutine 0 [idle]:\nruntime.f()\n\t/r.go:1 +0x1\n\ngoroutine 3 [sleep]:\n")
        #expect(dump.total == 1)
    }

    @Test func aDumpCutInsideAFrameIsTruncated() throws {
        let whole = "goroutine 3 [sleep]:\nmain.f()\n\t/r.go:1 +0x1\n"
        #expect(try !TaskDump(text: whole).truncated)
        #expect(try TaskDump(text: whole + "main.g()").truncated)
    }

    @Test func countsAsText() throws {
        let dump = try TaskDump(
            text: """
                goroutine profile: total 9
                7 @ 0x43e5 0x4406
                # labels: {"path":"/orders", "a":"# 0x1"}
                #\t0x43e4\tmain.(*Log).write+0x3d\t\t\t/src/my dir/log.go:40
                #\t0x4405\tmain.serve+0x1\t/src/main.go:2

                2 @ 0x1 0x2
                #\t0x1\ttime.Sleep+0x1\t/go/src/runtime/time.go:1
                #\t0x2

                """
        )
        #expect(
            dump.groups == [
                TaskGroup(
                    count: 7,
                    state: .unknown,
                    frames: [
                        Frame(function: "main.(*Log).write", file: "/src/my dir/log.go", line: 40),
                        Frame(function: "main.serve", file: "/src/main.go", line: 2),
                    ]
                ),
                TaskGroup(count: 2, state: .sleep, frames: [Frame(function: "0x2", file: "", line: 0)]),
            ]
        )
        #expect(dump.unparsed == 0 && !dump.truncated)
    }

    @Test func countsThatAreCutOrNonsense() throws {
        let cut = try TaskDump(text: "goroutineleak profile: total 9\n7 @ 0x1\n#\t0x1\tmain.f+0x1\t/x.go:1\n")
        #expect(cut.truncated && cut.total == 7 && cut.groups.allSatisfy(\.leaked))
        let nonsense = try TaskDump(text: "goroutine profile: total 9\nseven @ 0x1\n\n99999999999999999999 @ 0x1\n")
        #expect(nonsense.unparsed == 2 && nonsense.total == 0)
        let huge = try TaskDump(
            text: "goroutine profile: total 1\n9223372036854775807 @ 0x1\n\n9223372036854775807 @ 0x2\n"
        )
        #expect(huge.total == .max)
    }

    @Test func whatHoldsNoTaskIsAnError() {
        #expect(throws: ProfileError.notATaskDump) { try TaskDump(text: "hello\n\ngoroutines are fun\n") }
        #expect(throws: ProfileError.empty) { try TaskDump(anyFormat: []) }
        #expect(throws: ProfileError.notATaskDump) { try TaskDump(anyFormat: Array("hello".utf8)) }
        #expect(throws: ProfileError.truncated(field: "field 1", offset: 3)) {
            try TaskDump(anyFormat: [0x0a, 0x05, 0x00])
        }
        #expect(
            ProfileError.notATaskDump.message
                == "the text holds no goroutine: neither a goroutine profile nor a stack dump"
        )
    }

    @Test func anyFormatFindsTheForm() throws {
        let binary = SmallProfile(counts: [(["main.f x.go:1"], 4)]).bytes
        #expect(try TaskDump(anyFormat: binary).total == 4)
        #expect(try TaskDump(anyFormat: GzipWriter.compress(binary)).total == 4)
        let text = Array("goroutine 3 [sleep]:\n".utf8)
        #expect(try TaskDump(anyFormat: text).total == 1)
        #expect(try TaskDump(anyFormat: GzipWriter.compress(text)).total == 1)
    }

    @Test func growthNamesWhatChanged() throws {
        func dump(_ counts: [(stack: [String], value: Int64)]) throws -> TaskDump {
            try TaskDump(profile: SmallProfile(counts: counts).decoded())
        }
        let park = "runtime.gopark r.go:1"
        let send = [park, "runtime.chansend r.go:2", "main.log l.go:9"]
        let before = try dump([(send + ["main.a a.go:1"], 2), ([park, "time.Sleep r.go:3", "main.z z.go:1"], 3)])
        let after = try dump([
            (send + ["main.a a.go:1"], 5), (send + ["main.b b.go:1"], 4),
            ([park, "time.Sleep r.go:3", "main.y y.go:1"], 3),
        ])
        let growth = TaskDump.growth(before: before, after: after)
        #expect(growth.map { [$0.before, $0.after, $0.change] } == [[0, 4, 4], [2, 5, 3], [0, 3, 3], [3, 0, -3]])
        #expect(growth.map { $0.group.frames.last?.function } == ["main.b", "main.a", "main.y", "main.z"])
        #expect(TaskDump.growth(before: after, after: after).isEmpty)
    }
}
