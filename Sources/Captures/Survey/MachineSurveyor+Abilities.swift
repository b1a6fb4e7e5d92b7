import ProbeReader
import Recordings
import SystemCalls

#if canImport(Glibc)
    import Glibc
#endif

extension MachineSurveyor {
    typealias Ability = MachineSurvey.Ability

    /// Listens on a port of 127.0.0.1 that the kernel chooses, and connects to it.
    static func loopback() -> Ability {
        func socket() -> Int32 { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) }
        let listener = socket()
        guard listener >= 0 else { return .fails("a socket cannot be made: \(reason(errno))") }
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7f00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else { return .fails("127.0.0.1 cannot be listened on: \(reason(errno))") }
        let client = socket()
        guard client >= 0 else { return .fails("a socket cannot be made: \(reason(errno))") }
        defer { close(client) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, size) == 0 }
        }
        return isConnected ? .works : .fails("127.0.0.1 cannot be connected to: \(reason(errno))")
    }

    static func children() -> Ability {
        let path = "/proc/\(getpid())/task/\(getpid())/children"
        return ProcFile.text(path) == nil ? .fails("\(path) cannot be read") : .works
    }

    /// Preloads the probe into a shell that does nothing, and looks for what it counted.
    static func nativeProbe() -> Ability {
        do throws(CaptureError) {
            let probe = try PreloadedProbe(mode: [])
            defer { probe.remove() }
            let shell = programs(adding: probe.environment(of: [:]))
            guard shell.works else { return shell }
            let files = (try? ProbeFile.all(in: probe.folder)) ?? []
            let hasCounted = files.contains { (try? $0.get().counters().allocations) ?? 0 > 0 }
            return hasCounted ? .works : .fails("preloaded into /bin/sh it counts nothing")
        } catch {
            return .fails(error.message)
        }
    }

    /// Runs a shell that does nothing, with these variables besides its own.
    static func programs(adding variables: [String: String] = [:]) -> Ability {
        var id: pid_t = 0
        // `env` adds them and becomes the shell.
        let shell = ["/bin/sh", "-c", ":"]
        let words = variables.isEmpty ? shell : ["/usr/bin/env"] + variables.map { "\($0.key)=\($0.value)" } + shell
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let failure = posix_spawn(&id, words[0], nil, nil, &arguments, environ)
        guard failure == 0 else { return .fails("\(words[0]) cannot be started: \(reason(failure))") }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return .fails("/bin/sh cannot be waited for: \(reason(errno))") }
        }
        return status == 0 ? .works : .fails("/bin/sh ended with status \(status)")
    }

    /// Asks for the scheduling class the load generator asks for, and gives it back.
    static func realTime() -> Ability {
        let failure = enterRealTime()
        guard failure == 0 else { return .fails(reason(failure)) }
        leaveRealTime()
        return .works
    }

    /// Gives 0 or the error number.
    static func enterRealTime() -> Int32 {
        var parameters = sched_param()
        parameters.sched_priority = 1
        return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters)
    }

    static func leaveRealTime() {
        var parameters = sched_param()
        parameters.sched_priority = 0
        _ = pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters)
    }

    static func instructions() -> Ability {
        var count: UInt64 = 0
        let failure = sc_count_instructions(&count)
        return failure == 0 ? .works : .fails(reason(failure))
    }

    /// The name of an error where advice depends on it, else the system's words.
    private static func reason(_ failure: Int32) -> String {
        switch failure {
        case EPERM: "EPERM"
        case EACCES: "EACCES"
        case ENOENT: "ENOENT"
        case ENOSYS: "ENOSYS"
        case ENODEV: "ENODEV"
        case EOPNOTSUPP: "EOPNOTSUPP"
        case ENODATA: "ENODATA"
        default: String(cString: strerror(failure))
        }
    }
}
