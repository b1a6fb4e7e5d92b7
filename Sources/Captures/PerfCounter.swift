import SystemCalls

#if canImport(Glibc)
    import Glibc
#endif

/// A counter the kernel keeps of a service: every thread of every process it consists of, those that ended included.
package enum PerfCounter {
    package enum Event: Sendable {
        /// In user mode.
        case instructions
        /// Nanoseconds on a processor, in either mode: what every machine counts, to prove the way by.
        case taskClock
        /// Of user mode: the same.
        case pageFaults

        var number: Int32 {
            switch self {
            case .instructions: Int32(SC_INSTRUCTIONS)
            case .taskClock: Int32(SC_TASK_CLOCK)
            case .pageFaults: Int32(SC_PAGE_FAULTS)
            }
        }
    }

    /// Why there is no count.
    package enum Problem: Error, Sendable, Equatable {
        /// Nobody asked for a counter when the service was started.
        case notAskedFor
        /// The service was not started far enough to hand it over.
        case notHandedOver
        /// A call failed with this error number.
        case refused(Int32)
        /// Nothing was counted between two readings.
        case stopped
        /// It counted for this share of the time only.
        case shared(Double)

        package var message: String {
            switch self {
            case .notAskedFor: "no counter was opened"
            case .notHandedOver: "the counter was not handed over when the service was started"
            case .refused(ENOENT), .refused(ENODEV), .refused(EOPNOTSUPP):
                "this machine has no such counter, or its hypervisor keeps it back"
            case .refused(EPERM), .refused(EACCES):
                "perf_event_open is not permitted; see perfgate doctor for what would permit it"
            case .refused(ENOSYS): "this kernel is built without perf events"
            case .refused(let code): "perf_event_open failed: \(String(cString: strerror(code)))"
            case .stopped: "the counter stood still while the service worked"
            case .shared(let share):
                "the processor's counters were shared with others, or are not on every processor, so that only "
                    + "\(Int((share * 100).rounded(.down))) % of the time was counted"
            }
        }
    }

    /// What was counted up to a moment.
    package struct Reading: Sendable, Equatable {
        var count: UInt64
        /// Nanoseconds on a processor for which counting was wanted, and for which it was done.
        var wanted: UInt64
        var counted: UInt64

        init(count: UInt64, wanted: UInt64, counted: UInt64) {
            self.count = count
            self.wanted = wanted
            self.counted = counted
        }

        init(of descriptor: Int32) throws(Problem) {
            var value = sc_count()
            let failure = sc_read_counter(descriptor, &value)
            guard failure == 0 else { throw .refused(failure) }
            self.init(count: value.count, wanted: value.wanted, counted: value.counted)
        }

        /// Share of the time that must have been counted; what is less would have to be guessed from the rest.
        private static let least = 0.999

        /// What was counted since an earlier reading of the same counter.
        package func since(_ earlier: Reading) throws(Problem) -> UInt64 {
            guard count >= earlier.count, wanted > earlier.wanted, counted >= earlier.counted else { throw .stopped }
            let share = Double(counted - earlier.counted) / Double(wanted - earlier.wanted)
            guard share >= Self.least else { throw .shared(share) }
            guard count > earlier.count else { throw .stopped }
            return count - earlier.count
        }
    }
}
