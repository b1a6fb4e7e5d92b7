import Synchronization

/// The dials at work: counts requests and does to each what the dials ask for.
///
/// The readiness check does not come here, so that looking at the service does not change what is measured.
final class Worsening: Sendable {
    private let dials: Dials
    private let requests = Atomic<UInt64>(0)

    init(dials: Dials) {
        self.dials = dials
    }

    /// Burdens one request and says whether it must fail.
    func burden() async throws -> Bool {
        let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
        if dials.crashAfter > 0, number > dials.crashAfter {
            crashOnPurpose(after: dials.crashAfter)
        }
        if number.falls(every: dials.leakTasksEvery) {
            leakTask()
        }
        if dials.leakMemoryBytes > 0 {
            rememberSession(bytes: dials.leakMemoryBytes)
        }
        if number.falls(every: dials.leakDescriptorsEvery) {
            keepDescriptor()
        }
        if number.falls(every: dials.leakThreadsEvery) {
            leakThread()
        }
        if dials.extraAllocations > 0 {
            buildAuditTrail(entries: dials.extraAllocations)
        }
        if dials.extraRounds > 0 {
            recomputeChecksum(rounds: dials.extraRounds)
        }
        let wait = dials.slowShare.includes(number) ? dials.wait + dials.slowBy : dials.wait
        if wait > .zero {
            try await waitForSlowBackend(wait)
        }
        return dials.failShare.includes(number)
    }
}

extension UInt64 {
    /// Whether a request with this number is an `every`-th one; never if that is zero.
    fileprivate func falls(every: UInt64) -> Bool {
        every > 0 && self % every == 0
    }
}
