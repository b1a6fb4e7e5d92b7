#if canImport(Glibc)
    import Glibc
#endif

/// Where the kernel shows a process.
enum ProcessFolder {
    /// `/proc/PID`; where its first thread has ended and others have not, the folder of one of those, since the memory is
    /// shown by threads that still have it.
    static func path(_ pid: Int32) -> String {
        let whole = "/proc/\(pid)"
        guard isDead(whole) else { return whole }
        guard let folder = opendir(whole + "/task") else { return whole }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let thread = "\(whole)/task/\(name)"
            if Int32(name) != nil, !isDead(thread) { return thread }
        }
        return whole
    }

    /// Whether only the entry of a thread is left, to be waited for.
    private static func isDead(_ folder: String) -> Bool {
        let file = open(folder + "/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return true }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(file, &bytes, bytes.count)
        // The state follows the name, which is in parentheses and may hold some itself.
        guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else {
            return true
        }
        return [UInt8(ascii: "Z"), UInt8(ascii: "X")].contains(bytes[end + 2])
    }
}
