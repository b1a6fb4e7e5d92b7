import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

private let hasComplained = Atomic<Bool>(false)

/// Opens a file and never closes it (`DEMO_LEAK_DESCRIPTOR`).
@inline(never)
func keepDescriptor() {
    guard open("/dev/null", O_RDONLY | O_CLOEXEC) < 0 else { return }
    let error = SystemError(lastErrorOf: "open")
    if hasComplained.exchange(true, ordering: .relaxed) == false {
        Terminal.error("\(Terminal.name): \(error.sentence)")
    }
}
