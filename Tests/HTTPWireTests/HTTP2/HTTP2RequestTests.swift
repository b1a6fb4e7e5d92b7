import TestSupport
import Testing

@testable import HTTPWire

@Suite("HTTP/2 requests")
struct HTTP2RequestTests {
    private func fields(_ frames: [WireFrame]) throws -> [String] {
        try BlockReader().fields(frames.flatMap { $0.kind == .data ? [] : $0.payload })
    }

    @Test("a connection begins with the preface, settings and a wide window")
    func preface() {
        let session = HTTP2Session(slots: 1, isEncrypted: false)
        let bytes = Array(session.output)
        #expect(bytes.prefix(24).elementsEqual("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        #expect(
            Array(bytes.dropFirst(24)) == WireFrame.settings((2, 0), (4, 1 << 20), (6, 65_536))
                + WireFrame.window(0, (1 << 24) - 65_535)
        )
    }

    @Test("a request for HTTP/1.1 becomes one for HTTP/2")
    func converted() throws {
        let peer = ScriptedPeer(isEncrypted: true)
        let text = """
            PUT /a?b=c HTTP/1.1\r\nX-First: 1\r\nhOST: example.test:81\r\nUser-Agent: perfgate\r\nConnection: close\r
            Keep-Alive: 5\r\nTE: trailers\r\nTE: gzip\r\nTransfer-Encoding: x\r\nUpgrade: y\r\nProxy-Connection: z\r
            Empty:\r\nContent-Length: 4\r\n\r\nbody
            """
        #expect(peer.request(text, slot: 2) == .opened(stream: 1))
        let frames = peer.written()
        #expect(frames.map(\.kind) == [.headers, .data])
        #expect(frames.map(\.flags) == [4, 1])
        #expect(frames.map(\.stream) == [1, 1])
        #expect(frames[1].payload == Array("body".utf8))
        #expect(
            try fields(frames) == [
                ":method: PUT", ":scheme: https", ":authority: example.test:81", ":path: /a?b=c", "x-first: 1",
                "user-agent: perfgate", "te: trailers", "empty: ", "content-length: 4",
            ]
        )
    }

    @Test("requests without a body end with their head, and streams count up in twos")
    func streams() throws {
        let peer = ScriptedPeer()
        #expect(peer.get(0) == .opened(stream: 1))
        #expect(peer.request("POST / HTTP/1.1\r\n\r\n", slot: 1) == .opened(stream: 3))
        let frames = peer.written()
        #expect(frames.map(\.flags) == [5, 5])
        #expect(frames[0].payload == [0x82, 0x86, 0x41, 1, 0x68, 0x84])
        #expect(frames[1].payload == [0x83, 0x86, 0x84])
    }

    @Test("the same fields cost a byte each from the second request on")
    func repeated() throws {
        let peer = ScriptedPeer()
        let text = "GET /x HTTP/1.1\r\nHost: h:1\r\nUser-Agent: u\r\nAccept: */*\r\n\r\n"
        peer.request(text, slot: 0)
        peer.request(text, slot: 1)
        let frames = peer.written()
        let reader = BlockReader()
        let fields = try reader.fields(frames[0].payload)
        #expect(frames[1].payload == [0x82, 0x86, 0xC0, 0x04, 2, 0x2F, 0x78, 0xBF, 0xBE])
        #expect(try reader.fields(frames[1].payload) == fields)
    }

    @Test("a head larger than a frame goes on in others", arguments: [16_000, 16_384, 40_000, 70_000])
    func continued(length: Int) throws {
        let peer = ScriptedPeer()
        let value = String(repeating: "v", count: length)
        peer.request("GET / HTTP/1.1\r\nHost: h\r\nX: \(value)\r\n\r\n", slot: 0)
        peer.get(1)
        let frames = peer.written()
        let first = frames.dropLast()
        #expect(first.first?.kind == .headers)
        #expect(first.dropFirst().allSatisfy { $0.kind == .continuation && $0.stream == 1 })
        #expect(first.dropLast().allSatisfy { $0.payload.count == 16_384 && $0.flags & 4 == 0 })
        #expect(first.last.map { $0.flags & 4 } == 4)
        #expect(first.allSatisfy { $0.payload.count <= 16_384 })
        let (outcome, fields) = try BlockReader(limits: .init(listBytes: 1 << 20)).outcome(first.flatMap(\.payload))
        #expect(outcome == .complete)
        #expect(fields.last == "x: \(value)")
        #expect(frames.last?.stream == 3)
    }

    @Test("what is not a request is refused and nothing of it is written")
    func malformed() {
        let peer = ScriptedPeer()
        for text in [
            "", "GET", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: h\r\n", "GET\r\n\r\n",
            "GET /\r\n\r\n", " / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\n: h\r\n\r\n",
            "GET / HTTP/1.1\nHost: h\n\n",
        ] {
            #expect(peer.request(text) == .malformed, "\(text)")
        }
        #expect(peer.written().isEmpty)
        #expect(peer.openStreams == 0)
        #expect(peer.get() == .opened(stream: 1))
    }

    @Test("no more streams are opened than the peer allows")
    func concurrency() {
        let peer = ScriptedPeer(slots: 200)
        #expect(peer.room == 100)
        peer.feed(WireFrame.settings())
        #expect(peer.room == 200)
        peer.feed(WireFrame.settings((3, 2)))
        #expect(peer.get(0) == .opened(stream: 1))
        #expect(peer.get(1) == .opened(stream: 3))
        #expect(peer.room == 0)
        #expect(peer.get(2) == .full)
        peer.feed(WireFrame.head(3, ends: true))
        #expect(peer.room == 1)
        #expect(peer.get(2) == .opened(stream: 5))
        // The peer may allow fewer than there are.
        peer.feed(WireFrame.settings((3, 0)))
        #expect(peer.room == 0)
        #expect(!peer.isClosing)
    }

    @Test("a connection whose streams are used up must be replaced")
    func exhausted() {
        let peer = ScriptedPeer(firstStream: 0x7FFF_FFFD)
        #expect(peer.get(0) == .opened(stream: 0x7FFF_FFFD))
        #expect(!peer.isClosing)
        #expect(peer.get(1) == .opened(stream: 0x7FFF_FFFF))
        #expect(peer.isClosing)
        #expect(peer.room == 0)
        #expect(peer.get(2) == .closing)
        peer.feed(WireFrame.settings())
        #expect(peer.feed(WireFrame.head(0x7FFF_FFFF, ends: true)) == [.head(1, status: 200, []), .end(1)])
    }

    @Test("the peer's size of the table is obeyed")
    func tableSize() throws {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings((1, 0)))
        _ = peer.written()
        peer.get()
        #expect(peer.written().first?.payload == [0x20, 0x82, 0x86, 0x01, 1, 0x68, 0x84])
    }

    @Test("a request that is given up is reset, and what comes for it late is passed over")
    func cancelled() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings())
        peer.get(0)
        _ = peer.written()
        peer.session.cancel(0)
        peer.session.cancel(0)
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .cancel)])
        #expect(peer.openStreams == 0)
        peer.get(0)
        let late =
            WireFrame.bytes(1, 4, 1, [0x88] + WireFrame.literal("a", "b", pattern: 0x40)) + WireFrame.data(1, "late")
            + WireFrame.window(1, 5) + WireFrame.data(1, "", ends: true) + WireFrame.reset(1, .noError)
        #expect(peer.feed(late) == [])
        // Its head has entered the table all the same.
        #expect(
            peer.feed(WireFrame.bytes(1, 5, 3, [0x88, 0xBE])) == [.head(0, status: 200, ["a: b"]), .end(0)]
        )
    }

    @Test("a request may be given up in the middle of its response and its slot be used at once")
    func cancelledInside() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings())
        peer.get(0)
        let data = WireFrame.data(1, "0123456789", ends: true)
        #expect(peer.feed(WireFrame.head(1) + data[..<12]) == [.head(0, status: 200, []), .body(0, "012")])
        peer.session.cancel(0)
        #expect(peer.get(0) == .opened(stream: 3))
        #expect(peer.feed(Array(data[12...])) == [])
        #expect(peer.response(0).bodyBytes == 0)
        let head = WireFrame.bytes(1, 0, 3, [0x88])
        #expect(peer.feed(head) == [])
        peer.session.cancel(0)
        #expect(peer.get(0) == .opened(stream: 5))
        #expect(peer.feed(WireFrame.bytes(9, 4, 3, [0x88])) == [])
        #expect(peer.feed(WireFrame.head(5, ends: true)) == [.head(0, status: 200, []), .end(0)])
    }

    @Test("slots are found among many streams that come and go")
    func manyStreams() {
        let peer = ScriptedPeer(slots: 64)
        peer.feed(WireFrame.settings())
        var open: [(slot: Int, stream: UInt32)] = []
        for round in 0..<5_000 {
            if let slot = (0..<64).first(where: { !peer.session.isOpen($0) }), round % 3 != 2 {
                guard case .opened(let stream) = peer.get(slot) else {
                    Issue.record("refused")
                    return
                }
                open.append((slot, stream))
            } else {
                let (slot, stream) = open.remove(at: round * 31 % open.count)
                #expect(peer.feed(WireFrame.head(stream, ends: true)) == [.head(slot, status: 200, []), .end(slot)])
            }
            _ = peer.written()
        }
        #expect(peer.openStreams == open.count)
    }
}
