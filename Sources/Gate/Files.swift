#if canImport(Glibc)
    import Glibc
#endif

/// Reading and writing whole files.
package enum Files {
    /// Writes beside the file and renames, so that a reader sees the old content or the new, never a part.
    package static func write(_ bytes: [UInt8], to path: String) throws(GateError) {
        let temporary = "\(path).\(getpid()).tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .file(path: path, reason: reason()) }
        do throws(GateError) {
            try write(bytes, to: file, path: path)
            guard fsync(file) == 0 else { throw .file(path: path, reason: reason()) }
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
        // Some file systems report a full disk only now.
        guard close(file) == 0, rename(temporary, path) == 0 else {
            let failure = reason()
            unlink(temporary)
            throw .file(path: path, reason: failure)
        }
    }

    /// Appends a text to a file that others may append to as well.
    package static func append(_ text: String, to path: String) throws(GateError) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .file(path: path, reason: reason()) }
        defer { close(file) }
        try write(Array(text.utf8), to: file, path: path)
    }

    /// Throws where ``write(_:to:)`` could not put a file, or would put one in the place of a device or a pipe.
    package static func checkWritable(_ path: String) throws(GateError) {
        var information = stat()
        if stat(path, &information) == 0, information.st_mode & S_IFMT != S_IFREG {
            throw .usage("\(path) is not a file that can be written anew")
        }
        var folder = "."
        if let slash = path.lastIndex(of: "/") { folder = String(path[...slash]) }
        guard access(folder, W_OK | X_OK) == 0 else { throw .file(path: path, reason: reason()) }
    }

    package static func read(_ path: String, limit: Int) throws(GateError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file(path: path, reason: reason()) }
        defer { close(file) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, reason: reason()) }
            if count == 0 { return result }
            result += chunk[..<count]
            guard result.count <= limit else { throw .file(path: path, reason: "it has more than \(limit) bytes") }
        }
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(GateError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o755) != 0, errno != EEXIST { throw .file(path: partial, reason: reason()) }
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether the name is that of a file itself, not of a link, a folder or a pipe.
    static func isRegular(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    package static var workingFolder: String {
        guard let pointer = getcwd(nil, 0) else { return "." }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// `path` as it is when absolute, else below `folder`.
    package static func resolve(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    private static func write(_ bytes: [UInt8], to file: Int32, path: String) throws(GateError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(path: path, reason: reason()) }
            offset += count
        }
    }

    fileprivate static func reason() -> String { String(cString: strerror(errno)) }
}

extension Files {
    /// The path with symbolic links and dots resolved, or as it is when that is not possible.
    package static func canonical(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// A folder that git does not look into.
    package static func makePrivateFolder(_ path: String) throws(GateError) {
        try makeFolder(path)
        let ignore = path + "/.gitignore"
        if !exists(ignore) { try write(Array("*\n".utf8), to: ignore) }
    }
}

extension Files {
    /// Cuts a file down to its last bytes.
    static func keepEnd(of path: String, bytes limit: Int) throws(GateError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file(path: path, reason: reason()) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        guard size > off_t(limit) else { return }
        var end = [UInt8](repeating: 0, count: limit)
        let count = pread(file, &end, limit, size - off_t(limit))
        guard count >= 0 else { throw .file(path: path, reason: reason()) }
        try write(Array(end[..<count]), to: path)
    }
}

extension Files {
    /// When a file was last written, in whole seconds since 1970.
    static func modified(_ path: String) -> Int? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mtim.tv_sec : nil
    }
}
