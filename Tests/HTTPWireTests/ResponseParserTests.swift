import HTTPWire
import Testing

@Suite("Responses")
struct ResponseParserTests {
    @Test("a length, chunks, or the end of the stream end the body")
    func framing() {
        #expect(
            Parsed.parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                == .response(status: 200, body: "hello", rest: 0, keepsAlive: true)
        )
        #expect(
            Parsed.parse(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n00A \t;x\r\n0123456789\r\n"
                    + "0\r\nDigest: x\r\n\r\nHT"
            ) == .response(status: 200, body: "abc0123456789", rest: 2, keepsAlive: true)
        )
        #expect(
            Parsed.parse("HTTP/1.1 200 OK\r\n\r\nuntil the end", closes: true)
                == .response(status: 200, body: "until the end", rest: 0, keepsAlive: false)
        )
        #expect(Parsed.parse("HTTP/1.1 200 OK\r\n\r\nuntil the end") == .incomplete)
    }

    @Test("204, 304 and answers to HEAD have no body whatever their fields say")
    func bodiless() {
        for status in [204, 304] {
            #expect(
                Parsed.parse("HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\n")
                    == .response(status: status, body: "", rest: 0, keepsAlive: true)
            )
        }
        #expect(
            Parsed.parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", isHead: true)
                == .response(status: 200, body: "", rest: 0, keepsAlive: true)
        )
    }

    @Test("interim responses are passed over")
    func interim() {
        #expect(
            Parsed.parse(
                "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103\r\n\r\nHTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx")
                == .response(status: 200, body: "x", rest: 0, keepsAlive: true)
        )
        let many = String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 17)
        #expect(Parsed.parse(many) == .failed(WireError(.tooManyInterimResponses(limit: 16), at: 423)))
        #expect(Parsed.parse("HTTP/1.1 101 X\r\n\r\n") == .failed(WireError(.switchedProtocols, at: 16)))
    }

    @Test("the connection is kept as version and Connection field say")
    func keepAlive() {
        func keeps(_ version: String, _ field: String) -> Bool {
            let parsed = Parsed.parse("HTTP/\(version) 200 OK\r\nContent-Length: 0\r\n\(field)\r\n")
            guard case .response(_, _, _, let keeps) = parsed else { return false }
            return keeps
        }
        #expect(keeps("1.1", ""))
        #expect(!keeps("1.1", "Connection: Close\r\n"))
        #expect(!keeps("1.1", "Connection: foo ,close, bar\r\n"))
        #expect(!keeps("1.0", ""))
        #expect(keeps("1.0", "Connection: keep-alive\r\n"))
        #expect(!keeps("1.0", "Connection: keep-alive, close\r\n"))
    }

    @Test("header fields can be looked up without case, all of a name in turn")
    func fields() throws {
        var parser = ResponseParser()
        let text = "HTTP/1.1 200 OK\r\nX-A:  one \r\nx-a: two\r\nEmpty:\r\nContent-Length: 0\r\n\r\n"
        let progress = try Array(text.utf8).withUnsafeBytes { try parser.feed($0) { _ in } }
        #expect(progress == .complete(consumed: text.utf8.count))
        #expect(parser.hasHead)
        #expect(parser.fieldCount == 4)
        #expect(parser.value(named: "X-a") == "one")
        #expect(parser.value(named: "empty") == "")
        #expect(parser.value(named: "missing") == nil)
        let second: Bool? = parser.firstValue(named: Array("x-a".utf8)) { $0.elementsEqual("two".utf8) ? true : nil }
        #expect(second == true)
        var names: [String] = []
        parser.forEachField { name, _ in names.append(String(decoding: name, as: UTF8.self)) }
        #expect(names == ["X-A", "x-a", "Empty", "Content-Length"])
    }

    @Test("a parser is used again for the next response")
    func reuse() throws {
        var parser = ResponseParser()
        for status in [200, 404, 503] {
            parser.begin()
            let text = "HTTP/1.1 \(status) X\r\nContent-Length: 2\r\n\r\nok"
            let progress = try Array(text.utf8).withUnsafeBytes { try parser.feed($0) { _ in } }
            #expect(progress == .complete(consumed: text.utf8.count))
            #expect(parser.status == status)
            #expect(parser.bodyBytes == 2)
        }
    }
}
