extension Endpoint {
    /// The target a `Location` leads to, seen from the target that was asked for (RFC 3986, section 5.2).
    ///
    /// Only this endpoint's own scheme, host and port are followed. The result begins with a slash, has no fragment
    /// and no `.` or `..` segments; bytes a target cannot have are percent-encoded, control characters refused.
    package func target(ofLocation location: String, from target: String) throws(EndpointError) -> String {
        guard location.utf8.count <= Self.maximumLength else { throw .tooLong(limit: Self.maximumLength) }
        let shown = Self.shown(location)
        guard location.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x5C }) else {
            throw .forbiddenCharacter(shown)
        }
        var reference = location[...]
        if let hash = reference.firstIndex(of: "#") { reference = reference[..<hash] }
        if let scheme = Self.scheme(of: reference) {
            guard scheme.lowercased() == self.scheme else { throw .otherOrigin(shown) }
            reference = reference.dropFirst(scheme.count + 1)
            guard reference.hasPrefix("//") else { throw .malformedHost(shown) }
        }
        if reference.hasPrefix("//") {
            let authority = reference.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
            let (host, port) = try Self.authority(
                authority, usualPort: Self.usualPort(isSecure: isSecure), shown: shown)
            guard host.lowercased() == self.host.lowercased(), port == self.port else { throw .otherOrigin(shown) }
            reference = reference.dropFirst(2 + authority.count)
            if reference.isEmpty { return "/" }
        } else if reference.isEmpty {
            return target
        }
        let base = target.prefix { $0 != "?" }
        let path = reference.prefix { $0 != "?" }
        let query = reference.dropFirst(path.count)
        let merged: String
        if path.isEmpty {
            // A bare query keeps the path it was asked from, or the root of the address it names.
            merged = reference.startIndex == location.startIndex ? String(base) : "/"
        } else if path.hasPrefix("/") {
            merged = Self.withoutDots(path)
        } else {
            let folder = base.lastIndex(of: "/").map { base[...$0] } ?? "/"
            merged = Self.withoutDots(folder + path)
        }
        return Self.encoded(merged + query)
    }

    private static func scheme(of text: Substring) -> Substring? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon]
        guard let first = scheme.utf8.first, Octets.lowercased(first) &- 0x61 < 26 else { return nil }
        let allowed = scheme.utf8.allSatisfy { byte in
            Octets.lowercased(byte) &- 0x61 < 26 || Octets.isDigit(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E
        }
        return allowed ? scheme : nil
    }

    /// Resolves `.` and `..` (RFC 3986, section 5.2.4).
    private static func withoutDots(_ path: some StringProtocol) -> String {
        var kept: [Substring] = []
        let segments = Substring(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (offset, segment) in segments.enumerated() {
            let isLast = offset == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    private static func encoded(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte <= 0x20 || byte >= 0x7F {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
