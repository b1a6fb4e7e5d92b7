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
            try await function()
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

/// Who is at work: any number of tests that share, or one that does not. First come, first served.
private actor Machine {
    static let shared = Machine()

    private var sharing = 0
    private var isTaken = false
    private var waiting: [(isWhole: Bool, turn: CheckedContinuation<Void, Never>)] = []

    func enter(whole: Bool) async {
        await withCheckedContinuation { turn in
            waiting.append((whole, turn))
            admit()
        }
    }

    func leave() {
        if isTaken { isTaken = false } else { sharing -= 1 }
        admit()
    }

    private func admit() {
        while let next = waiting.first, !isTaken, !next.isWhole || sharing == 0 {
            waiting.removeFirst()
            if next.isWhole { isTaken = true } else { sharing += 1 }
            next.turn.resume()
        }
    }
}
