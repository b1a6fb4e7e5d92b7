import Foundation
import Testing

/// How much of the machine a test may take: gates of counts get the same result beside another one, and gates of times
/// and whoever looks at all processes need to be alone.
struct MachineShare: SuiteTrait, TestTrait, TestScoping {
    let isWhole: Bool

    /// A suite says it for its tests, each of which may say otherwise for itself.
    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        guard testCase != nil else { return nil }
        let needsAll = test.traits.contains { ($0 as? Self)?.isWhole == true }
        return isWhole == needsAll ? self : nil
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Machine.shared.enter(whole: isWhole)
        do {
            // These tests wait for programs without giving their thread back, and there are as few as processors.
            try await withTaskExecutorPreference(ThreadPerJob.shared, operation: function)
            await Machine.shared.leave()
        } catch {
            await Machine.shared.leave()
            throw error
        }
    }
}

extension Trait where Self == MachineShare {
    /// Beside others of the kind.
    static var besideOthers: Self { Self(isWhole: false) }
    /// With nothing else that is tested running.
    static var alone: Self { Self(isWhole: true) }
}

/// Who is at work: some tests that share, or one that does not.
///
/// Those that share go first: in the order of their coming, one that does not would end up between any two of them.
private actor Machine {
    static let shared = Machine()

    /// As many as there are processors on the smallest machine that runs them: most of them build or load something, and
    /// more would keep each other from answering in time.
    private static let mostSharing = 2

    private var sharing = 0
    private var isTaken = false
    private typealias Turn = CheckedContinuation<Void, Never>
    private var waitingToShare: [Turn] = []
    private var waitingAlone: [Turn] = []

    func enter(whole: Bool) async {
        await withCheckedContinuation { turn in
            if whole { waitingAlone.append(turn) } else { waitingToShare.append(turn) }
            admit()
        }
    }

    func leave() {
        if isTaken { isTaken = false } else { sharing -= 1 }
        admit()
    }

    private func admit() {
        guard !isTaken else { return }
        while sharing < Self.mostSharing, !waitingToShare.isEmpty {
            sharing += 1
            waitingToShare.removeFirst().resume()
        }
        guard sharing == 0, !waitingAlone.isEmpty else { return }
        isTaken = true
        waitingAlone.removeFirst().resume()
    }
}

/// Runs each job of a task on a new thread, which it may block.
private final class ThreadPerJob: TaskExecutor {
    static let shared = ThreadPerJob()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
