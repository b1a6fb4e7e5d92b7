package import Profiles

extension ProcessMap {
    /// The executable parts of files, by address, with the builds they are of.
    func modules() -> [AddressProfile.Module] {
        var builds: [String: String] = [:]
        return ranges.filter { $0.isCode && $0.path.hasPrefix("/") }.map { range in
            // The kernel says so of a file that was replaced since; its path names another one now.
            let isGone = range.path.hasSuffix(" (deleted)")
            let path = isGone ? String(range.path.dropLast(" (deleted)".count)) : range.path
            if builds[path] == nil { builds[path] = isGone ? "" : Self.build(of: path) }
            return AddressProfile.Module(
                path: path, buildID: builds[path] ?? "", addresses: range.addresses, fileOffset: range.fileOffset)
        }
    }

    private static func build(of path: String) -> String {
        MappedFile.reader(path).flatMap { ELFFile($0) }.flatMap { $0.buildID() } ?? ""
    }
}

/// The files a process has mapped, read from their places.
package enum MappedFile {
    /// Reads pieces of a file; nil where it cannot be opened.
    package static func reader(_ path: String) -> ELFFile.Reader? {
        guard let file = try? ProbeDescriptor(path: path, writing: false, following: true),
            let size = file.size
        else { return nil }
        return { offset, count in
            // What a damaged file claims of its size is not a reason to ask for so much memory.
            guard count >= 0, offset <= UInt64(size), count <= size - Int64(offset) else { return nil }
            return file.read(count, at: offset)
        }
    }
}
