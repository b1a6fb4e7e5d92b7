/// What was found out about a machine in a few seconds: what can be measured on it, and how steady it is.
///
/// What is nil could not be found out, or the machine does not have it.
package struct MachineSurvey: Sendable, Codable, Equatable {
    /// Whether something works here that was tried.
    package struct Ability: Sendable, Codable, Equatable {
        package var works: Bool
        /// Why not, as the system says it: `EPERM`, or a sentence without its final stop.
        package var reason: String?

        package static let works = Ability(works: true, reason: nil)
        package static func fails(_ reason: String) -> Ability { Ability(works: false, reason: reason) }
    }

    package var machine: Machine

    // MARK: what perfgate cannot do without

    /// Listening on 127.0.0.1 and connecting to it.
    package var loopback = Ability.works
    /// Reading `/proc`.
    package var processFiles = Ability.works
    /// The kernel's list of a process's children, without which a service's processes are not known.
    package var children = Ability.works
    /// Starting a program through `/bin/sh`.
    package var programs = Ability.works

    // MARK: what looks inside services

    /// Preloading the native probe into a program, and having it count.
    package var nativeProbe: Ability?

    // MARK: limits

    /// Processors this process may run on, and the list they come from: `0-3,8`.
    package var usableProcessors: Int?
    package var processorList: String?
    /// 1 or 2: where the processor limit is read.
    package var controlGroupVersion: Int?
    /// Most descriptors a process may have, now and after raising it.
    package var openFiles: UInt64?
    package var openFilesHard: UInt64?
    package var ports: Ports?
    /// In the working directory.
    package var freeSpaceBytes: UInt64?
    /// Of `/dev/shm`.
    package var sharedMemoryBytes: UInt64?

    // MARK: noise

    /// What one reading of the clock takes, in nanoseconds.
    package var clockReading: Double?
    package var timers: Timers?
    package var steadiness: Steadiness?
    /// What else the machine did while timers and steadiness were measured.
    package var environment = Environment(steal: nil, loadAverage: nil)
    /// The frequency governors in use, each once.
    package var governors: [String] = []
    /// Whether processors may exceed their nominal frequency.
    package var boost: Bool?

    // MARK: permissions

    /// The scheduling class the load generator asks for.
    package var realTime = Ability.works
    /// Counting instructions with `perf_event_open`.
    package var instructions = Ability.works
    package var perfEventParanoid: Int?
    package var ptraceScope: Int?
    /// Whether the kernel accounts for time spent waiting (PSI).
    package var pressureAccounting = true
    /// 0 off, 1 without the heap, 2 whole; as it holds for this process.
    package var addressSpaceRandomization: Int?

    package init(machine: Machine) { self.machine = machine }

    /// Ports the kernel gives to outgoing connections.
    package struct Ports: Sendable, Codable, Equatable {
        package var first: Int
        package var last: Int
        /// TCP sockets in use or still lingering; at most so many of the ports are taken.
        package var taken: Int

        package init(first: Int, last: Int, taken: Int) {
            self.first = first
            self.last = last
            self.taken = taken
        }

        package var free: Int { max(0, last - first + 1 - taken) }
    }

    /// How late sleeps to a deadline ended, in microseconds.
    package struct Timers: Sendable, Codable, Equatable {
        package var count: Int
        package var p50: Double
        package var p99: Double
        package var max: Double

        /// By nearest rank; nil without samples.
        package init?(latenesses: [Double]) {
            let sorted = latenesses.sorted()
            guard let last = sorted.last else { return nil }
            func rank(_ share: Double) -> Double {
                sorted[Swift.min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
            }
            count = sorted.count
            p50 = rank(0.5)
            p99 = rank(0.99)
            max = last
        }
    }
}
