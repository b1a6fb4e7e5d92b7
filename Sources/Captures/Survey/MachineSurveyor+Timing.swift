import Recordings
import SystemCalls

#if canImport(Glibc)
    import Glibc
#endif

extension MachineSurveyor {
    /// Nanoseconds a reading takes: of several hundred in a row, the best of five times.
    static func clockReading() -> Double? {
        let count = 1000
        let times = (0..<5).compactMap { _ -> Double? in
            guard let start = nanoseconds(CLOCK_MONOTONIC) else { return nil }
            for _ in 1..<count { _ = nanoseconds(CLOCK_MONOTONIC) }
            return nanoseconds(CLOCK_MONOTONIC).map { Double($0 - start) / Double(count) }
        }
        return times.min()
    }

    /// Sleeps 400 times to a deadline a millisecond away, in the class the load generator would have.
    static func timers(inRealTime: Bool) -> MachineSurvey.Timers? {
        let isRealTime = inRealTime && enterRealTime() == 0
        defer { if isRealTime { leaveRealTime() } }
        var latenesses: [Double] = []
        guard let start = nanoseconds(CLOCK_MONOTONIC) else { return nil }
        while latenesses.count < 400, let now = nanoseconds(CLOCK_MONOTONIC), now - start < 1_500_000_000 {
            let due = now + 1_000_000
            var deadline = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
            while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &deadline, nil) == EINTR {}
            guard let woken = nanoseconds(CLOCK_MONOTONIC) else { break }
            latenesses.append(Double(woken - min(woken, due)) / 1000)
        }
        return .init(latenesses: latenesses)
    }

    /// Does a piece of work of about five milliseconds 200 times on one processor.
    static func steadiness() -> Steadiness? {
        let before = sc_pin()
        defer { if let before { sc_unpin(before) } }
        var work = Work()
        guard let steps = work.stepsOfPiece(), let start = nanoseconds(CLOCK_MONOTONIC) else { return nil }
        var seconds: [Double] = []
        var processorSeconds: [Double] = []
        // On a machine that hardly gets to work, fewer will do.
        while seconds.count < 200, let from = nanoseconds(CLOCK_MONOTONIC), from - start < 2_500_000_000,
            let processorFrom = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
        {
            work.run(steps)
            guard let to = nanoseconds(CLOCK_MONOTONIC), let processorTo = nanoseconds(CLOCK_THREAD_CPUTIME_ID) else {
                return nil
            }
            seconds.append(Double(to - from) / 1e9)
            processorSeconds.append(Double(processorTo - processorFrom) / 1e9)
        }
        return Steadiness(seconds: seconds, processorSeconds: processorSeconds)
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64? { EnvironmentMeter.nanoseconds(clock) }

    /// Arithmetic and memory in the proportion of a parser: every step depends on the one before.
    private struct Work {
        /// More than the first cache holds, less than the second.
        private var memory = [UInt64](repeating: 1, count: 1 << 14)
        private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        mutating func run(_ steps: Int) {
            var state = state
            memory.withUnsafeMutableBufferPointer { memory in
                for _ in 0..<steps {
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    memory[Int(truncatingIfNeeded: state & 0x3FFF)] &+= state
                }
            }
            self.state = state ^ memory[0]
        }

        /// As many steps as the fastest of a few trials does in five milliseconds.
        mutating func stepsOfPiece() -> Int? {
            let trial = 20_000
            var best: UInt64?
            for _ in 0..<50 {
                guard let from = nanoseconds(CLOCK_MONOTONIC) else { return nil }
                run(trial)
                guard let to = nanoseconds(CLOCK_MONOTONIC), to > from else { continue }
                best = min(best ?? .max, to - from)
            }
            return best.map { max(1, trial * 5_000_000 / Int(clamping: $0)) }
        }
    }
}
