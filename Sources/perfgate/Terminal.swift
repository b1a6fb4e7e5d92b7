import Gate

#if canImport(Glibc)
    import Glibc
#endif

/// What the standard streams are, and writing to them: results to the output, everything else to the error stream.
struct Terminal: Sendable {
    /// Whether standard error is a terminal that can be written over.
    let isInteractive: Bool
    /// Whether colour is wanted on standard output.
    let hasColor: Bool
    /// Columns of standard output.
    let width: Int
    private let errorHasColor: Bool

    init(environment: [String: String]) {
        let isDumb = environment["TERM"] == "dumb"
        // https://no-color.org: any value but an empty one.
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        isInteractive = isatty(STDERR_FILENO) == 1 && !isDumb && environment["CI"] == nil
        hasColor = isatty(STDOUT_FILENO) == 1 && !isDumb && !isPlain
        errorHasColor = isatty(STDERR_FILENO) == 1 && !isDumb && !isPlain
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? max(20, Int(size.ws_col)) : 100
    }

    /// Writes a result; one that cannot be written is an error, but for a reader that has gone away.
    func output(_ text: String) throws(GateError) {
        let failure = Self.write(text, to: STDOUT_FILENO)
        guard failure == 0 || failure == EPIPE else {
            throw .file(path: "standard output", reason: String(cString: strerror(failure)))
        }
    }

    func diagnostic(_ text: String) {
        Self.write(text + "\n", to: STDERR_FILENO)
    }

    /// An error, with a red word in front of it on a terminal.
    func error(_ text: String) {
        diagnostic((errorHasColor ? "\u{1b}[1;31merror:\u{1b}[0m " : "error: ") + text)
    }

    /// Writes over the current line of the error stream; a text that is too long for one line is cut.
    func status(_ text: String) {
        Self.write("\r\u{1b}[K" + text.prefix(width - 1), to: STDERR_FILENO)
    }

    /// Leaves the current line of the error stream as it is.
    func nextLine() {
        Self.write("\n", to: STDERR_FILENO)
    }

    /// Goes back to the line above.
    func previousLine() {
        Self.write("\r\u{1b}[1A", to: STDERR_FILENO)
    }

    /// Gives the error number, or 0.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            offset += count
        }
        return 0
    }
}
