import Synchronization

// Without a reader the optimiser would leave the work out.
private let lastChecksum = Atomic<UInt64>(0)

/// Burns processor time: the same work for the same number of rounds, about a nanosecond each (`HB_EXTRA_CPU`).
@inline(never)
func recomputeChecksum(rounds: UInt64) {
    var hash: UInt64 = 14_695_981_039_346_656_037
    var round: UInt64 = 0
    while round < rounds {
        hash = (hash ^ round) &* 1_099_511_628_211
        round &+= 1
    }
    lastChecksum.store(hash, ordering: .relaxed)
}
