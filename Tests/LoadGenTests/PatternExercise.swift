import Plans

@testable import LoadGen

/// What must hold of patterns whatever they and the text are; for the tests and for `ci/fuzz`.
enum PatternExercise {
    /// What does not hold, nil where all does; the first line is the pattern, the rest is the text.
    static func problem(_ input: [UInt8]) -> String? {
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let pattern = try? Pattern(String(decoding: parts[0], as: UTF8.self)) else {
            return nil
        }
        let text = Array(parts[1])
        let matcher = PatternMatcher()
        let found = text.withUnsafeBytes { matcher.find(pattern, in: $0) }
        if matcher.steps > (text.count + 1) * pattern.instructions.count { return "matching goes back" }
        if text.withUnsafeBytes({ matcher.matches(pattern, in: $0) }) != (found != nil) {
            return "whether it matches depends on what is asked"
        }
        guard let found else { return nil }
        guard found.whole.lowerBound >= 0, found.whole.upperBound <= text.count else { return "a match lies outside" }
        if let group = found.group {
            guard group.lowerBound >= found.whole.lowerBound, group.upperBound <= found.whole.upperBound else {
                return "a group lies outside its match"
            }
        }
        return nil
    }
}
