import Measures
import Plans
import Recordings
import Testing
import Verdicts

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The same recording has the same verdict, bit for bit, today and offline.
@Suite struct DeterminismTests {
    private static let budgets: Budgets = {
        var budgets = Runner.budgets(limit: 0.02)
        budgets.all.append(.limit(.allocationsPerRequest, maxIncrease: 0.01, floor: 0.5, line: 20))
        budgets.all.append(.limit(.latencyP50, max: 1.1e6, severity: .warn, line: 21))
        budgets.all.append(.limit(.cpuPerRequest, max: 1.01e6, maxIncrease: 0.01, severity: .warn, line: 22))
        return budgets
    }()

    private static func recording(_ seed: UInt64) -> Recording {
        var generator = Generator(seed: seed)
        var trial = Runner.bad.trial(rounds: 13, &generator)
        trial.baseline?[MetricKey(.allocationsPerRequest)] = (0..<13).map { 50 + 0.01 * Double($0) }
        trial.candidate[MetricKey(.allocationsPerRequest)] = (0..<13).map { 51 - 0.01 * Double($0) }
        return trial.recording
    }

    private static func verdict(_ recording: Recording) -> Verdict {
        Judge.judge(Comparison(recording), budgets: budgets)
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func sameRecordingSameVerdict(seed: UInt64) throws {
        let recording = Self.recording(seed)
        let verdict = Self.verdict(recording)
        #expect(Self.verdict(recording) == verdict)
        let stored = try RecordingFile.decode(try RecordingFile.encode(recording))
        #expect(Self.verdict(stored) == verdict)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(Self.verdict(stored)) == encoder.encode(verdict))
    }

    /// When a round was run says nothing about the versions.
    @Test(arguments: [1, 2, 3, 4, 5])
    func orderOfRounds(seed: UInt64) {
        var recording = Self.recording(seed)
        let findings = Self.verdict(recording).findings
        var generator = SeededGenerator(seed: seed)
        recording.rounds.shuffle(using: &generator)
        for index in recording.rounds.indices {
            recording.rounds[index].number = index + 1
            recording.rounds[index].halves.reverse()
        }
        #expect(Self.verdict(recording).findings == findings)
    }

    /// What is written about one budget does not depend on where it stands among the others.
    @Test func orderOfBudgets() {
        let recording = Self.recording(6)
        var reversed = Self.budgets
        reversed.all.reverse()
        let findings = Judge.judge(Comparison(recording), budgets: reversed).findings
        #expect(findings.count == Self.verdict(recording).findings.count)
        for finding in Self.verdict(recording).findings { #expect(findings.contains(finding)) }
    }
}
