import Synchronization

/// The dials at work: counts requests and does to each what the dials ask for.
final class Worsening: Sendable {
    private let dials: Dials
    private let requests = Atomic<UInt64>(0)

    init(dials: Dials) {
        self.dials = dials
    }

    func burden() async {
        let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
        if dials.leakTaskEvery > 0, number.isMultiple(of: dials.leakTaskEvery) {
            leakTask()
        }
        if dials.retainBytes > 0 {
            rememberSession(bytes: dials.retainBytes)
        }
        if dials.extraAllocations > 0 {
            buildAuditTrail(entries: dials.extraAllocations)
        }
        if dials.extraTasks > 0 {
            await notifyAuditors(count: dials.extraTasks)
        }
        if dials.extraRounds > 0 {
            recomputeChecksum(rounds: dials.extraRounds)
        }
    }
}
