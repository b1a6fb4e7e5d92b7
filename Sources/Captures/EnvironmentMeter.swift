package import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// Watches what else the machine does, from its making on.
package struct EnvironmentMeter: Sendable {
    private let groups: ControlGroups
    private let start: EnvironmentReading

    /// Reads the counters the later ones are compared with.
    package init() {
        groups = .ofThisProcess()
        start = Self.reading(groups)
    }

    /// What happened since the meter was made.
    package func environment() -> Environment {
        start.environment(
            until: Self.reading(groups), loadAverage: MachineReader.loadAverage(), frequency: MachineReader.frequency())
    }

    private static func reading(_ groups: ControlGroups) -> EnvironmentReading {
        let time = ProcFile.text("/proc/stat").flatMap { EnvironmentReading.processorTime($0) }
        // The group's own pressure says what held up this process; the machine's may be that of others alone.
        let pressure =
            (groups.unified?.folders.first.flatMap { ProcFile.text("\($0)/cpu.pressure") })
            ?? ProcFile.text("/proc/pressure/cpu")
        let statistics = (groups.chain(.cpu)?.folders ?? []).compactMap { ProcFile.text("\($0)/cpu.stat") }
        return EnvironmentReading(
            moment: nanoseconds(CLOCK_MONOTONIC), stolen: time?.stolen, all: time?.all,
            waited: pressure.flatMap { EnvironmentReading.waited($0) },
            throttled: statistics.compactMap { EnvironmentReading.throttled($0) }, slept: slept())
    }

    /// By how much the clock that runs on while the machine sleeps is ahead of the one that does not.
    private static func slept() -> Int64? {
        var best: (gap: UInt64, ahead: Int64)?
        // Whoever is interrupted between the two readings sees them apart: the closest of a few counts.
        for _ in 0..<5 {
            guard let before = nanoseconds(CLOCK_MONOTONIC), let boot = nanoseconds(CLOCK_BOOTTIME),
                let after = nanoseconds(CLOCK_MONOTONIC), after >= before
            else { return nil }
            let gap = after - before
            if gap < best?.gap ?? .max { best = (gap, Int64(clamping: boot) - Int64(clamping: before)) }
        }
        return best?.ahead
    }

    /// A clock's reading, or nil where there is no such clock.
    static func nanoseconds(_ clock: clockid_t) -> UInt64? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
