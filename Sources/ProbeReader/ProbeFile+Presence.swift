import ProbeLayout

#if canImport(Glibc)
    import Glibc
#endif

extension ProbeFile {
    /// Whether the process still runs the program the file belongs to.
    package var isCurrent: Bool { (try? isMapped()) ?? false }

    /// Whether the file is mapped where it was.
    ///
    /// Only the one program that made it has it there, neither what the process executed next nor another process that
    /// got its number. Throws where the process has ended.
    func isMapped() throws(ProbeError) -> Bool {
        try ProcessMap.maps(mappedAt, inode: inode(), in: process.pid)
    }

    func inode() throws(ProbeError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw .ended(pid: process.pid) }
        return UInt64(status.st_ino)
    }

    /// Whether the program has the Swift concurrency runtime, whatever can be counted of it.
    package func runsSwiftTasks() throws(ProbeError) -> Bool {
        try reason(PL_TASKS_CREATED) != UInt8(PL_NOT_SWIFT.rawValue)
    }

    /// Whether the program uses libdispatch and shows no sign of what that allocates for itself.
    package func mixesDispatch() throws(ProbeError) -> Bool {
        let reason = try reason(PL_DISPATCH_SPLIT)
        return reason != UInt8(PL_FINE.rawValue) && reason != UInt8(PL_NO_DISPATCH.rawValue)
    }

    private func reason(_ figure: pl_figure) throws(ProbeError) -> UInt8 {
        let header = try header()
        return withUnsafeBytes(of: header.reasons) { $0[Int(figure.rawValue)] }
    }
}
