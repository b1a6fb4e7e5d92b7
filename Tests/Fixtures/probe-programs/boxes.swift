// Allocates objects in asynchronous functions.
//
//   boxes N FOLDER
//
// A task makes N boxes of 24 bytes in `makeBox`, called by `inner`, awaited by `middle`, awaited by `outer`, and drops
// them; then it prints `ready` and ends when there is a file FOLDER/go.0.
import Glibc

final class Box {
    var value: Int
    init(_ value: Int) { self.value = value }
}

nonisolated(unsafe) var sum = 0

@inline(never) func makeBox(_ value: Int) -> Box { Box(value) }

@inline(never) func look(_ box: Box) { sum += box.value }

@inline(never) func inner(_ n: Int) async {
    await Task.yield()
    for value in 0..<n { look(makeBox(value)) }
}

@inline(never) func middle(_ n: Int) async {
    await inner(n)
    sum += 1
}

@inline(never) func outer(_ n: Int) async {
    await middle(n)
    sum += 2
}

@main struct Program {
    static func main() async {
        guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[1]) else { exit(64) }
        await Task { await outer(n) }.value
        print("ready")
        fflush(nil)
        let parent = getppid()
        let path = CommandLine.arguments[2] + "/go.0"
        path.withCString { path in while access(path, F_OK) != 0, getppid() == parent { usleep(500) } }
    }
}
