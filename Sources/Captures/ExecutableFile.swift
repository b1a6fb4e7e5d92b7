#if canImport(Glibc)
    import Glibc
#endif

/// A file that is read piece by piece, at whichever place is wanted.
///
/// Safe to share: nothing of it changes, and reading at a place moves no position.
final class ExecutableFile: Sendable {
    private let descriptor: Int32
    private let size: UInt64

    /// Nil for what is no regular file or cannot be opened; a path may name a pipe, which would be waited for.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        size = UInt64(clamping: status.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly so many bytes from an offset on, or nil where the file has no such bytes.
    func read(from offset: UInt64, count: Int) -> [UInt8]? {
        guard count >= 0, offset <= size, UInt64(count) <= size - offset else { return nil }
        var done = 0
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while done < count {
                let step = pread(
                    descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
                if step < 0, errno == EINTR { continue }
                // A file that has become shorter meanwhile.
                guard step > 0 else { break }
                done += step
            }
            initialized = done
        }
        return done == count ? result : nil
    }
}
