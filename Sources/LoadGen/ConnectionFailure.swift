import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Words for what the transport reports, the same whatever the layer it comes from.
enum ConnectionFailure {
    static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: words(errno: error.errnoCode)
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                words(first.error)
            } else {
                "cannot resolve \(error.host)"
            }
        case ChannelError.connectTimeout: "connecting timed out"
        default: "connection failed"
        }
    }

    private static func words(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "connection reset"
        case ETIMEDOUT: "connecting timed out"
        case EMFILE, ENFILE: "too many open files; raise the limit with ulimit -n"
        case EADDRNOTAVAIL: "no local port is left"
        case EHOSTUNREACH, ENETUNREACH: "the host cannot be reached"
        default: "connection failed (error \(code))"
        }
    }
}
