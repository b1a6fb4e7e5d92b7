import ProbeLayout

#if canImport(Glibc)
    import Glibc
#endif

/// What one process shares: its counters, and what it was asked to record.
///
/// The file outlives the process. Everything in it is checked before it is believed, since any process of the same user
/// could have written it.
package struct ProbeFile: Sendable {
    /// A process and the program it runs.
    package struct Process: Sendable, Hashable {
        package let pid: Int32
        /// Clock ticks since boot; with the pid it names a process for good.
        package let startTime: UInt64
        /// How many programs this pid ran before in this folder.
        package let generation: UInt32
        /// The process this one was forked from without running a program of its own.
        package let forkedFrom: Int32?
        package let executable: String

        package init(pid: Int32, startTime: UInt64, generation: UInt32, forkedFrom: Int32?, executable: String) {
            self.pid = pid
            self.startTime = startTime
            self.generation = generation
            self.forkedFrom = forkedFrom
            self.executable = executable
        }
    }

    package let path: String
    package let process: Process
    /// The file of the allocator behind the probe; another allocator rounds differently, and then programs allocate
    /// differently.
    package let allocator: String

    let descriptor: ProbeDescriptor
    let mappedAt: UInt64
    let memory = ProcessMemoryOnce()

    package init(path: String) throws(ProbeError) {
        let name = path.split(separator: "/").last.flatMap { ProbeFileName($0) }
        try self.init(path: path, ProbeDescriptor(path: path, writing: true)) { pid in
            name.flatMap { UInt32($0.pid) == pid ? $0.generation : nil }
        }
    }

    /// The file of this very process, which has the probe linked in, by its open descriptor.
    package init(ownDescriptor number: Int32) throws(ProbeError) {
        let path = "/proc/self/fd/\(number)"
        // Another file may have got the number; then it is not a probe's, or not that of this process.
        try self.init(path: path, ProbeDescriptor(path: path, writing: true, following: true)) { pid in
            pid == UInt32(getpid()) ? 0 : nil
        }
    }

    /// `generation` says which program of the process it is, nil for another process.
    private init(
        path: String, _ descriptor: ProbeDescriptor, generation: (_ pid: UInt32) -> UInt32?
    ) throws(ProbeError) {
        self.path = path
        self.descriptor = descriptor
        guard let size = descriptor.size else { throw .file(path: path, reason: "not a regular file") }
        guard size == Int64(PL_FILE_SIZE) else { throw .size(path: path, size: size) }
        guard let header = descriptor.read(pl_header.self, at: 0), header.magic == ProbeLayoutNumbers.magic else {
            throw .notAProbeFile(path: path)
        }
        guard header.version == PL_VERSION else { throw .version(path: path, version: header.version) }
        guard let pid = Int32(exactly: header.pid), pid > 0, let generation = generation(header.pid) else {
            throw .otherProcess(path: path, pid: header.pid)
        }
        process = Process(
            pid: pid, startTime: header.start_time, generation: generation,
            forkedFrom: Int32(exactly: header.forked_from).flatMap { $0 == 0 ? nil : $0 },
            executable: descriptor.text(at: PL_EXECUTABLE_AT, size: PL_EXECUTABLE_SIZE))
        allocator = descriptor.text(at: PL_ALLOCATOR_AT, size: PL_ALLOCATOR_SIZE)
        mappedAt = header.mapped_at
    }

    /// Every file of the folder, or why it is none; by process, and by the order in which a process ran its programs.
    package static func all(in directory: String) throws(ProbeError) -> [Result<ProbeFile, ProbeError>] {
        guard let folder = opendir(directory) else {
            throw .file(path: directory, reason: String(cString: strerror(errno)))
        }
        defer { closedir(folder) }
        var names: [ProbeFileName] = []
        while let entry = readdir(folder) {
            guard names.count < ProbeLayoutNumbers.maximumFiles else {
                throw .inconsistent(
                    path: directory, what: "more than \(ProbeLayoutNumbers.maximumFiles) programs were started")
            }
            let text = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = ProbeFileName(Substring(text)) { names.append(name) }
        }
        return names.sorted().map { name in
            do throws(ProbeError) {
                return .success(try ProbeFile(path: "\(directory)/\(name)"))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The header as it is now.
    func header() throws(ProbeError) -> pl_header {
        guard let header = descriptor.read(pl_header.self, at: 0), header.magic == ProbeLayoutNumbers.magic else {
            throw .inconsistent(path: path, what: "the file was cut short or written over")
        }
        return header
    }
}

extension ProbeDescriptor {
    /// A text that ends with a zero or with its place.
    func text(at offset: Int, size: Int) -> String {
        let bytes = read(size, at: UInt64(offset)) ?? []
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
