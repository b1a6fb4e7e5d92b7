#if canImport(Glibc)
    import Glibc
#endif

/// An open file, read and written in pieces.
///
/// Not mapped: the process at the other end may cut the file short at any time, and a read then only ends early.
final class ProbeDescriptor: Sendable {
    let number: Int32

    /// Opens what is there; never waits for a pipe, and does not follow a link unless told to.
    init(path: String, writing: Bool, following: Bool = false) throws(ProbeError) {
        let flags = (writing ? O_RDWR : O_RDONLY) | (following ? 0 : O_NOFOLLOW)
        number = open(path, flags | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(number) }

    /// The size, nil for what is not a file of the disk.
    var size: Int64? {
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// Exactly so many bytes from an offset on, or nil.
    func read(_ count: Int, at offset: UInt64) -> [UInt8]? {
        guard count > 0, offset <= UInt64(Int64.max) else { return count == 0 ? [] : nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = pread(number, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + filled)
                if got < 0, errno == EINTR { continue }
                if got <= 0 { break }
                filled += got
            }
        }
        return bytes.count == count ? bytes : nil
    }

    /// One plain value.
    func read<Value: BitwiseCopyable>(_ type: Value.Type, at offset: UInt64) -> Value? {
        read(MemoryLayout<Value>.size, at: offset)?.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    func write(_ value: UInt64, at offset: UInt64) -> Bool {
        withUnsafeBytes(of: value) { pwrite(number, $0.baseAddress, 8, off_t(offset)) == 8 }
    }

    /// Gives a part of the file memory; nil, or why not.
    func reserve(_ count: Int, at offset: Int) -> String? {
        let failure = posix_fallocate(number, off_t(offset), off_t(count))
        return failure == 0 ? nil : String(cString: strerror(failure))
    }
}
