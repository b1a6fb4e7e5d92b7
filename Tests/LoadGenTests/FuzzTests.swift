import Measures
import TestSupport
import Testing

@testable import LoadGen

/// Inputs that broke something once, or might have, and others made from them at random.
@Suite("Fuzzed contents")
struct FuzzTests {
    private static let exercises: [(folder: String, problem: @Sendable ([UInt8]) -> String?)] = [
        ("JSON", JSONExercise.problem), ("Pattern", PatternExercise.problem), ("Cookie", CookieExercise.problem),
    ]

    @Test("are answered, and what must hold does", arguments: exercises.indices)
    func corpus(index: Int) throws {
        let (folder, problem) = Self.exercises[index]
        let inputs = try Corpus.all(folder)
        #expect(inputs.count >= 10)
        for input in inputs { #expect(problem(input) == nil, "\(input)") }
        var random = SeededGenerator(seed: UInt64(index))
        for _ in 0..<5000 {
            let input = Corpus.made(from: inputs, &random)
            #expect(problem(input) == nil, "\(input)")
        }
    }
}
