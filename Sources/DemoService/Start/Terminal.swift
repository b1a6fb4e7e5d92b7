#if canImport(Glibc)
    import Glibc
#endif

/// Lines for the person who started the service.
enum Terminal {
    static let name = "DemoService"

    /// Writes a result.
    static func output(_ line: String) {
        write(line, to: STDOUT_FILENO)
    }

    /// Writes a diagnostic.
    static func error(_ line: String) {
        write(line, to: STDERR_FILENO)
    }

    // Not through `stdout` and `stderr`: they are global variables, and any thread may have something to say.
    private static func write(_ line: String, to descriptor: Int32) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
