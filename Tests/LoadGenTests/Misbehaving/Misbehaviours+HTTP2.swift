import HTTPWire
import Plans
import TestSupport

@testable import LoadGen

extension MisbehaviourGroup {
    private typealias Frames = @Sendable (_ stream: UInt32) -> [UInt8]

    /// A server that answers every request with the bytes.
    private static func answers(_ name: String, _ frames: @escaping Frames) -> Misbehaviour {
        Misbehaviour(name) { [.raw(frames($0.stream))] }
    }

    /// A server that answers a connection's first request with the bytes and, in order, ends it with them.
    private static func ends(_ name: String, _ frames: @escaping Frames) -> Misbehaviour {
        Misbehaviour(name) { [.raw(frames($0.stream)), .finish] }
    }

    private static func head(_ name: String, _ status: String, _ fields: String...) -> Misbehaviour {
        answers(name) { WireFrame.bytes(1, 5, $0, WireFrame.block(status, fields)) }
    }

    private static func flood(_ name: String, _ count: Int, _ frame: @escaping Frames) -> Misbehaviour {
        answers(name) { stream in (0..<count).flatMap { _ in frame(stream) } }
    }

    private static let ping = WireFrame.bytes(6, 0, 0, [UInt8](repeating: 0, count: 8))

    static let http2Ends = MisbehaviourGroup(
        title: "HTTP/2: silence and ends",
        cases: [
            Misbehaviour("answers in HTTP/1.1", .read, .send("HTTP/1.1 400 Bad Request\r\n\r\n"), .hold).with {
                $0.connection.httpVersion = .two
            },
            Misbehaviour("begins without its settings", .read, .send(ping), .hold).with {
                $0.connection.httpVersion = .two
            },
            Misbehaviour("takes the request and says nothing") { _ in [.ignore] }.impatient,
            Misbehaviour("stops in a frame") {
                // What came next would be the rest of it.
                $0.stream == 1 ? [.raw(Array(WireFrame.head(1).dropLast()))] : [.ignore]
            }.impatient,
            answers("stops in the body") { WireFrame.head($0) + WireFrame.data($0, "ab") }.impatient,
            Misbehaviour("never widens the window that a large request needs") { _ in [.ok] }.with {
                $0.step.method = "POST"
                $0.step.body = .init(
                    contentType: "application/octet-stream", content: .bytes([UInt8](repeating: 0x78, count: 100_000)))
            }.impatient,
            Misbehaviour("closes instead of a response") { _ in [.finish] },
            ends("closes in a frame") { Array(WireFrame.head($0).dropLast()) },
            ends("closes in the body") { WireFrame.head($0) + WireFrame.data($0, "ab") },
            Misbehaviour("resets the stream") { _ in [.reset(.internalError)] },
            answers("resets the stream in the body") { WireFrame.head($0) + WireFrame.reset($0, .cancel) },
            Misbehaviour("refuses every stream") { _ in [.reset(.refusedStream)] },
            answers("answers and resets the stream, as nothing more is read") {
                WireFrame.head($0, ends: true) + WireFrame.reset($0, .noError)
            },
            Misbehaviour("ends the connection with each response") { [.goAway(last: $0.stream, .noError), .ok] },
            Misbehaviour("says so, and closes with it") { [.goAway(last: $0.stream, .noError), .ok, .finish] },
            Misbehaviour("ends the connection before each request") { _ in [.goAway(last: 0, .noError)] },
            Misbehaviour("has enough and closes") { _ in [.goAway(last: 0, .enhanceYourCalm), .finish] },
            answers("ends the connection twice, the second time later") {
                WireFrame.goAway($0, .noError) + WireFrame.goAway($0 + 2, .noError)
            },
        ])

    static let http2Frames = MisbehaviourGroup(
        title: "HTTP/2: frames",
        cases: [
            answers("sends a frame of 16385 bytes") {
                WireFrame.head($0) + WireFrame.bytes(0, 1, $0, [UInt8](repeating: 0x78, count: 16_385))
            },
            answers("answers on no stream") { _ in WireFrame.head(0) },
            answers("answers on a stream that nobody opened") { WireFrame.head($0 + 2) },
            answers("answers on a stream of its own") { _ in WireFrame.head(2) },
            answers("sends the body first") { WireFrame.data($0, "ab", ends: true) },
            answers("pushes") { WireFrame.bytes(5, 4, $0, [0, 0, 0, 2, 0x88]) },
            answers("pads by more than the frame") { WireFrame.head($0) + WireFrame.bytes(0, 9, $0, [2, 1]) },
            answers("pads") { WireFrame.bytes(1, 0xC, $0, [1, 0x88, 0]) + WireFrame.bytes(0, 9, $0, [1, 0x78, 0]) },
            answers("continues nothing") { WireFrame.bytes(9, 4, $0, [0x88]) },
            answers("interrupts a head") { WireFrame.bytes(1, 0, $0, [0x88]) + ping },
            answers("sends a head in pieces") {
                WireFrame.bytes(1, 1, $0, []) + WireFrame.bytes(9, 0, $0, [0x88]) + WireFrame.bytes(9, 4, $0, [])
            },
            answers("sends a PING of 7 bytes") { _ in WireFrame.bytes(6, 0, 0, [UInt8](repeating: 0, count: 7)) },
            answers("sets a window of 2^31 bytes") { _ in WireFrame.settings((4, 0x8000_0000)) },
            answers("sets frames of 16383 bytes") { _ in WireFrame.settings((5, 16_383)) },
            answers("widens the connection's window beyond 2^31 - 1") { _ in WireFrame.window(0, 0x7FFF_FFFF) },
            answers("widens the stream's window beyond 2^31 - 1") { WireFrame.window($0, 0x7FFF_FFFF) },
            answers("widens the connection's window by nothing") { _ in WireFrame.window(0, 0) },
            answers("widens the stream's window by nothing") { WireFrame.window($0, 0) },
            answers("sends frames of a type that nobody knows first") {
                WireFrame.bytes(0x42, 0xFF, $0, [1]) + WireFrame.head($0, ends: true)
            },
            flood("sends 1001 PINGs", 1001) { _ in ping },
            flood("sends 1001 SETTINGS", 1001) { _ in WireFrame.settings() },
            flood("sends 1001 PRIORITYs", 1001) { WireFrame.bytes(2, 0, $0, [0, 0, 0, 0, 0]) },
            answers("sends 1001 pieces of a body that are empty") { stream in
                WireFrame.head(stream) + (0..<1001).flatMap { _ in WireFrame.data(stream, "") }
            },
            answers("sends 65 empty pieces of a head") { stream in
                WireFrame.bytes(1, 0, stream, [0x88]) + (0..<65).flatMap { _ in WireFrame.bytes(9, 0, stream, []) }
            },
        ])

    static let http2Heads = MisbehaviourGroup(
        title: "HTTP/2: heads and lengths",
        cases: [
            head("has no status", ""),
            head("has two statuses", "200", ":status: 200"),
            head("has a status of two digits", "20"),
            head("has status 099", "099"),
            head("has a pseudo-header field of requests", "200", ":path: /"),
            head("has a status after a field", "", "a: b", ":status: 200"),
            head("has capitals in a field's name", "200", "Content-Type: text/plain"),
            head("has a field without a name", "200", ": a"),
            head("has a NUL in a field", "200", "a: b\u{0}c"),
            head("has a line's end in a field", "200", "a: b\r\nc: d"),
            head("has a Connection field", "200", "connection: close"),
            head("has a Transfer-Encoding", "200", "transfer-encoding: chunked"),
            head("switches protocols", "101"),
            head("ends with an interim head", "103"),
            answers("has an entry that no table has") { WireFrame.bytes(1, 5, $0, [0x88, 0xFE]) },
            answers("makes the table larger than was allowed") { WireFrame.bytes(1, 5, $0, [0x3F, 0xE2, 0x1F, 0x88]) },
            answers("has a number without end") {
                WireFrame.bytes(1, 5, $0, [0x88, 0xFF] + [UInt8](repeating: 0xFF, count: 16))
            },
            answers("has Huffman's code for the end of a string") {
                WireFrame.bytes(1, 5, $0, [0x88, 0, 1, 0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFF])
            },
            answers("sends a bomb, 800 kB in 4 kB") {
                let field = WireFrame.literal("a", String(repeating: "x", count: 4000), pattern: 0x40)
                return WireFrame.bytes(1, 5, $0, [0x88] + field + [UInt8](repeating: 0xBE, count: 200))
            },
            answers("has 257 fields") {
                let fields = (0..<257).flatMap { _ in WireFrame.literal("a", "b") }
                return WireFrame.bytes(1, 5, $0, [0x88] + fields)
            },
            answers("sends interim responses without end") { stream in
                (0..<17).flatMap { _ in WireFrame.head(stream, "103") }
            },
            answers("sends 16 interim responses first") { stream in
                (0..<16).flatMap { _ in WireFrame.head(stream, "103") } + WireFrame.head(stream, ends: true)
            },
            answers("sends less than its length") {
                WireFrame.head($0, "200", "content-length: 3") + WireFrame.data($0, "ab", ends: true)
            },
            answers("sends more than its length") {
                WireFrame.head($0, "200", "content-length: 1") + WireFrame.data($0, "ab", ends: true)
            },
            head("has a length that is no number", "200", "content-length: 0x2"),
            head("has two lengths", "200", "content-length: 0", "content-length: 1"),
            answers("sends a body with 204") { WireFrame.head($0, "204") + WireFrame.data($0, "ab", ends: true) },
            answers("sends a body to HEAD") { WireFrame.head($0) + WireFrame.data($0, "ab", ends: true) }.with {
                $0.step.method = "HEAD"
            },
            answers("sends a length only to HEAD") { WireFrame.head($0, "200", "content-length: 2", ends: true) }.with {
                $0.step.method = "HEAD"
            },
            answers("sends trailers") {
                WireFrame.head($0) + WireFrame.data($0, "ab") + WireFrame.bytes(1, 5, $0, WireFrame.block("", ["a: b"]))
            },
            answers("sends trailers that do not end the response") {
                WireFrame.head($0) + WireFrame.bytes(1, 4, $0, WireFrame.block("", ["a: b"]))
            },
        ])
}
