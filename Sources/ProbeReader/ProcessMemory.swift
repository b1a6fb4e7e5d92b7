import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The memory of a process that runs the program a probe's file belongs to, read from outside.
///
/// Open for as long as it is used: the kernel then gives what belongs to this program or nothing, whatever becomes of
/// the process and its number.
struct ProcessMemory {
    let pid: Int32
    private let descriptor: ProbeDescriptor

    init(of file: ProbeFile) throws(ProbeError) {
        pid = file.process.pid
        do throws(ProbeError) {
            descriptor = try ProbeDescriptor(path: ProcessFolder.path(pid) + "/mem", writing: false)
        } catch .file(_, let reason) {
            throw kill(pid, 0) == 0 ? .memory(pid: pid, reason: reason) : .ended(pid: pid)
        }
        // In this order: what is open now is what is looked at next.
        guard try file.isMapped() else { throw .ended(pid: file.process.pid) }
    }

    func word(at address: UInt64) -> UInt64? { descriptor.read(UInt64.self, at: address) }

    func bytes(_ count: Int, at address: UInt64) -> [UInt8]? { descriptor.read(count, at: address) }
}

/// The memory of a file's process, opened when it is first asked for and then kept.
///
/// Whether the process still is the one that made the file has to be found out once only, and takes longer than all the
/// rest of a reading.
final class ProcessMemoryOnce: Sendable {
    private let memory = Mutex<Result<ProcessMemory, ProbeError>?>(nil)

    func get(of file: ProbeFile) throws(ProbeError) -> ProcessMemory {
        let result: Result<ProcessMemory, ProbeError> = memory.withLock { known in
            if let known { return known }
            do throws(ProbeError) {
                known = .success(try ProcessMemory(of: file))
                return known ?? .failure(.ended(pid: file.process.pid))
            } catch {
                // A process that has ended stays so.
                if case .ended = error { known = .failure(error) }
                return .failure(error)
            }
        }
        return try result.get()
    }
}
