import Measures
package import Recordings

/// What is judged: a candidate, and what it is compared with.
package struct Comparison: Sendable {
    /// One side of one recording.
    package struct Subject: Sendable {
        package let recording: Recording
        package let side: Side
        /// Its rounds that count, picked out once.
        let sided: Sided

        package init(_ recording: Recording, _ side: Side) {
            self.recording = recording
            self.side = side
            sided = Sided(recording, side)
        }

        package var description: SideDescription? { recording.side(side) }
    }

    package var candidate: Subject
    package var baseline: Subject?

    package init(candidate: Subject, baseline: Subject?) {
        self.candidate = candidate
        self.baseline = baseline
    }

    /// The comparison a recording was made for: its own two sides, or its candidate alone.
    package init(_ recording: Recording) {
        candidate = Subject(recording, .candidate)
        baseline = recording.side(.baseline) == nil ? nil : Subject(recording, .baseline)
    }

    /// Whether the sides were measured together, round by round.
    package var isPaired: Bool { baseline?.recording.id == candidate.recording.id }

    /// The look its rounds allow.
    var look: Look {
        LookSchedule(rounds: candidate.recording.plannedRounds).look(after: candidate.recording.validRounds.count)
    }

    /// Whether both sides got the same load, so that what a request costs can be compared at all.
    var isOfOnePlan: Bool { baseline.map { $0.recording.plan.asks(theSameAs: candidate.recording.plan) } ?? true }

    /// Why the values of a metric are not all of one kind and cannot be compared; nil where they are.
    func mixture(of metric: Metric) -> String? {
        let windows = [candidate, baseline].compactMap { $0 }.flatMap { $0.sided.halves.map(\.half.window) }
        switch metric {
        case .tasksPeak where Set(windows.map { $0.tasksPeak == nil }).count > 1:
            return "tasks were counted in some rounds and threads in others, which cannot be compared"
        case .allocationsPerRequest, .allocationsBytesPerRequest:
            let isMixed = Set(windows.compactMap(\.native).map { $0.dispatchAllocations == nil }).count > 1
            return isMixed
                ? "libdispatch's own allocations were told apart in some rounds and not in others, as where one side is "
                    + "stripped of its symbols"
                : nil
        default: return nil
        }
    }

    /// What allocates on either side, where the probe saw both.
    var allocators: (baseline: String, candidate: String)? {
        func allocator(_ subject: Subject?) -> String? {
            subject?.sided.halves.lazy.compactMap { $0.half.window.native?.allocator }.first
        }
        guard let baseline = allocator(baseline), let candidate = allocator(candidate) else { return nil }
        return (baseline, candidate)
    }

    /// Why time cannot be compared with the baseline, in words; empty when it can, or when there is none.
    var obstacles: [String] {
        guard let baseline, !isPaired else { return [] }
        var result = candidate.recording.machine.differences(from: baseline.recording.machine)
        if !isOfOnePlan { result.append("the plan was another one") }
        let toolchains = (baseline.description?.toolchain, candidate.description?.toolchain)
        if toolchains.0 != toolchains.1 {
            result.append("toolchain: \(toolchains.0 ?? "unknown") then, \(toolchains.1 ?? "unknown") now")
        }
        if candidate.recording.tool != baseline.recording.tool {
            result.append("perfgate: \(baseline.recording.tool) then, \(candidate.recording.tool) now")
        }
        return result
    }
}
