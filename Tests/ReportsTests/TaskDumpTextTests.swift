import Profiles
import Reports
import Testing

/// What `perfgate tasks` prints.
@Suite struct TaskDumpTextTests {
    /// Without debug information a function has the name of its program for a file, and no line.
    @Test func lineThatIsNotKnownIsLeftOut() {
        let frames = [
            Frame(function: "leakTask()", file: "/src/leakTask.swift", line: 0),
            Frame(function: "handle(_:)", file: "DemoService", line: 0),
            Frame(function: "serve()", file: "/src/Server.swift", line: 7), Frame(function: "main", file: "", line: 0),
        ]
        let group = TaskGroup(
            count: 3, state: .running, frames: frames, createdBy: Frame(function: "start", file: "DemoService", line: 0)
        )
        let text = TaskDump(groups: [group]).text(since: nil, top: 5, stacks: true)
        #expect(!text.contains(":0"))
        #expect(
            text.hasSuffix(
                """

                3 × running
                    leakTask()
                        /src/leakTask.swift
                    handle(_:)
                        DemoService
                    serve()
                        /src/Server.swift:7
                    main
                    created by start
                        DemoService

                """), "\(text)")
    }
}
