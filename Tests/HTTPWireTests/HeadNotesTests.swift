import HTTPWire
import Testing

@Suite("What a head says beside its framing")
struct HeadNotesTests {
    private static let interim = "HTTP/1.1 103 Early\r\nSet-Cookie: a=1\r\nContent-Encoding: gzip\r\n\r\n"

    @Test(
        "cookies and an encoding are noted, of the final head alone",
        arguments: [
            ("Set-Cookie: a=1\r\n", true, false),
            ("SET-COOKIE: a=1\r\ncontent-encoding: gzip\r\n", true, true),
            ("Content-Encoding: br\r\n", false, true),
            (
                "Set-Cookie2: a=1\r\nXet-Cookie: a\r\nContent-Encodinx: b\r\nTransfer-Encoding: chunked\r\n", false,
                false
            ),
            ("", false, false),
        ])
    func notes(fields: String, setsCookies: Bool, hasContentEncoding: Bool) throws {
        var parser = ResponseParser()
        for _ in 0..<2 {
            parser.begin()
            let text = Self.interim + "HTTP/1.1 200 OK\r\n\(fields)\r\n"
            _ = try Array(text.utf8).withUnsafeBytes { try parser.feed($0) { _ in } }
            #expect(parser.response.setsCookies == setsCookies)
            #expect(parser.response.hasContentEncoding == hasContentEncoding)
        }
        parser.begin()
        #expect(!parser.response.setsCookies && !parser.response.hasContentEncoding)
    }

    @Test("a head can be taken without its body, however it is cut", arguments: 1...60)
    func headAlone(pieces: Int) throws {
        let head = Array((Self.interim + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n").utf8)
        let bytes = head + Array("bodyHTTP".utf8)
        var parser = ResponseParser()
        parser.begin()
        var rest = bytes[...]
        while !parser.hasHead {
            let taken = try rest.prefix(pieces).withUnsafeBytes { try parser.feedHead(upTo: $0) }
            #expect(taken > 0)
            rest = rest.dropFirst(taken)
        }
        #expect(rest.count == 8)
        #expect(parser.status == 200)
        var body: [UInt8] = []
        let progress = try Array(rest).withUnsafeBytes { try parser.feed($0) { body.append(contentsOf: $0) } }
        #expect(progress == .complete(consumed: 4))
        #expect(body == Array("body".utf8))
    }
}
