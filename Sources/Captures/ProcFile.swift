#if canImport(Glibc)
    import Glibc
#endif

/// Reading the small text files below `/proc` and `/sys`.
enum ProcFile {
    /// The whole file, at most a megabyte, or nil when it cannot be read.
    static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while result.count < 1 << 20 {
            let count = read(file, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { break }
            result += chunk[..<count]
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What a symbolic link says; nil when it cannot be read.
    static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// The names in a folder but for `.` and `..`; empty when it cannot be read.
    static func entries(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var result: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { result.append(name) }
        }
        return result
    }

    /// What is read of `PID/stat`.
    struct Stat {
        let state: Substring
        /// In clock ticks since boot.
        let startTime: UInt64
        /// Processor time of ended children it has waited for, with theirs, in clock ticks.
        let childrenTime: UInt64
        /// Page faults without and with a wait for a disk, with those of ended children it has waited for.
        let minorFaults: UInt64
        let majorFaults: UInt64
        /// The part of both that ended children had.
        let childrenFaults: UInt64
    }

    /// `PID/stat` in `folder`, or nil when it cannot be read.
    static func stat(_ id: pid_t, in folder: String) -> Stat? {
        // The command's name is in parentheses and may itself hold spaces and parentheses.
        guard let text = text("\(folder)/\(id)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let start = UInt64(fields[19]), let user = UInt64(fields[13]),
            let system = UInt64(fields[14]), let minor = UInt64(fields[7]), let minorOfChildren = UInt64(fields[8]),
            let major = UInt64(fields[9]), let majorOfChildren = UInt64(fields[10])
        else { return nil }
        return Stat(
            state: fields[0], startTime: start, childrenTime: user &+ system,
            minorFaults: minor &+ minorOfChildren, majorFaults: major &+ majorOfChildren,
            childrenFaults: minorOfChildren &+ majorOfChildren)
    }

    /// The number on a line such as `VmRSS:     1234 kB`, whatever its unit.
    static func number(_ key: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") where line.hasPrefix(key + ":") {
            return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { UInt64($0) }
        }
        return nil
    }
}
