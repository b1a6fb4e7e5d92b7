/// The known word nearest to one that is not known, for "did you mean".
package enum Suggestion {
    /// The candidate with the smallest edit distance, when it is near enough to be a slip of the pen.
    package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().utf8)
        guard word.count <= 200 else { return nil }
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            let distance = editDistance(word, Array(candidate.lowercased().utf8))
            let allowed = max(2, candidate.utf8.count / 3)
            if distance <= allowed, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.candidate
    }

    /// Levenshtein's distance: insertions, deletions and substitutions.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                current.append(
                    min(previous[column + 1] + 1, current[column] + 1, previous[column] + (byte == other ? 0 : 1)))
            }
            previous = current
        }
        return previous[right.count]
    }
}
