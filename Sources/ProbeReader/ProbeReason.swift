import ProbeLayout

/// The probe's own reasons in words.
package enum ProbeReason {
    /// Nil where nothing is amiss.
    package static func words(_ number: UInt8) -> String? {
        switch UInt32(number) {
        case PL_FINE.rawValue: nil
        case PL_NOT_SWIFT.rawValue: "the program had no Swift concurrency runtime when it started"
        case PL_OTHER_MALLOC.rawValue:
            "the program's malloc is its own, or that of a library preloaded before the probe, and does not pass by it"
        case PL_NO_USABLE_SIZE.rawValue: "the allocator does not tell how large a block is"
        case PL_NO_SYMBOLS.rawValue:
            "the Swift runtime of the program has no symbols; keep those of the executable (do not strip it)"
        case PL_NO_HOOK.rawValue: "this Swift runtime does not tell when a task completes"
        case PL_HOOK_TAKEN.rawValue: "a thread sanitizer is told when tasks complete, and there is place for one only"
        case PL_UNKNOWN_LAYOUT.rawValue: "this version of the Swift runtime is not known to the probe"
        case PL_NO_ROOM.rawValue: "there was no room for it in the probe's folder"
        case PL_NOT_ASKED.rawValue: "it was not asked for when the program was started"
        case PL_NOT_PERMITTED.rawValue: "the system does not permit the process to inspect its own memory"
        case PL_SIGNAL_TAKEN.rawValue: "the program uses the signal SIGPROF itself"
        case PL_NO_TIMERS.rawValue: "the system gives no timers of processor time"
        case PL_NO_DISPATCH.rawValue: "the program does not use libdispatch"
        case PL_ARCHITECTURE.rawValue: "not known for this kind of processor"
        case PL_OWN_MEMORY.rawValue:
            "the program takes memory from the system itself and hands it out without malloc, as interpreters do"
        default: "for a reason this version of perfgate does not know (\(number))"
        }
    }
}
