import TLSWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a connection could not be opened, or ended.
enum ConnectionFailure: Error, Equatable {
    /// A number of the system's, as `errno` gives it.
    case system(CInt)
    case unresolved(host: String)
    case connectTimeout
    case closedWhileOpening
    /// What was said over the connection ended it, for this reason.
    case ended(String)
    case tls(TLSError)
}

extension ConnectionFailure: CustomStringConvertible {
    /// The failure in words without a final stop.
    var description: String {
        switch self {
        case .unresolved(let host): "cannot resolve \(host)"
        case .connectTimeout: "connecting timed out"
        case .closedWhileOpening: "connection closed while it was opened"
        case .ended(let reason): reason
        case .tls(let error): error.description
        case .system(let code): Self.words(code)
        }
    }

    private static func words(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "connection reset"
        case ETIMEDOUT: "connecting timed out"
        case EMFILE, ENFILE: "too many open files; raise the limit with ulimit -n"
        case EADDRNOTAVAIL: "no local port is left"
        case EAGAIN: "the socket's queue is full"
        case ENOENT: "there is no such socket"
        case EHOSTUNREACH, ENETUNREACH: "the host cannot be reached"
        default: "connection failed (error \(code))"
        }
    }
}
