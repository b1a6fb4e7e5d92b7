import Profiles

#if canImport(Glibc)
    import Glibc
#endif

/// What a process has mapped where.
struct ProcessMap {
    /// One line of `/proc/PID/maps`.
    struct Range {
        let addresses: Swift.Range<UInt64>
        let isCode: Bool
        let fileOffset: UInt64
        let inode: UInt64
        let path: String
    }

    let ranges: [Range]
    /// Whether the process still runs the program the file belongs to.
    let isStillThere: Bool

    /// What a process has mapped, whichever program it runs.
    static func of(_ pid: Int32) throws(ProbeError) -> ProcessMap {
        guard let text = text(pid) else { throw .ended(pid: pid) }
        return ProcessMap(ranges: parse(text), isStillThere: true)
    }

    /// Generous: some services map tens of thousands of pieces.
    private static let maximumBytes = 64 << 20

    static func ranges(of file: ProbeFile) throws(ProbeError) -> ProcessMap {
        let pid = file.process.pid
        let ranges = try of(pid).ranges
        var status = stat()
        guard fstat(file.descriptor.number, &status) == 0 else { throw .ended(pid: pid) }
        let inode = UInt64(status.st_ino)
        // The file is mapped by the one program that made it: not by what the process executed next, and not by another
        // process that got its number.
        let isStillThere = ranges.contains { $0.inode == inode && $0.addresses.contains(file.mappedAt) }
        return ProcessMap(ranges: ranges, isStillThere: isStillThere)
    }

    /// The lines that are such as the kernel writes them.
    static func parse(_ text: String) -> [Range] {
        text.split(separator: "\n").compactMap { line in
            // START-END rwxp OFFSET DEVICE INODE   PATH, which may hold spaces.
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count >= 5 else { return nil }
            let ends = fields[0].split(separator: "-")
            guard ends.count == 2, let start = UInt64(ends[0], radix: 16), let end = UInt64(ends[1], radix: 16),
                start < end, let offset = UInt64(fields[2], radix: 16), let inode = UInt64(fields[4])
            else { return nil }
            let path = fields.count == 6 ? fields[5].drop { $0 == " " } : ""
            return Range(
                addresses: start..<end, isCode: fields[1].contains("x"), fileOffset: offset, inode: inode,
                path: String(path))
        }
    }

    private static func text(_ pid: Int32) -> String? {
        let file = open(ProcessFolder.path(pid) + "/maps", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while result.count < maximumBytes {
            let count = read(file, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { break }
            result += chunk[..<count]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
