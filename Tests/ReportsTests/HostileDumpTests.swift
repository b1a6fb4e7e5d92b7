import Profiles
import Reports
import Testing

/// Dumps may claim any number.
@Suite struct HostileDumpTests {
    @Test func sharesOfHugeCounts() throws {
        let text = """
            goroutine profile: total 2
            6000000000000000000 @ 0x1
            #\t0x1\tmain.a+0x1\t/a.go:1

            3000000000000000000 @ 0x2
            #\t0x2\tmain.b+0x1\t/b.go:2

            """
        let dump = try TaskDump(anyFormat: Array(text.utf8))
        let lines = dump.text(since: nil, top: 5, stacks: false).split(separator: "\n")
        #expect(lines.first == "9000000000000000000 tasks in 2 stacks")
        #expect(lines.contains { $0.contains("100 %") })
    }
}
