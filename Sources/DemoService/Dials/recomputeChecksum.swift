import Synchronization

/// A hash that is worth its processor time.
enum Checksum {
    /// How many rounds count as a microsecond.
    ///
    /// A constant of the source, not measured at start: two starts must do the same work, and the machine decides how
    /// long that takes.
    static let roundsPerMicrosecond: UInt64 = 900

    /// Hashes the numbers below `rounds` (FNV-1a, one word a round).
    static func hash(rounds: UInt64, seed: UInt64) -> UInt64 {
        var hash = seed ^ 14_695_981_039_346_656_037
        var round: UInt64 = 0
        while round < rounds {
            hash = (hash ^ round) &* 1_099_511_628_211
            round &+= 1
        }
        return hash
    }
}

// Without a reader the optimiser would leave the work out.
private let lastChecksum = Atomic<UInt64>(0)

/// Burns processor time, the same work for the same number of rounds (`DEMO_EXTRA_CPU`).
@inline(never)
func recomputeChecksum(rounds: UInt64) {
    lastChecksum.store(Checksum.hash(rounds: rounds, seed: 0), ordering: .relaxed)
}
