// Makes tasks that wait, known numbers of each kind, and keeps them waiting.
//
//   waiting N FOLDER
//
// Prints `ready` and ends when there is a file FOLDER/go.0. Built so that the compiler keeps functions apart that do the
// same.
import Glibc

nonisolated(unsafe) var lost: [UnsafeContinuation<Void, Never>] = []
nonisolated(unsafe) var checked: [CheckedContinuation<Void, Never>] = []
nonisolated(unsafe) var isOver = false
nonisolated(unsafe) var busy = 0

@MainActor @inline(never) func waitForever() async { await withUnsafeContinuation { lost.append($0) } }

@MainActor @inline(never) func waitForeverChecked() async { await withCheckedContinuation { checked.append($0) } }

@inline(never) func leakContinuations(_ n: Int) {
    for _ in 0..<n { Task { await waitForever() } }
}

@inline(never) func leakCheckedContinuations(_ n: Int) {
    for _ in 0..<n { Task { await waitForeverChecked() } }
}

@inline(never) func startSleepers(_ n: Int) {
    for _ in 0..<n { Task { await sleepLong() } }
}

@inline(never) func sleepLong() async { try? await Task.sleep(for: .seconds(3600)) }

@inline(never) func startSleepersByNanoseconds(_ n: Int) {
    for _ in 0..<n { Task { await sleepNanoseconds() } }
}

@inline(never) func sleepNanoseconds() async { try? await Task.sleep(nanoseconds: 3_600_000_000_000) }

@inline(never) func startParentsOfAsyncLets(_ n: Int) {
    for _ in 0..<n { Task { await waitForChild() } }
}

@inline(never) func waitForChild() async {
    async let child: Void = waitForever()
    await child
}

@inline(never) func startGroups(_ n: Int) {
    for _ in 0..<n { Task { await waitForGroup() } }
}

@inline(never) func waitForGroup() async {
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await waitForever() }
        for await _ in group {}
    }
}

@inline(never) func startDiscardingGroups(_ n: Int) {
    for _ in 0..<n { Task { await waitForDiscardingGroup() } }
}

@inline(never) func waitForDiscardingGroup() async {
    await withDiscardingTaskGroup { group in group.addTask { await waitForever() } }
}

@inline(never) func startWaitersForTasks(_ n: Int) {
    for _ in 0..<n {
        Task {
            let other = Task { await waitForever() }
            await waitForTask(other)
        }
    }
}

@inline(never) func waitForTask(_ task: Task<Void, Never>) async { await task.value }

actor Busy {
    func occupy() {
        busy += 1
        while !isOver { usleep(500) }
        busy -= 1
    }

    func visit() {}
}

@inline(never) func startActorWaiters(_ n: Int, _ actor: Busy) {
    for _ in 0..<n { Task { await waitForActor(actor) } }
}

@inline(never) func waitForActor(_ actor: Busy) async { await actor.visit() }

@inline(never) func startRunner(_ actor: Busy) { Task { await actor.occupy() } }

func wait(for path: String) {
    fflush(nil)
    let parent = getppid()
    path.withCString { path in while access(path, F_OK) != 0, getppid() == parent { usleep(500) } }
}

@main struct Program {
    static func main() async {
        guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[1]) else { exit(64) }
        leakContinuations(n)
        leakCheckedContinuations(2 * n)
        startSleepers(3 * n)
        startSleepersByNanoseconds(n)
        startParentsOfAsyncLets(4 * n)
        startGroups(5 * n)
        startDiscardingGroups(n)
        startWaitersForTasks(6 * n)
        // Everything that is going to wait for a continuation does.
        while await MainActor.run(body: { lost.count + checked.count }) < (1 + 2 + 4 + 5 + 1 + 6) * n {
            await Task.yield()
        }
        let actor = Busy()
        startRunner(actor)
        while busy == 0 { try? await Task.sleep(nanoseconds: 1_000_000) }
        startActorWaiters(7 * n, actor)
        try? await Task.sleep(nanoseconds: 100_000_000)
        print("ready")
        // On the main actor, so that no task of another kind is running.
        await MainActor.run { wait(for: CommandLine.arguments[2] + "/go.0") }
        isOver = true
        exit(0)
    }
}
