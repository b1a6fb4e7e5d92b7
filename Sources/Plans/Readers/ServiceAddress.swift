/// The form of a service's address: `http://host[:port][/base]` or `https`, with `{port}` for a port chosen later.
enum ServiceAddress {
    /// What is wrong with the text, or nil.
    static func problem(in text: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else {
            return "it does not begin with http:// or https://"
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let base = rest.dropFirst(authority.count)
        if authority.contains("@") { return "a user name is not taken" }
        if base.contains("?") || base.contains("#") { return "it has a query or a fragment" }
        guard let port = port(of: authority) else { return "the host is missing or malformed" }
        if let port, !isPort(port) { return "the port is not {port} or a number from 1 to 65535" }
        if !base.isEmpty, TargetText.problem(in: String(base), isStart: true) != nil {
            return "the path is malformed"
        }
        return nil
    }

    /// The text of the port, nil inside when there is none; nil when the host is malformed.
    private static func port(of authority: Substring) -> Substring?? {
        let host: Substring
        var rest: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") })
            else {
                return nil
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority.dropFirst(host.count)
            guard !host.isEmpty,
                host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") })
            else { return nil }
        }
        if rest.isEmpty { return .some(nil) }
        guard rest.first == ":" else { return nil }
        rest = rest.dropFirst()
        return .some(rest)
    }

    private static func isPort(_ text: Substring) -> Bool {
        if text == "{port}" { return true }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text)
        else {
            return false
        }
        return (1...65_535).contains(number)
    }
}
