import Profiles

#if canImport(Glibc)
    import Glibc
#endif

/// What an executable was built with, as far as the file says.
package enum Toolchain {
    /// Go's version with the settings that change how fast a program is, else the compilers; nil when the file says
    /// neither.
    ///
    /// As in `go1.27.3 -tags=netgo CGO_ENABLED=0` and `GCC: (Debian 12.2.0-14) 12.2.0; rustc version 1.90.0`. The text
    /// is bounded and printable, but comes from the file.
    package static func of(executable path: String) -> String? {
        // A path may name a pipe, which would be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = UInt64(clamping: status.st_size)
        return of { offset, count in
            guard offset <= size, UInt64(count) <= size - offset else { return nil }
            return read(file, from: offset, count: count)
        }
    }

    /// The same of a file in memory.
    static func of(file bytes: [UInt8]) -> String? {
        of { offset, count in
            guard offset <= bytes.count, count <= bytes.count - Int(offset) else { return nil }
            return Array(bytes[Int(offset)...].prefix(count))
        }
    }

    private static let maximumBuildInformation = 1 << 20
    private static let maximumComment = 1 << 16

    private static func of(_ reader: @escaping ELFFile.Reader) -> String? {
        guard let sections = ELFFile(reader) else { return nil }
        if let bytes = sections.bytes(of: ".go.buildinfo", limit: maximumBuildInformation),
            let go = GoBuildInformation(bytes)
        {
            return go.text
        }
        return sections.bytes(of: ".comment", limit: maximumComment).flatMap { compilers($0) }
    }

    /// The compilers a `.comment` section names, each once and sorted, since the order is that of the linker's input.
    private static func compilers(_ comment: [UInt8]) -> String? {
        let all = Set(comment.split(separator: 0).prefix(1024).compactMap { PlainText.of($0) })
        let names = all.filter { !$0.isEmpty && !$0.hasPrefix("Linker: ") }.sorted()
        return names.isEmpty ? nil : names.prefix(8).joined(separator: "; ")
    }

    private static func read(_ file: Int32, from offset: UInt64, count: Int) -> [UInt8]? {
        var result = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let step = result.withUnsafeMutableBytes { buffer in
                pread(file, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
            }
            if step < 0, errno == EINTR { continue }
            // A file that has become shorter meanwhile.
            guard step > 0 else { return nil }
            done += step
        }
        return result
    }
}

/// Text from an executable that may be shown: printable ASCII, cut.
enum PlainText {
    /// Nil for what is no text.
    static func of(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String? {
        guard bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        return String(decoding: bytes.prefix(limit), as: UTF8.self) + (bytes.count > limit ? "..." : "")
    }
}
