extension ProbeCounters {
    /// Whether the counts of tasks agree with the runtime's own, which numbers every task it makes.
    ///
    /// Of one reading, or of the difference of two. The process must have been still when they were taken.
    package var taskCheck: ProbeAvailability {
        guard let numbered = tasksNumbered else {
            return .unverified("the Swift runtime's own count of tasks cannot be read, so nothing confirms the probe's")
        }
        guard asyncLetsAreCounted else { return derivedCheck(numbered) }
        let counted = tasksCreated &+ (asyncLetsCreated ?? 0)
        guard counted == numbered else {
            return .unverified("the probe counted \(counted) new tasks, the Swift runtime \(numbered)")
        }
        return .exact
    }

    /// Where async lets are told by the difference, that they completed is what confirms them.
    private func derivedCheck(_ numbered: UInt64) -> ProbeAvailability {
        guard numbered >= tasksCreated else {
            return .unverified("the probe counted \(tasksCreated) new tasks, the Swift runtime \(numbered)")
        }
        let asyncLets = numbered - tasksCreated
        guard asyncLets == asyncLetsCompleted else {
            return .unverified(
                "of \(numbered) new tasks the probe saw \(tasksCreated) made and \(asyncLetsCompleted) complete as async "
                    + "lets, which leaves \(Int64(bitPattern: asyncLets &- asyncLetsCompleted)) unexplained")
        }
        return .exact
    }
}
