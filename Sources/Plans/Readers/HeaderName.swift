/// The rules for names of headers.
package enum HeaderName {
    /// Set for every request by the load generator, in lower case.
    package static let ownedByGenerator: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "te", "traceparent", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Whether the text is a token of RFC 9110.
    package static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 256
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    /// Reports a key that is not the name of a header.
    static func check(_ member: Member) -> Bool {
        if isToken(member.key) { return true }
        member.report("\(quoted(member.key)) is not the name of a header")
        return false
    }
}
