import HTTPWire
import Testing

@Suite("Hostile responses")
struct HostileResponseTests {
    private func failure(_ text: String, closes: Bool = false) -> WireError? {
        guard case .failed(let error) = Parsed.parse(text, closes: closes) else { return nil }
        return error
    }

    @Test(
        "malformed heads are refused at their place",
        arguments: [
            ("GET / HTTP/1.1\r\n", WireError.Code.malformedStatusLine, 0),
            ("http/1.1 200 OK\r\n", .malformedStatusLine, 0),
            ("HTTP/2.0 200 OK\r\n", .unsupportedVersion, 5),
            ("HTTP/1.2 200 OK\r\n", .unsupportedVersion, 5),
            ("HTTP/1.1 20 OK\r\n", .malformedStatusLine, 8),
            ("HTTP/1.1 2000\r\n", .malformedStatusLine, 8),
            ("HTTP/1.1 099 X\r\n", .malformedStatusLine, 8),
            ("HTTP/1.1 200 O\u{1}K\r\n", .malformedStatusLine, 14),
            ("HTTP/1.1 200 OK\n", .bareLineFeed, 15),
            ("\r\n", .malformedStatusLine, 0),
            ("HTTP/1.1 200 OK\r\nA: b\n", .bareLineFeed, 21),
            ("HTTP/1.1 200 OK\r\nA : b\r\n", .malformedFieldName, 18),
            ("HTTP/1.1 200 OK\r\n: b\r\n", .malformedFieldName, 17),
            ("HTTP/1.1 200 OK\r\nAb\r\n", .malformedFieldName, 19),
            ("HTTP/1.1 200 OK\r\nA: b\u{0}c\r\n", .malformedFieldValue, 21),
            ("HTTP/1.1 200 OK\r\nA: b\rc\r\n", .malformedFieldValue, 21),
            ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n", .foldedField, 23),
            ("HTTP/1.1 200 OK\r\n A: b\r\n", .foldedField, 17),
        ]
    )
    func heads(text: String, code: WireError.Code, position: UInt64) {
        #expect(failure(text) == WireError(code, at: position))
    }

    @Test(
        "ambiguous framing is refused",
        arguments: [
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", WireError.Code.bothLengthAndCoding),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", .bothLengthAndCoding),
            ("Content-Length: 5\r\nContent-Length: 6\r\n\r\n", .conflictingLengths),
            ("Content-Length: 5, 5\r\n\r\n", .malformedLength),
            ("Content-Length: -1\r\n\r\n", .malformedLength),
            ("Content-Length: +1\r\n\r\n", .malformedLength),
            ("Content-Length: 0x10\r\n\r\n", .malformedLength),
            ("Content-Length:\r\n\r\n", .malformedLength),
            ("Content-Length: 9223372036854775808\r\n\r\n", .malformedLength),
            ("Content-Length: 99999999999999999999\r\n\r\n", .malformedLength),
            ("Transfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferCoding),
            ("Transfer-Encoding: identity\r\n\r\n", .unsupportedTransferCoding),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferCoding),
        ]
    )
    func framing(fields: String, code: WireError.Code) {
        #expect(failure("HTTP/1.1 200 OK\r\n" + fields)?.code == code)
    }

    @Test("two equal lengths are one, chunks in HTTP/1.0 are none")
    func tolerated() {
        #expect(
            Parsed.parse("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx")
                == .response(status: 200, body: "x", rest: 0, keepsAlive: true)
        )
        #expect(
            failure("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?.code == .unsupportedTransferCoding
        )
    }

    @Test(
        "malformed chunks are refused",
        arguments: [
            ("xyz\r\n", WireError.Code.malformedChunkSize),
            ("\r\n", .malformedChunkSize),
            ("-1\r\n", .malformedChunkSize),
            ("0x1\r\n", .malformedChunkSize),
            ("1 \r\n", .malformedChunkSize),
            ("1;a\u{0}\r\n", .malformedChunkSize),
            ("1\n", .bareLineFeed),
            ("0000000000000001\r\n", .chunkSizeTooLong(limit: 15)),
            ("1;" + String(repeating: "x", count: 4096), .chunkLineTooLong(limit: 4096)),
            ("1\r\nab\r\n", .malformedChunkEnd),
            ("1\r\na\n", .malformedChunkEnd),
            ("0\r\nbad trailer\r\n", .malformedFieldName),
            ("0\r\nA: b\r\n c\r\n", .foldedField),
            ("0\r\nA: b\u{7F}\r\n", .malformedFieldValue),
            ("0\r\nA: b\r\ncontent-length: 3\r\n", .framingInTrailers),
            ("0\r\nTransfer-Encoding: chunked\r\n", .framingInTrailers),
            ("0\r\nA: " + String(repeating: "x", count: 70_000), .trailersTooLarge(limit: 65_536)),
        ]
    )
    func chunks(body: String, code: WireError.Code) {
        #expect(failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)?.code == code)
    }

    @Test("heads and bodies are bounded")
    func bounds() {
        let long = "HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 70_000)
        #expect(failure(long) == WireError(.headTooLarge(limit: 65_536), at: 65_536))
        let many = "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 257)
        #expect(failure(many)?.code == .tooManyFields(limit: 256))
        let limits = ResponseParser.Limits(bodyBytes: 4)
        let tooLarge = WireError.Code.bodyTooLarge(limit: 4)
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde",
            "HTTP/1.1 200 OK\r\n\r\nabcde",
        ] {
            guard case .failed(let error) = Parsed.parse(text, limits: limits) else {
                Issue.record("not refused: \(text)")
                continue
            }
            #expect(error.code == tooLarge)
        }
    }

    @Test("what is no status line is refused before its line ends, at whatever byte that is seen")
    func otherProtocols() {
        #expect(failure("\u{4}\0\0") == WireError(.malformedStatusLine, at: 0))
        #expect(failure("HTTQ") == WireError(.malformedStatusLine, at: 0))
        #expect(failure("\n") == WireError(.malformedStatusLine, at: 0))
        #expect(failure("HTTP/1.1 103 X\r\n\r\n<") == WireError(.malformedStatusLine, at: 18))
        #expect(failure("SSH-2.0", closes: true) == WireError(.malformedStatusLine, at: 0))
        for text in ["", "H", "HTTP/", "HTTP/9"] { #expect(Parsed.parse(text) == .incomplete) }
    }

    @Test("a body too large is told at its first byte too many, however it was cut")
    func tooLargeAnywhere() {
        let bytes = Array("HTTP/1.1 200 OK\r\n\r\nabcde".utf8)
        for cuts in [[], [20], [22], Array(0..<bytes.count)] {
            #expect(
                Parsed.parse(bytes, cuts: cuts, limits: ResponseParser.Limits(bodyBytes: 4))
                    == .failed(WireError(.bodyTooLarge(limit: 4), at: 23)))
        }
    }

    @Test("a stream that ends early says where")
    func closedEarly() {
        #expect(failure("", closes: true) == WireError(.closedBeforeResponse, at: 0))
        #expect(failure("HTTP/1.1 200", closes: true) == WireError(.closedInHead, at: 12))
        #expect(failure("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", closes: true)?.code == .closedInBody)
        #expect(
            failure("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", closes: true)?.code == .closedInBody
        )
    }

    @Test("errors are sentences with their place")
    func sentences() {
        #expect(
            WireError(.bareLineFeed, at: 15).description == "a line ends with LF alone instead of CR LF (at byte 15)"
        )
        #expect(WireError(.surplusBytes(1), at: 0).description == "1 byte came after the end of the response")
        #expect(WireError(.surplusBytes(3), at: 0).description == "3 bytes came after the end of the response")
        #expect(WireError(.closedInBody, at: 40).description == "connection closed in the response body (at byte 40)")
        #expect(WireError(.closedBeforeResponse, at: 0).description == "connection closed before a response")
    }
}
