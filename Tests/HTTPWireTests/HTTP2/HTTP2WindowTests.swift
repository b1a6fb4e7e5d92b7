import TestSupport
import Testing

@testable import HTTPWire

@Suite("HTTP/2 windows")
struct HTTP2WindowTests {
    private func post(_ count: Int) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n" + String(repeating: "b", count: count)
    }

    /// Bytes of data written since the last look, and whether the last frame ends its stream.
    private func data(_ peer: ScriptedPeer) -> [String] {
        peer.written().filter { $0.kind == .data }
            .map { "\($0.stream): \($0.payload.count)\($0.flags == 1 ? "." : "")" }
    }

    @Test("a body waits for the stream's window and for the connection's")
    func bodies() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings((4, 10)))
        peer.request(post(25), slot: 0)
        #expect(data(peer) == ["1: 10"])
        peer.feed(WireFrame.window(1, 5))
        #expect(data(peer) == ["1: 5"])
        // A larger initial window serves streams that are open, a smaller one takes from them.
        peer.feed(WireFrame.settings((4, 14)))
        #expect(peer.written().map { "\($0.kind) \($0.flags) \($0.payload.count)" } == ["SETTINGS 1 0", "DATA 0 4"])
        peer.feed(WireFrame.settings((4, 10)))
        peer.feed(WireFrame.window(1, 4))
        #expect(data(peer) == [])
        peer.feed(WireFrame.window(1, 100))
        #expect(data(peer) == ["1: 6."])
        #expect(peer.feed(WireFrame.head(1, ends: true)).last == .end(0))
    }

    @Test("frames are no larger than the peer allows, and the connection's window is shared in turn")
    func shared() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings((4, 1 << 20)))
        peer.request(post(60_000), slot: 0)
        #expect(data(peer) == ["1: 16384", "1: 16384", "1: 16384", "1: 10848."])
        peer.request(post(10_000), slot: 1)
        #expect(data(peer) == ["3: 5535"])
        peer.request(post(10_000), slot: 2)
        #expect(data(peer) == [])
        peer.feed(WireFrame.window(0, 5_000))
        #expect(data(peer) == ["3: 4465.", "5: 535"])
        peer.feed(WireFrame.settings((5, 20_000)))
        peer.feed(WireFrame.window(0, 100_000))
        #expect(data(peer) == ["5: 9465."])
        peer.request(post(30_000), slot: 3)
        #expect(data(peer) == ["7: 20000", "7: 10000."])
    }

    @Test("turns go round among the streams that wait")
    func turns() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings((4, 1 << 20)))
        for slot in 0..<3 { peer.request(post(70_000), slot: slot) }
        _ = peer.written()
        var order: [String] = []
        for _ in 0..<6 {
            peer.feed(WireFrame.window(0, 100))
            order += data(peer)
        }
        #expect(order == ["1: 100", "3: 100", "5: 100", "1: 100", "3: 100", "5: 100"])
    }

    @Test("a response that ends early stops the rest of its request")
    func early() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings((4, 10)))
        peer.request(post(25), slot: 0)
        _ = peer.written()
        #expect(peer.feed(WireFrame.head(1, "413", ends: true)) == [.head(0, status: 413, []), .end(0)])
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .cancel)])
        #expect(peer.feed(WireFrame.window(1, 10) + WireFrame.reset(1, .noError)) == [])
        #expect(peer.written() == [])
    }

    @Test("windows are opened again once half of them is used")
    func received() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings())
        peer.get(0)
        _ = peer.written()
        peer.feed(WireFrame.head(1))
        let piece = WireFrame.data(1, String(repeating: "d", count: 16_384))
        for round in 1...1_024 {
            peer.feed(piece)
            var wanted: [[UInt8]] = []
            if round % 512 == 0 { wanted.append(WireFrame.window(0, 1 << 23)) }
            if round % 32 == 0 { wanted.append(WireFrame.window(1, 1 << 19)) }
            #expect(peer.written().map(\.bytes) == wanted)
        }
        #expect(peer.response(0).bodyBytes == 1 << 24)
        #expect(peer.feed(WireFrame.data(1, "", ends: true)) == [.end(0)])
    }

    @Test("data that nobody wants any more counts for the connection, padding for both")
    func unwanted() {
        let peer = ScriptedPeer()
        peer.feed(WireFrame.settings())
        peer.get(0)
        peer.session.cancel(0)
        _ = peer.written()
        let padded = WireFrame.bytes(0, 8, 1, [255] + [UInt8](repeating: 0, count: 16_383))
        for _ in 0..<512 { peer.feed(padded) }
        #expect(peer.written().map(\.bytes) == [WireFrame.window(0, 1 << 23)])
    }

    @Test("windows cannot be overrun or overflow")
    func broken() {
        func session() -> ScriptedPeer {
            let peer = ScriptedPeer()
            peer.feed(WireFrame.settings())
            peer.get(0)
            _ = peer.written()
            return peer
        }
        var peer = session()
        #expect(
            peer.feed(WireFrame.window(1, 0x7FFF_FFFF))
                == [.failed(0, HTTP2Error(.windowOverflow, stream: 1, at: 9))]
        )
        #expect(peer.written().map(\.bytes) == [WireFrame.reset(1, .flowControlError)])
        peer = session()
        #expect(peer.feed(WireFrame.window(1, 0)) == [.failed(0, HTTP2Error(.windowUpdateOfZero, stream: 1, at: 9))])
        peer = session()
        #expect(peer.feed(WireFrame.window(0, 0)) == [.broken(HTTP2Error(.windowUpdateOfZero, at: 9))])
        peer = session()
        #expect(peer.feed(WireFrame.window(0, 0x7FFF_FFFF)) == [.broken(HTTP2Error(.windowOverflow, at: 9))])
        #expect(peer.written().map(\.bytes) == [WireFrame.goAway(0, .flowControlError)])
        peer = session()
        #expect(
            peer.feed(WireFrame.window(1, 0x7FFF_0000) + WireFrame.settings((4, 0x7FFF_FFFF)))
                == [.broken(HTTP2Error(.windowOverflow, at: 22))]
        )
    }
}
