import NIOCore

/// Names and addresses that lead to this machine and to no other.
enum Loopback {
    static func isAddress(_ host: String) -> Bool {
        if host == "localhost" { return true }
        // In the one form the system writes it in, not in one of the many it reads.
        guard let address = try? SocketAddress(ipAddress: host, port: 0), let text = address.ipAddress else {
            return false
        }
        switch address {
        case .v4: return text.hasPrefix("127.")
        case .v6: return text == "::1"
        case .unixDomainSocket: return false
        }
    }

    /// Whether the `Host` of a request is this machine by such a name; a page of the web, whose name somebody made lead
    /// here, is not.
    static func isHost(_ field: String) -> Bool {
        if field.hasPrefix("[") {
            let end = field.firstIndex(of: "]") ?? field.startIndex
            return isAddress(String(field[..<end].dropFirst()))
        }
        return isAddress(String(field.prefix { $0 != ":" }).lowercased())
    }
}
