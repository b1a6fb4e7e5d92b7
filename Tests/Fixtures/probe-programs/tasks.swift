// Makes a known number of Swift tasks, in phases of one way each, and says after each phase what it made.
//
//   tasks N FOLDER
//
// After each phase it prints `NUMBER NAME CREATED ASYNC-LETS COMPLETED DESTROYED` and waits until there is a file
// FOLDER/go.NUMBER: until then nothing happens in here.
import Glibc

struct Failure: Error {}

nonisolated(unsafe) var kept: [Task<Int, Never>] = []
nonisolated(unsafe) var waiting: [CheckedContinuation<Void, Never>] = []
nonisolated(unsafe) var resumed = 0
nonisolated(unsafe) var lost: [UnsafeContinuation<Void, Never>] = []

actor Counter {
    var value = 0
    func add() { value += 1 }
}

struct Large { var words: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0) }
struct Huge { var parts: (Large, Large, Large, Large, Large, Large, Large, Large) }
func huge() async -> Huge {
    await Task.yield()
    let large = Large()
    return Huge(parts: (large, large, large, large, large, large, large, large))
}

func number(_ value: Int) async -> Int {
    await Task.yield()
    return value
}

struct Phase {
    let name: String
    /// Tasks with memory of their own, async lets, and what of both completes and of the first is destroyed, for each.
    let truth: (created: Int, asyncLets: Int, completed: Int, destroyed: Int)
    let work: @Sendable (Int) async -> Void
}

func phase(
    _ name: String, _ created: Int, _ asyncLets: Int = 0, completed: Int? = nil, destroyed: Int? = nil,
    _ work: @escaping @Sendable (Int) async -> Void
) -> Phase {
    Phase(
        name: name, truth: (created, asyncLets, completed ?? created + asyncLets, destroyed ?? created), work: work)
}

let phases: [Phase] = [
    phase("task awaited", 1) { n in for i in 0..<n { _ = await Task { i }.value } },
    phase("task not awaited", 1) { n in for i in 0..<n { Task { await number(i) } } },
    phase("task that throws", 1) { n in
        for _ in 0..<n { _ = await Task { throw Failure() }.result }
    },
    phase("detached", 1) { n in for i in 0..<n { _ = await Task.detached { i }.value } },
    phase("immediate", 1) { n in for i in 0..<n { _ = await Task.immediate { await number(i) }.value } },
    phase("named", 1) { n in for i in 0..<n { _ = await Task(name: "n\(i)") { i }.value } },
    phase("on the main actor", 1) { n in for i in 0..<n { _ = await Task { @MainActor in i }.value } },
    phase("main actor run", 0) { n in for _ in 0..<n { await MainActor.run {} } },
    phase("async let awaited", 0, 1) { n in
        for i in 0..<n {
            async let value = number(i)
            _ = await value
        }
    },
    phase("async let not awaited", 0, 1) { n in
        for i in 0..<n {
            async let value = number(i)
        }
    },
    phase("three async lets", 0, 3) { n in
        for i in 0..<n {
            async let a = number(i)
            async let b = number(i)
            async let c = number(i)
            _ = await (a, b, c)
        }
    },
    phase("async let of 512 bytes", 0, 1) { n in
        for _ in 0..<n {
            async let value = huge()
            _ = await value
        }
    },
    phase("group", 1) { n in
        _ = await withTaskGroup(of: Int.self) { group in
            for i in 0..<n { group.addTask { i } }
            return await group.reduce(0, +)
        }
    },
    phase("throwing group", 1) { n in
        _ = try? await withThrowingTaskGroup(of: Int.self) { group in
            for i in 0..<n { group.addTask { await number(i) } }
            for try await _ in group {}
        }
    },
    phase("discarding group", 1) { n in
        await withDiscardingTaskGroup { group in for _ in 0..<n { group.addTask { await Task.yield() } } }
    },
    phase("throwing discarding group", 1) { n in
        try? await withThrowingDiscardingTaskGroup { group in for _ in 0..<n { group.addTask { await Task.yield() } } }
    },
    phase("group not consumed", 1) { n in
        await withTaskGroup(of: Int.self) { group in for i in 0..<n { group.addTask { i } } }
    },
    phase("group that is cancelled", 0) { n in
        await withTaskGroup(of: Int.self) { group in
            group.cancelAll()
            for i in 0..<n { _ = group.addTaskUnlessCancelled { i } }
        }
    },
    // The runtime makes one task for each sleep.
    phase("sleep", 2) { n in
        await withDiscardingTaskGroup { group in
            for _ in 0..<n { group.addTask { try? await Task.sleep(nanoseconds: 1_000_000) } }
        }
    },
    phase("sleep for a duration", 2) { n in
        await withDiscardingTaskGroup { group in
            for _ in 0..<n { group.addTask { try? await Task.sleep(for: .milliseconds(1)) } }
        }
    },
    phase("yield", 0) { n in for _ in 0..<n { await Task.yield() } },
    phase("actor", 0) { n in
        let counter = Counter()
        for _ in 0..<n { await counter.add() }
    },
    phase("stream", 0) { n in
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        for i in 0..<n { continuation.yield(i) }
        continuation.finish()
        for await _ in stream {}
    },
    phase("continuation resumed at once", 0) { n in
        for _ in 0..<n { await withCheckedContinuation { $0.resume() } }
    },
    phase("cancellation handler", 0) { n in
        for _ in 0..<n {
            await withTaskCancellationHandler {
                await Task.yield()
            } onCancel: {
            }
        }
    },
    phase("cancelled", 1) { n in
        for i in 0..<n {
            let task = Task { await number(i) }
            task.cancel()
            _ = await task.value
        }
    },
    phase("kept when done", 1, destroyed: 0) { n in
        for i in 0..<n { kept.append(Task { i }) }
        for task in kept { _ = await task.value }
    },
    phase("dropped when done", 0, completed: 0, destroyed: 1) { _ in kept = [] },
    phase("never resumed", 1, completed: 0, destroyed: 0) { n in
        for _ in 0..<n { Task { @MainActor in await withUnsafeContinuation { lost.append($0) } } }
    },
    phase("to be resumed", 1, completed: 0, destroyed: 0) { n in
        for _ in 0..<n {
            Task { @MainActor in
                await withCheckedContinuation { waiting.append($0) }
                resumed += 1
            }
        }
        while await MainActor.run(body: { waiting.count }) < n { await Task.yield() }
    },
    phase("resumed", 0, completed: 1, destroyed: 1) { n in
        await MainActor.run {
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        // The main thread is going to wait for something else, and they need it.
        while await MainActor.run(body: { resumed }) < n { await Task.yield() }
    },
]

func wait(for path: String) {
    // Whoever started this may be gone.
    let parent = getppid()
    fflush(nil)
    // A text of Swift's would be copied each time, which is an allocation.
    path.withCString { path in while access(path, F_OK) != 0, getppid() == parent { usleep(500) } }
    guard getppid() == parent else { exit(3) }
}

@main struct Program {
    static func main() async {
        guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[1]) else { exit(64) }
        let folder = CommandLine.arguments[2]
        // What the runtime makes once is made before anything is counted.
        for phase in phases where phase.truth.completed == phase.truth.created + phase.truth.asyncLets {
            await phase.work(2)
        }
        kept = []
        print("0 start 0 0 0 0")
        wait(for: folder + "/go.0")
        for (index, phase) in phases.enumerated() {
            await phase.work(n)
            let truth = phase.truth
            print(
                index + 1, phase.name.split(separator: " ").joined(separator: "-"), truth.created * n,
                truth.asyncLets * n, truth.completed * n, truth.destroyed * n)
            wait(for: folder + "/go.\(index + 1)")
        }
    }
}
