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
        guard let bytes = bytes(pid) else { throw .ended(pid: pid) }
        return ProcessMap(ranges: parse(String(decoding: bytes, as: UTF8.self)), isStillThere: true)
    }

    /// Whether a process has the file with this number mapped where this address is.
    ///
    /// It is asked many times a second while a service is measured, which parsing every line would be felt in.
    static func maps(_ address: UInt64, inode: UInt64, in pid: Int32) throws(ProbeError) -> Bool {
        guard let bytes = bytes(pid) else { throw .ended(pid: pid) }
        return bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                start = end + 1
                guard let low = hexadecimal(line, from: 0), line.dropFirst(low.end).first == UInt8(ascii: "-"),
                    let high = hexadecimal(line, from: low.end + 1),
                    (low.value..<max(low.value, high.value)).contains(address)
                else { continue }
                return parse(String(decoding: line, as: UTF8.self)).first?.inode == inode
            }
            return false
        }
    }

    /// The number that begins at a place, and where it ends; nil where none does or it is too large.
    private static func hexadecimal(_ line: UnsafeRawBufferPointer, from start: Int) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        var place = start
        while place < line.count {
            let digit: UInt8
            switch line[place] {
            case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): digit = byte - UInt8(ascii: "0")
            case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte):
                digit = byte - UInt8(ascii: "a") + 10
            default: return place > start ? (value, place) : nil
            }
            guard value >> 60 == 0 else { return nil }
            value = value << 4 | UInt64(digit)
            place += 1
        }
        return place > start ? (value, place) : nil
    }

    /// Generous: some services map tens of thousands of pieces.
    private static let maximumBytes = 64 << 20

    static func ranges(of file: ProbeFile) throws(ProbeError) -> ProcessMap {
        let ranges = try of(file.process.pid).ranges
        let inode = try file.inode()
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

    private static func bytes(_ pid: Int32) -> [UInt8]? {
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
        return result
    }
}
