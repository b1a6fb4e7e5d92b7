import ProbeLayout

extension ProbeFile {
    /// Whether the process still runs the program the file belongs to.
    package var isCurrent: Bool { (try? ProcessMap.ranges(of: self).isStillThere) ?? false }

    /// Whether the program has the Swift concurrency runtime, whatever can be counted of it.
    package func runsSwiftTasks() throws(ProbeError) -> Bool {
        let header = try header()
        return withUnsafeBytes(of: header.reasons) { $0[Int(PL_TASKS_CREATED.rawValue)] }
            != UInt8(PL_NOT_SWIFT.rawValue)
    }
}
