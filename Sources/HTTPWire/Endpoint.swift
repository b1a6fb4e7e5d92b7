/// Where a service is reached: `http://host:port/base` or `https://host:port/base`.
package struct Endpoint: Sendable, Equatable {
    /// Whether TLS is spoken.
    package let isSecure: Bool
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// The path every target begins with, empty or `/base` without a slash at its end.
    package let path: String

    /// The longest address read, in bytes.
    package static let maximumLength = 8192

    /// Reads `http://host[:port][/base]` or `https://…`.
    ///
    /// An IPv6 address stands in brackets; the port is 80 or 443 where none is given.
    package init(_ text: String) throws(EndpointError) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong(limit: Self.maximumLength) }
        let shown = Self.shown(text)
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else { throw .forbiddenCharacter(shown) }
        let lower = text.prefix(8).lowercased()
        isSecure = lower.hasPrefix("https://")
        guard isSecure || lower.hasPrefix("http://") else { throw .notHTTP(shown) }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        guard !rest.contains("?"), !rest.contains("#") else { throw .queryOrFragment(shown) }
        let authority = rest.prefix { $0 != "/" }
        (host, port) = try Self.authority(authority, usualPort: Self.usualPort(isSecure: isSecure), shown: shown)
        var path = rest.dropFirst(authority.count)
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }

    static func usualPort(isSecure: Bool) -> Int { isSecure ? 443 : 80 }

    /// `http` or `https`.
    package var scheme: String { isSecure ? "https" : "http" }

    /// The `Host` field: the port is left out where it is the scheme's usual one.
    package var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.usualPort(isSecure: isSecure) ? name : "\(name):\(port)"
    }

    /// Splits `host:port`; errors name the text as `shown`.
    static func authority(
        _ text: Substring, usualPort: Int, shown: String
    ) throws(EndpointError) -> (host: String, port: Int) {
        guard !text.contains("@") else { throw .userInformation(shown) }
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { throw .malformedHost(shown) }
            host = text[text.index(after: text.startIndex)..<close]
            rest = text[text.index(after: close)...]
            let allowed = host.utf8.allSatisfy { Octets.hexValue($0) != nil || $0 == Octets.colon || $0 == 0x2E }
            guard allowed, host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { throw .malformedHost(shown) }
        } else {
            host = text.prefix { $0 != ":" }
            rest = text.dropFirst(host.count)
            guard !host.isEmpty else { throw .noHost(shown) }
            let allowed = host.utf8.allSatisfy { byte in
                Octets.isDigit(byte) || Octets.lowercased(byte) &- 0x61 < 26
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
            guard allowed, host.utf8.count <= 253 else { throw .malformedHost(shown) }
        }
        guard !rest.isEmpty else { return (String(host), usualPort) }
        let digits = rest.dropFirst()
        guard digits.utf8.allSatisfy(Octets.isDigit), digits.utf8.count <= 5, let port = Int(digits),
            (1...65535).contains(port)
        else { throw .malformedPort(shown) }
        return (String(host), port)
    }

    /// The text cut to a length that fits a message.
    static func shown(_ text: some StringProtocol) -> String {
        let safe = text.prefix(120).unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }
        var result = ""
        result.unicodeScalars.append(contentsOf: safe)
        return text.count > 120 ? result + "…" : result
    }
}
