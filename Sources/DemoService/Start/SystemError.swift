#if canImport(Glibc)
    import Glibc
#endif

/// A system call that failed.
struct SystemError: Error {
    let call: String
    let code: Int32

    /// Reads the thread's last error; to be called at once after the failed call.
    init(lastErrorOf call: String) {
        self.init(call: call, code: errno)
    }

    init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The error in words.
    var sentence: String {
        "\(call) failed: \(String(cString: strerror(code)))"
    }
}
