#if canImport(Glibc)
    import Glibc
#endif

/// Ends the process in the middle of a request (`DEMO_CRASH_AFTER`).
@inline(never)
func crashOnPurpose(after requests: UInt64) -> Never {
    Terminal.error("\(Terminal.name): crashing on purpose after \(requests) requests")
    _exit(ExitStatus.crash.rawValue)
}
