import TestSupport
import Testing

@testable import HTTPWire

@Suite("Hostile HTTP/2 peers")
struct HostileHTTP2Tests {
    /// A peer with a request on stream 1 in slot 0.
    private func peer(limits: HTTP2Session.Limits = .init()) -> ScriptedPeer {
        let peer = ScriptedPeer(limits: limits)
        peer.feed(WireFrame.settings())
        peer.get(0)
        _ = peer.written()
        return peer
    }

    struct Fault {
        let bytes: [UInt8]
        let code: HTTP2Error.Code
        let stream: UInt32

        init(_ bytes: [UInt8], _ code: HTTP2Error.Code, _ stream: UInt32 = 0) {
            self.bytes = bytes
            self.code = code
            self.stream = stream
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 8)
    private static let begun = WireFrame.bytes(1, 0, 1, [0x88])

    static let faults: [Fault] = [
        Fault(WireFrame.bytes(0, 0, 1, [UInt8](repeating: 0, count: 16_385)), .frameTooLarge(16_385, limit: 16_384)),
        Fault(WireFrame.bytes(0, 0, 0, [1]), .misplacedFrame(.data)),
        Fault(WireFrame.bytes(0, 0, 2, [1]), .idleStream(.data), 2),
        Fault(WireFrame.bytes(0, 0, 3, [1]), .idleStream(.data), 3),
        Fault(WireFrame.head(1) + WireFrame.bytes(0, 8, 1, [2, 1]), .paddingTooLong(.data)),
        Fault(WireFrame.head(1) + WireFrame.bytes(0, 8, 1, []), .malformedFrame(.data)),
        Fault(WireFrame.bytes(1, 4, 0, [0x88]), .misplacedFrame(.headers)),
        Fault(WireFrame.bytes(1, 4, 2, [0x88]), .idleStream(.headers), 2),
        Fault(WireFrame.bytes(1, 4, 3, [0x88]), .idleStream(.headers), 3),
        Fault(WireFrame.bytes(1, 0xC, 1, [2, 0x88]), .paddingTooLong(.headers)),
        Fault(WireFrame.bytes(1, 0xC, 1, []), .malformedFrame(.headers)),
        Fault(WireFrame.bytes(1, 0x24, 1, [0, 0, 0, 0]), .malformedFrame(.headers)),
        Fault(WireFrame.bytes(1, 4, 1, [0xBE]), .compression(.unknownIndex(62)), 1),
        Fault(WireFrame.head(1, ends: true) + WireFrame.data(1, "x"), .endedStream(.data), 1),
        Fault(WireFrame.head(1, ends: true) + WireFrame.head(1), .endedStream(.headers), 1),
        Fault(WireFrame.reset(1, .cancel) + WireFrame.data(1, "x"), .endedStream(.data), 1),
        Fault(WireFrame.bytes(2, 0, 0, [0, 0, 0, 0, 0]), .misplacedFrame(.priority)),
        Fault(WireFrame.bytes(2, 0, 7, [0, 0, 0, 0]), .malformedFrame(.priority), 7),
        Fault(WireFrame.bytes(3, 0, 0, [0, 0, 0, 0]), .misplacedFrame(.reset)),
        Fault(WireFrame.bytes(3, 0, 1, [0, 0, 0]), .malformedFrame(.reset)),
        Fault(WireFrame.reset(5, .cancel), .idleStream(.reset), 5),
        Fault(WireFrame.bytes(4, 0, 1, []), .misplacedFrame(.settings)),
        Fault(WireFrame.bytes(4, 0, 0, [0]), .malformedFrame(.settings)),
        Fault(WireFrame.bytes(4, 1, 0, [0, 3, 0, 0, 0, 1]), .malformedFrame(.settings)),
        Fault(WireFrame.settings((2, 1)), .forbiddenSetting(id: 2, value: 1)),
        Fault(WireFrame.settings((4, 0x8000_0000)), .forbiddenSetting(id: 4, value: 0x8000_0000)),
        Fault(WireFrame.settings((5, 16_383)), .forbiddenSetting(id: 5, value: 16_383)),
        Fault(WireFrame.settings((5, 16_777_216)), .forbiddenSetting(id: 5, value: 16_777_216)),
        Fault(WireFrame.bytes(5, 4, 1, [0, 0, 0, 2, 0x88]), .promisedPush),
        Fault(WireFrame.bytes(6, 0, 1, zeros), .misplacedFrame(.ping)),
        Fault(WireFrame.bytes(6, 0, 0, [UInt8](repeating: 0, count: 7)), .malformedFrame(.ping)),
        Fault(WireFrame.bytes(7, 0, 1, zeros), .misplacedFrame(.goAway)),
        Fault(WireFrame.bytes(7, 0, 0, [UInt8](repeating: 0, count: 7)), .malformedFrame(.goAway)),
        Fault(WireFrame.bytes(8, 0, 1, [0, 0, 1]), .malformedFrame(.windowUpdate)),
        Fault(WireFrame.window(3, 1), .idleStream(.windowUpdate), 3),
        Fault(WireFrame.window(2, 1), .idleStream(.windowUpdate), 2),
        Fault(WireFrame.bytes(9, 4, 1, [0x88]), .strayContinuation),
        Fault(begun + WireFrame.data(1, "x"), .interruptedHeaders(.data)),
        Fault(begun + WireFrame.bytes(9, 4, 3, []), .interruptedHeaders(.continuation)),
        Fault(begun + WireFrame.bytes(0x77, 0, 1, []), .interruptedHeaders(.unknown)),
        Fault(begun + WireFrame.settings(), .interruptedHeaders(.settings)),
    ]

    @Test("errors of the connection end it with their reason", arguments: faults)
    func connection(fault: Fault) throws {
        let peer = peer()
        guard case .broken(let error) = peer.feed(fault.bytes).last else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == fault.code)
        #expect(error.stream == fault.stream)
        let last = try #require(peer.written().last)
        #expect(last.bytes == WireFrame.goAway(0, error.reason))
        #expect(peer.isClosing)
        // It stays so.
        #expect(peer.feed(WireFrame.settings()) == [])
        #expect(peer.get(3) == .closing)
    }

    @Test(
        "errors of a stream leave the connection alone",
        arguments: [
            (["": []], HTTP2Error.Code.missingStatus),
            (["": ["a: b"]], .missingStatus),
            (["": ["a: b", ":status: 200"]], .unknownPseudoField),
            (["20": []], .malformedStatus),
            (["2000": []], .malformedStatus),
            (["099": []], .malformedStatus),
            (["2x0": []], .malformedStatus),
            (["200": [":status: 200"]], .repeatedStatus),
            (["200": [":path: /"]], .unknownPseudoField),
            (["200": [":x: /"]], .unknownPseudoField),
            (["200": ["A: b"]], .upperCaseFieldName),
            (["200": ["a b: c"]], .malformedFieldName),
            (["200": [": c"]], .malformedFieldName),
            (["200": ["a: b\u{0}c"]], .malformedFieldValue),
            (["200": ["a: b\r\nc: d"]], .malformedFieldValue),
            (["200": ["a:  b"]], .malformedFieldValue),
            (["200": ["a: b\t"]], .malformedFieldValue),
            (["200": ["connection: close"]], .connectionField),
            (["200": ["keep-alive: 5"]], .connectionField),
            (["200": ["proxy-connection: x"]], .connectionField),
            (["200": ["transfer-encoding: chunked"]], .connectionField),
            (["200": ["upgrade: x"]], .connectionField),
            (["200": ["te: gzip"]], .connectionField),
            (["200": ["content-length: x"]], .malformedLength),
            (["200": ["content-length: 5, 5"]], .malformedLength),
            (["200": ["content-length: 5", "content-length: 6"]], .conflictingLengths),
            (["101": []], .switchedProtocols),
        ] as [([String: [String]], HTTP2Error.Code)]
    )
    func stream(head: [String: [String]], code: HTTP2Error.Code) throws {
        let peer = peer()
        let (status, fields) = try #require(head.first)
        let seen = peer.feed(WireFrame.bytes(1, 4, 1, WireFrame.block(status, fields)))
        #expect(seen == [.failed(0, HTTP2Error(code, stream: 1, at: 9))])
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .protocolError)])
        #expect(peer.get(0) == .opened(stream: 3))
        #expect(peer.feed(WireFrame.head(3, ends: true)) == [.head(0, status: 200, []), .end(0)])
    }

    @Test("a malformed field in the table is refused every time it is used")
    func rememberedFlaw() {
        let peer = peer()
        let first = peer.feed(WireFrame.bytes(1, 4, 1, [0x88] + WireFrame.literal("A", "b", pattern: 0x40)))
        #expect(first == [.failed(0, HTTP2Error(.upperCaseFieldName, stream: 1, at: 9))])
        peer.get(0)
        guard case .failed(0, let error) = peer.feed(WireFrame.bytes(1, 4, 3, [0x88, 0xBE])).last else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .upperCaseFieldName)
    }

    @Test("the order of frames on a stream is kept")
    func order() {
        func failure(_ bytes: [UInt8]) -> HTTP2Error.Code? {
            guard case .failed(0, let error) = peer().feed(bytes).last else { return nil }
            return error.code
        }
        #expect(failure(WireFrame.data(1, "x")) == .bodyBeforeHead)
        #expect(failure(WireFrame.head(1, "103") + WireFrame.data(1, "x")) == .bodyBeforeHead)
        #expect(failure(WireFrame.head(1, "100", ends: true)) == .interimEnd)
        #expect(failure(WireFrame.head(1) + WireFrame.head(1)) == .unfinishedTrailers)
        #expect(failure(WireFrame.head(1) + WireFrame.head(1, ends: true)) == .pseudoFieldInTrailers)
        let trailers = WireFrame.bytes(1, 5, 1, WireFrame.block("", ["A: b"]))
        #expect(failure(WireFrame.head(1) + trailers) == .upperCaseFieldName)
        #expect(failure(WireFrame.bytes(2, 0, 1, [0])) == .malformedFrame(.priority))
        let interim = [[UInt8]](repeating: WireFrame.head(1, "103"), count: 17).flatMap(\.self)
        #expect(failure(interim) == .tooManyInterimResponses(limit: 16))
    }

    @Test("heads are bounded")
    func heads() {
        var peer = peer()
        let field = WireFrame.literal("a", String(repeating: "x", count: 4000), pattern: 0x40)
        // A small block that stands for a large list.
        let bomb = [0x88] + field + [UInt8](repeating: 0xBE, count: 200)
        #expect(
            peer.feed(WireFrame.bytes(1, 4, 1, bomb))
                == [.failed(0, HTTP2Error(.headTooLarge(limit: 65_536), stream: 1, at: 9))]
        )
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .enhanceYourCalm)])
        peer = self.peer()
        let many = [0x88] + [[UInt8]](repeating: WireFrame.literal("a", "b"), count: 256).flatMap(\.self)
        #expect(
            peer.feed(WireFrame.bytes(1, 4, 1, many))
                == [.failed(0, HTTP2Error(.tooManyFields(limit: 256), stream: 1, at: 9))]
        )
        peer = self.peer()
        let endless = [UInt8](repeating: 0x88, count: 16_384)
        let continued = WireFrame.bytes(9, 0, 1, endless)
        peer.feed(WireFrame.bytes(1, 0, 1, endless) + continued + continued + continued)
        #expect(peer.feed(continued) == [.broken(HTTP2Error(.headerBlockTooLarge(limit: 65_536), at: 65_581))])
    }

    @Test(
        "frames that bring nothing forward are bounded",
        arguments: [
            (WireFrame.bytes(6, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), HTTP2FrameKind.ping),
            (WireFrame.settings(), .settings),
            (WireFrame.bytes(4, 1, 0, []), .settings), (WireFrame.data(1, ""), .data),
            (WireFrame.bytes(0, 8, 1, [0]), .data), (WireFrame.bytes(2, 0, 9, [0, 0, 0, 0, 0]), .priority),
            (WireFrame.bytes(0x42, 0, 0, []), .unknown), (WireFrame.reset(3, .cancel), .reset),
        ]
    )
    func floods(frame: [UInt8], kind: HTTP2FrameKind) {
        var limits = HTTP2Session.Limits()
        limits.idleFrames = 50
        let peer = peer(limits: limits)
        peer.get(1)
        _ = peer.feed(WireFrame.reset(3, .cancel) + WireFrame.head(1))
        for _ in 0..<50 { peer.feed(frame) }
        #expect(peer.failure == nil)
        // A piece of a body is progress.
        peer.feed(WireFrame.data(1, "x"))
        for _ in 0..<50 { peer.feed(frame) }
        #expect(peer.failure == nil)
        _ = peer.written()
        guard case .broken(let error) = peer.feed(frame).last else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .idleFrames(kind, limit: 50))
        #expect(peer.written().map(\.bytes) == [WireFrame.goAway(0, .enhanceYourCalm)])
    }

    @Test("a head may not come in too many pieces")
    func continuations() {
        let peer = peer()
        peer.feed(WireFrame.bytes(1, 0, 1, [0x88]))
        for _ in 0..<64 { #expect(peer.feed(WireFrame.bytes(9, 0, 1, [])) == []) }
        #expect(
            peer.feed(WireFrame.bytes(9, 0, 1, [])) == [.broken(HTTP2Error(.tooManyContinuations(limit: 64), at: 595))]
        )
    }

    @Test("a connection must begin with SETTINGS, and HTTP/1 is told apart")
    func beginnings() {
        func beginning(_ bytes: [UInt8]) -> [Seen] { ScriptedPeer().feed(bytes) }
        let text = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
        #expect(beginning(Array(text.utf8)) == [.broken(HTTP2Error(.speaksHTTP1, at: 0))])
        #expect(beginning(WireFrame.window(0, 1)) == [.broken(HTTP2Error(.settingsNotFirst(.windowUpdate), at: 0))])
        #expect(
            beginning(WireFrame.bytes(4, 1, 0, [])) == [.broken(HTTP2Error(.settingsNotFirst(.settings), at: 0))]
        )
        #expect(beginning(WireFrame.settings()) == [.settings])
    }

    @Test("errors are sentences without their place and stream, so that equal ones count together")
    func sentences() {
        #expect(
            HTTP2Error(.idleFrames(.ping, limit: 1000), at: 17_009).description
                == "more than 1000 frames in a row brought nothing forward, the last of them PING"
        )
        #expect(
            HTTP2Error(.wrongLength(4, announced: 3), stream: 7, at: 90).description
                == "the body has 4 bytes or more, Content-Length says 3"
        )
        #expect(
            HTTP2Error(.compression(.unknownIndex(70)), stream: 1, at: 9).description
                == "the header fields cannot be decoded: no table has an entry 70"
        )
        #expect(
            HTTP2Error(.unprocessed(HTTP2Reason(rawValue: 99)), stream: 1, at: 9).description
                == "the service ended the connection before it saw the request (code 99)"
        )
        #expect(HTTP2Error(.closedBeforeEnd, at: 9).description == "connection closed before the end of a response")
    }
}
