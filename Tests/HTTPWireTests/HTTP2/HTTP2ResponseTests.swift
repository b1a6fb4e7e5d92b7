import TestSupport
import Testing

@testable import HTTPWire

@Suite("HTTP/2 responses")
struct HTTP2ResponseTests {
    private func peer(_ method: String = "GET") -> ScriptedPeer {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings())
        peer.request("\(method) / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = peer.written()
        return peer
    }

    @Test("a response is its head, its body and its end")
    func whole() {
        let peer = peer()
        let bytes =
            WireFrame.head(1, "200", "content-type: text/plain", "x-a: one", "x-a: two", "content-length: 10")
            + WireFrame.data(1, "hello") + WireFrame.data(1, "world", ends: true)
        let fields = ["content-type: text/plain", "x-a: one", "x-a: two", "content-length: 10"]
        #expect(peer.feed(bytes) == [.head(0, status: 200, fields), .body(0, "helloworld"), .end(0)])
        let response = peer.response(0)
        #expect(response.status == 200)
        #expect(response.fieldCount == 4)
        #expect(response.bodyBytes == 10)
        #expect(response.value(named: "X-A") == "one")
        #expect(response.value(named: ":status") == nil)
        let second: Bool? = response.firstValue(named: Array("x-a".utf8)) { $0.elementsEqual("two".utf8) ? true : nil }
        #expect(second == true)
    }

    @Test("responses of several streams come in pieces between each other")
    func interleaved() {
        let peer = peer()
        peer.get(3)
        let bytes =
            WireFrame.head(3, "404") + WireFrame.head(1) + WireFrame.data(1, "a") + WireFrame.data(3, "b")
            + WireFrame.data(1, "c", ends: true) + WireFrame.data(3, "", ends: true)
        #expect(
            peer.feed(bytes) == [
                .head(3, status: 404, []), .head(0, status: 200, []), .body(0, "a"), .body(3, "b"), .body(0, "c"),
                .end(0), .end(3),
            ]
        )
    }

    @Test("interim heads are passed over, trailers looked at and forgotten")
    func interimAndTrailers() {
        let peer = peer()
        let bytes =
            WireFrame.head(1, "100") + WireFrame.head(1, "103", "link: x") + WireFrame.head(1, "200", "a: b")
            + WireFrame.data(1, "x") + WireFrame.bytes(1, 5, 1, WireFrame.block("", ["digest: y"]))
        #expect(peer.feed(bytes) == [.head(0, status: 200, ["a: b"]), .body(0, "x"), .end(0)])
        #expect(peer.fields(0) == ["a: b"])
    }

    @Test("padding and priorities are passed over")
    func padded() {
        let peer = peer()
        let head = WireFrame.bytes(1, 0x2C, 1, [3] + [0, 0, 0, 0, 15] + [0x88] + [0, 0, 0])
        let data = WireFrame.bytes(0, 9, 1, [2] + Array("hi".utf8) + [0, 0])
        let strange = WireFrame.bytes(0xFA, 0xFF, 9, [1, 2, 3])
        let bytes = WireFrame.bytes(2, 0, 1, [0, 0, 0, 0, 1]) + head + strange + data
        #expect(peer.feed(bytes) == [.head(0, status: 200, []), .body(0, "hi"), .end(0)])
        // A frame of padding alone.
        let other = self.peer()
        #expect(
            other.feed(WireFrame.head(1) + WireFrame.bytes(0, 9, 1, [4, 0, 0, 0, 0]))
                == [.head(0, status: 200, []), .end(0)]
        )
    }

    @Test("responses that have no body may announce one")
    func bodiless() {
        let head = self.peer("HEAD")
        #expect(
            head.feed(WireFrame.head(1, "200", "content-length: 5", ends: true))
                == [.head(0, status: 200, ["content-length: 5"]), .end(0)]
        )
        for status in ["204", "304"] {
            let peer = self.peer()
            #expect(peer.feed(WireFrame.head(1, status, "content-length: 5", ends: true)).last == .end(0))
        }
        let peer = self.peer("HEAD")
        #expect(
            peer.feed(WireFrame.head(1) + WireFrame.data(1, "x", ends: true)).last
                == .failed(0, HTTP2Error(.forbiddenBody, stream: 1, at: 19))
        )
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .protocolError)])
    }

    @Test(
        "a body of another length than announced fails its stream",
        arguments: [
            (WireFrame.head(1, "200", "content-length: 3", ends: true), 0),
            (WireFrame.head(1, "200", "content-length: 3") + WireFrame.data(1, "ab", ends: true), 2),
            (WireFrame.head(1, "200", "content-length: 3") + WireFrame.data(1, "abcd"), 4),
            (WireFrame.head(1, "200", "content-length: 3") + WireFrame.data(1, "", ends: true), 0),
            (
                WireFrame.head(1, "200", "content-length: 3") + WireFrame.data(1, "ab")
                    + WireFrame.bytes(1, 5, 1, WireFrame.block("", ["a: b"])), 2
            ),
        ] as [([UInt8], UInt64)]
    )
    func lengths(bytes: [UInt8], length: UInt64) {
        let peer = peer()
        guard case .failed(0, let error) = peer.feed(bytes).last else {
            Issue.record("not refused")
            return
        }
        #expect(error.code == .wrongLength(length, announced: 3))
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .protocolError)])
        // The connection lives on, and what still comes for the stream is passed over.
        #expect(peer.feed(WireFrame.data(1, "late")) == [])
        peer.get(0)
        #expect(peer.feed(WireFrame.head(3, ends: true)) == [.head(0, status: 200, []), .end(0)])
    }

    @Test("a stream that the peer resets fails alone")
    func reset() {
        let peer = peer()
        peer.get(1)
        let error = HTTP2Error(.reset(.refusedStream), stream: 1, at: 9)
        #expect(peer.feed(WireFrame.reset(1, .refusedStream)) == [.failed(0, error)])
        #expect(error.description == "the service reset the stream (REFUSED_STREAM)")
        #expect(error.isUnprocessed)
        #expect(!HTTP2Error(.reset(.cancel), stream: 1, at: 9).isUnprocessed)
        #expect(HTTP2Error(.unprocessed(.noError), stream: 1, at: 9).isUnprocessed)
        #expect(peer.feed(WireFrame.head(3, ends: true)).last == .end(1))
        // After the end of a response a reset only says that the request need not go on.
        #expect(peer.feed(WireFrame.reset(3, .noError)) == [])
    }

    @Test("GOAWAY lets earlier streams end and fails those that are not looked at")
    func goAway() {
        let peer = peer()
        peer.get(1)
        peer.get(2)
        let bytes = WireFrame.goAway(0x7FFF_FFFF, .noError)
        #expect(peer.feed(bytes) == [.goAway(0x7FFF_FFFF, .noError)])
        #expect(peer.isClosing)
        #expect(peer.get(3) == .closing)
        let unprocessed = HTTP2Error.Code.unprocessed(.enhanceYourCalm)
        #expect(
            peer.feed(WireFrame.goAway(1, .enhanceYourCalm)) == [
                .goAway(1, .enhanceYourCalm), .failed(1, HTTP2Error(unprocessed, stream: 3, at: 26)),
                .failed(2, HTTP2Error(unprocessed, stream: 5, at: 26)),
            ]
        )
        #expect(peer.feed(WireFrame.head(1, ends: true)) == [.head(0, status: 200, []), .end(0)])
        #expect(peer.openStreams == 0)
        #expect(peer.feed(WireFrame.goAway(3, .noError)) == [.broken(HTTP2Error(.raisedGoAway, at: 53))])
    }

    @Test("settings are acknowledged and pings answered")
    func answers() {
        let peer = ScriptedPeer()
        #expect(peer.feed(WireFrame.settings((3, 7), (0x99, 1))) == [.settings])
        #expect(peer.feed(WireFrame.bytes(4, 1, 0, [])) == [])
        #expect(peer.feed(WireFrame.bytes(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])) == [])
        #expect(peer.feed(WireFrame.bytes(6, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8])) == [])
        #expect(
            peer.written() == [
                WireFrame(kind: .settings, flags: 1),
                WireFrame(kind: .ping, flags: 1, payload: [1, 2, 3, 4, 5, 6, 7, 8]),
            ]
        )
    }

    @Test("the end of the connection is an error where something is open")
    func finished() throws {
        let peer = ScriptedPeer()
        try peer.session.finish()
        peer.feed(WireFrame.settings())
        try peer.session.finish()
        peer.get()
        #expect(throws: HTTP2Error(.closedBeforeEnd, at: 9)) { try peer.session.finish() }
        #expect(peer.isClosing)
        let other = ScriptedPeer()
        other.feed([0, 0])
        #expect(throws: HTTP2Error(.closedInFrame, at: 2)) { try other.session.finish() }
        #expect(other.feed([0]) == [.broken(HTTP2Error(.closedInFrame, at: 2))])
        let inHead = ScriptedPeer()
        inHead.get()
        inHead.feed(WireFrame.settings() + WireFrame.bytes(1, 0, 1, [0x88]))
        #expect(throws: HTTP2Error(.closedInFrame, at: 19)) { try inHead.session.finish() }
    }
}
