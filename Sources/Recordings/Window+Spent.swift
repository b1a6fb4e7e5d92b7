import Measures

/// What a service's processes spent from one reading to the other; nil where a figure was not read or went backwards.
package struct Spent: Sendable, Equatable {
    /// Nanoseconds.
    package var cpu: UInt64
    package var queueWait: UInt64?
    package var voluntarySwitches: UInt64?
    package var involuntarySwitches: UInt64?
    package var minorFaults: UInt64?
    package var majorFaults: UInt64?
}

extension Window {
    /// What was spent during the steady load; nil where a reading is missing or a process took its counters away.
    package var spent: Spent? {
        guard let start, let end, keepsProcesses, let cpu = Self.growth(start.cpu, end.cpu) else {
            return nil
        }
        let (first, last) = (start.scheduling, end.scheduling)
        return Spent(
            cpu: cpu, queueWait: Self.growth(first?.queueWait, last?.queueWait),
            voluntarySwitches: Self.growth(first?.voluntarySwitches, last?.voluntarySwitches),
            involuntarySwitches: Self.growth(first?.involuntarySwitches, last?.involuntarySwitches),
            minorFaults: Self.growth(start.minorFaults, end.minorFaults),
            majorFaults: Self.growth(start.majorFaults, end.majorFaults))
    }

    /// Whether every process that was there at the start of the steady load was there at its end.
    var keepsProcesses: Bool {
        guard let start, let end else { return false }
        return Set(start.processes).isSubset(of: end.processes)
    }

    private static func growth(_ start: UInt64?, _ end: UInt64?) -> UInt64? {
        guard let start, let end, end >= start else { return nil }
        return end - start
    }
}

extension HalfRound {
    /// A figure of the steady load per request; nil where it is not known or nothing was asked.
    package func perRequest(_ figure: KeyPath<Spent, UInt64?>) -> Double? {
        // Of a search, what was spent is that of all windows, and the requests are those of one.
        guard load.capacity == nil, load.total.exchanges > 0, let total = window.spent?[keyPath: figure] else {
            return nil
        }
        return Double(total) / Double(load.total.exchanges)
    }

    /// How long threads waited for a processor, over how long they ran on one; nil where either is not known, and of a
    /// search for the capacity, above which they always wait.
    package var contention: Double? {
        guard load.capacity == nil, let spent = window.spent, spent.cpu > 0, let wait = spent.queueWait else {
            return nil
        }
        return Double(wait) / Double(spent.cpu)
    }
}
