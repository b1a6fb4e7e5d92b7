import ProcessGuard

#if canImport(Glibc)
    import Glibc
#endif

/// A shell command under guard: it and everything it starts ends with it, and with perfgate, however perfgate ends.
package actor ServiceProcess {
    /// How a command ended.
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)

        package var isSuccess: Bool { self == .exited(0) }

        package var text: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .killed(let signal): "was ended by signal \(signal)"
            }
        }
    }

    package nonisolated let command: String
    /// The file that holds what the command printed.
    package nonisolated let output: String
    private let process: pg_process
    private var pid: Int32?
    private var ending: Ending?
    private var isClean = false
    private var isReaped = false
    private var counter: Counter

    private enum Counter {
        case expected
        case open(Int32)
        case absent(PerfCounter.Problem)
    }

    /// Starts `command` with `/bin/sh -c` in `directory`.
    ///
    /// `environment` is the whole environment. What is printed goes to the file `output`, which is written anew.
    /// `counting` is what is counted of the command and of everything it starts, from its first instruction on.
    package init(
        command: String, directory: String, environment: [String: String], output: String,
        counting: PerfCounter.Event? = nil
    ) throws(CaptureError) {
        self.command = command
        self.output = output
        let file = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .file(path: output, reason: Self.describe(errno)) }
        defer { close(file) }
        var process = pg_process()
        let result = CStringArray.with(["/bin/sh", "-c", command]) { arguments in
            CStringArray.with(environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }) { variables in
                pg_start(
                    "/bin/sh", arguments, variables, directory, file, counting?.number ?? Int32(PG_UNCOUNTED), &process)
            }
        }
        guard result == 0 else { throw .start(command: command, reason: Self.describe(result)) }
        self.process = process
        counter = counting == nil ? .absent(.notAskedFor) : .expected
    }

    /// Waits until the command runs, and returns its process id.
    package func started() async throws(CaptureError) -> Int32 {
        while true {
            readEvents()
            if let failure { throw failure }
            if let pid { return pid }
            if isClean { throw .start(command: command, reason: "the guard ended") }
            try await pause(milliseconds: 2)
        }
    }

    private var failure: CaptureError?

    /// The process that watches over the command, whose children the command's become when their parent ends.
    package nonisolated var guardian: Int32 { process.guard }

    /// How the command ended, or nil while it runs.
    package func hasEnded() -> Ending? {
        readEvents()
        return ending
    }

    /// Waits until the command ends by itself.
    ///
    /// `heedsCancellation` is false for what must be done even when the run is interrupted.
    package func waitForEnd(heedsCancellation: Bool = true) async throws(CaptureError) -> Ending {
        while true {
            readEvents()
            if let failure { throw failure }
            if let ending { return ending }
            if heedsCancellation {
                try await pause(milliseconds: 10)
            } else {
                await Pause.unconditionally(milliseconds: 10)
            }
        }
    }

    /// Ends the command: SIGTERM, after `grace` SIGKILL, for it and all its descendants; returns when nothing is left.
    ///
    /// Works in a cancelled task too, and may be called again. True when the command heeded SIGTERM.
    @discardableResult
    package func stop(grace: Duration) async -> Bool {
        var heeded = true
        if !isClean { order("T") }
        let deadline = ContinuousClock.now + grace
        while !isClean {
            readEvents()
            if isClean { break }
            if ContinuousClock.now > deadline, heeded {
                heeded = false
                order("K")
            }
            // Leaving early would leave processes behind.
            await Pause.unconditionally(milliseconds: 2)
        }
        reap()
        return heeded
    }

    private func reap() {
        // Only once: afterwards the descriptors' numbers and the process id may be somebody else's.
        guard !isReaped else { return }
        isReaped = true
        receiveCounter()
        if case .open(let descriptor) = counter { close(descriptor) }
        counter = .absent(.stopped)
        close(process.control)
        close(process.events)
        var status: Int32 = 0
        while waitpid(process.guard, &status, 0) < 0, errno == EINTR {}
    }

    /// The last bytes of what the command printed.
    package nonisolated func printed(last limit: Int = 4096) -> String {
        let file = open(output, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        _ = lseek(file, max(0, size - off_t(limit)), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = read(file, &bytes, limit)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// What was counted so far, or why nothing was; the last reading is the one before ``stop(grace:)``.
    package func counted() throws(PerfCounter.Problem) -> PerfCounter.Reading {
        receiveCounter()
        switch counter {
        case .open(let descriptor): return try PerfCounter.Reading(of: descriptor)
        case .absent(let problem): throw problem
        case .expected: throw .notHandedOver
        }
    }

    private func receiveCounter() {
        guard case .expected = counter else { return }
        var process = process
        var descriptor: Int32 = -1
        switch pg_receive_counter(&process, &descriptor) {
        case 0: counter = .open(descriptor)
        case EAGAIN: break
        case ESRCH: counter = .absent(.notHandedOver)
        case let failure: counter = .absent(.refused(failure))
        }
    }

    private func order(_ letter: Character) {
        guard var byte = letter.asciiValue else { return }
        // The guard may have ended already, which its events tell.
        _ = send(process.control, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    private func readEvents() {
        while !isClean {
            var event = pg_event()
            let count = read(process.events, &event, MemoryLayout<pg_event>.size)
            if count == 0 {
                isClean = true
                // A guard that is gone without a word was killed, and the kernel killed the command with it.
                if ending == nil { ending = .killed(signal: SIGKILL) }
            }
            guard count == MemoryLayout<pg_event>.size else { return }
            switch Int(event.kind) {
            case Int(PG_STARTED): pid = event.value
            case Int(PG_FAILED): failure = Self.failure(event, command)
            case Int(PG_ENDED): ending = Self.ending(waitStatus: event.value)
            default: isClean = true
            }
        }
    }

    private func pause(milliseconds: Int64) async throws(CaptureError) {
        do {
            try await Task.sleep(for: .milliseconds(milliseconds))
        } catch {
            throw .interrupted
        }
    }

    private static func failure(_ event: pg_event, _ command: String) -> CaptureError {
        let step = Int(event.detail) == Int(PG_AT_DIRECTORY) ? "cannot enter the folder: " : ""
        return .start(command: command, reason: step + describe(event.value))
    }

    private static func ending(waitStatus: Int32) -> Ending {
        waitStatus & 0x7f == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal: waitStatus & 0x7f)
    }

    private static func describe(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Swift strings as the null-terminated array C wants.
enum CStringArray {
    static func with<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + strings.count).initialize(to: nil)
        defer {
            for index in strings.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return body(pointers)
    }
}
