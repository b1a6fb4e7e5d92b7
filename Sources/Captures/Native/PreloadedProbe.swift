package import ProbeReader

#if canImport(Glibc)
    import Glibc
#endif

/// The native probe of one launch of a service: the folder its processes leave their counts in, and what makes them.
package struct PreloadedProbe: Sendable {
    package let folder: String
    private let library: String
    private let mode: ProbeMode
    /// Held for as long as the folder is in use, by a lock that ends with perfgate however perfgate ends.
    private let lock: Int32

    /// Makes blocks come in one size.
    ///
    /// A Swift array grows into the block it was given, and the C library gives one that is 16 bytes too large when a
    /// thread has none of the right size at hand: then the array grows once less. With this many at hand a thread has.
    private static let steadyBlocks = "glibc.malloc.tcache_count=2000"

    private static let prefix = "perfgate-probe-"
    private static let lockName = "in-use"
    private static let places = ["/dev/shm", "/tmp"]
    /// What the folder's file system must have free: the stacks of a few processes.
    private static let leastSpace: UInt64 = 64 << 20

    /// Makes a folder that nobody else can look into, and that `remove()` removes.
    package init(mode: ProbeMode, library: String? = nil) throws(CaptureError) {
        let library = if let library { library } else { try ProbeLibrary.find() }
        for place in Self.places { Self.removeAbandoned(in: place) }
        let place = try Self.place()
        var template = Array("\(place)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .file(path: place, reason: "no folder for the probe: \(String(cString: strerror(errno)))")
        }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // A list of libraries to preload is separated by spaces and colons, which the path of an installation may have.
        self.library = "\(folder)/\(ProbeLibrary.name)"
        self.mode = mode
        lock = open("\(folder)/\(Self.lockName)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        // Another perfgate may just be looking whether the folder is abandoned, and removes one that was empty.
        guard lock >= 0, flock(lock, LOCK_EX) == 0, access(folder, F_OK) == 0, symlink(library, self.library) == 0
        else {
            let reason = String(cString: strerror(errno))
            if lock >= 0 { close(lock) }
            Self.remove(folder)
            throw .file(path: folder, reason: reason)
        }
    }

    /// What the service is to find in its environment; its own preloaded libraries stay.
    package func environment(of service: [String: String]) -> [String: String] {
        let own = service["LD_PRELOAD"].map { $0.isEmpty ? "" : ":\($0)" } ?? ""
        return [
            "LD_PRELOAD": library + own, "PERFGATE_PROBE_DIR": folder, "PERFGATE_PROBE_MODE": mode.environmentValue,
            "GLIBC_TUNABLES": service["GLIBC_TUNABLES"] ?? Self.steadyBlocks,
        ]
    }

    /// Removes the folder and what is in it; to be called once.
    package func remove() {
        Self.remove(folder)
        close(lock)
    }

    /// In memory where there is room: what the probe counts should not be written to a disk.
    private static func place() throws(CaptureError) -> String {
        var refusals: [String] = []
        for place in places {
            var information = statvfs()
            if access(place, W_OK | X_OK) != 0 || statvfs(place, &information) != 0 {
                refusals.append("\(place): \(String(cString: strerror(errno)))")
            } else if UInt64(information.f_bavail) * UInt64(information.f_frsize) < leastSpace {
                refusals.append("\(place) has less than \(leastSpace >> 20) MiB free")
            } else {
                return place
            }
        }
        throw .file(path: "/dev/shm", reason: "no place for the probe's counts: \(refusals.joined(separator: "; "))")
    }

    /// Removes what a perfgate that was killed left behind.
    private static func removeAbandoned(in place: String) {
        for name in ProcFile.entries(place) where name.hasPrefix(prefix) {
            let path = "\(place)/\(name)"
            var information = stat()
            guard lstat(path, &information) == 0, information.st_uid == getuid(),
                information.st_mode & S_IFMT == S_IFDIR
            else { continue }
            let lock = open("\(path)/\(lockName)", O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
            guard lock >= 0 else { continue }
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { remove(path) }
            close(lock)
        }
    }

    private static func remove(_ folder: String) {
        for name in ProcFile.entries(folder) { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
