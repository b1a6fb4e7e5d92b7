extension Endpoint {
    /// Reads a whole address, `http[s]://host[:port][/path][?query]`: where the service is, and what is asked of it.
    ///
    /// The endpoint has no path of its own; the target begins with a slash and is otherwise as it was written.
    package static func split(_ text: String) throws(EndpointError) -> (endpoint: Endpoint, target: String) {
        guard text.utf8.count <= maximumLength else { throw .tooLong(limit: maximumLength) }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
            throw .forbiddenCharacter(shown(text))
        }
        guard !text.contains("#") else { throw .fragment(shown(text)) }
        guard let scheme = text.firstRange(of: "://") else { throw .notHTTP(shown(text)) }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let endpoint = try Endpoint(String(text[..<authority.endIndex]))
        let target = rest.dropFirst(authority.count)
        return (endpoint, target.hasPrefix("/") ? String(target) : "/" + target)
    }
}
