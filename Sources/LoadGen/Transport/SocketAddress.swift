#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An address a socket can connect to.
struct SocketAddress: Sendable, Equatable {
    let family: CInt
    private let bytes: [UInt8]

    private init(family: CInt, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// The address of a Unix socket; nil where its path has more than 107 bytes.
    init?(unix path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return nil }
        self.init(family: AF_UNIX, bytes: withUnsafeBytes(of: &address) { Array($0) })
    }

    var isInternet: Bool { family == AF_INET || family == AF_INET6 }

    /// Calls `body` with the address as the system's calls take it.
    func withBytes<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { storage in
            storage.copyBytes(from: bytes.prefix(storage.count))
            return storage.withMemoryRebound(to: sockaddr.self) {
                body($0.baseAddress.unsafelyUnwrapped, socklen_t(bytes.count))
            }
        }
    }

    /// The addresses of a name or a number, the preferred first; waits for the resolver.
    static func resolve(host: String, port: Int) throws(ConnectionFailure) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        var addresses: [SocketAddress] = []
        var next = status == 0 ? found : nil
        while let entry = next?.pointee {
            if let address = entry.ai_addr {
                let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
                addresses.append(SocketAddress(family: entry.ai_family, bytes: Array(bytes)))
            }
            next = entry.ai_next
        }
        guard !addresses.isEmpty else { throw .unresolved(host: host) }
        return addresses
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/path`.
    var description: String {
        if family == AF_UNIX {
            let path = bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }
            return "unix:\(String(decoding: path, as: UTF8.self))"
        }
        var host = [CChar](repeating: 0, count: 256)
        var port = [CChar](repeating: 0, count: 32)
        let status = withBytes { address, length in
            getnameinfo(
                address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                CInt(NI_NUMERICHOST) | CInt(NI_NUMERICSERV))
        }
        guard status == 0 else { return "an unnamed address" }
        func text(_ bytes: [CChar]) -> String {
            String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return family == AF_INET6 ? "[\(text(host))]:\(text(port))" : "\(text(host)):\(text(port))"
    }
}
