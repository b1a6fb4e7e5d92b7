import HTTPWire
import Plans

@testable import LoadGen

extension MisbehaviourGroup {
    private static let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    static let silence = MisbehaviourGroup(
        title: "Silence",
        cases: [
            Misbehaviour("takes no connection, and its queue is full").with { $0.door = .shut }.impatient,
            Misbehaviour("takes the request and says nothing", .read, .hold).impatient,
            Misbehaviour("stops in the status line", .read, .send("HTTP/1.1 2"), .hold).impatient,
            Misbehaviour("stops in a header field", .read, .send("HTTP/1.1 200 OK\r\nContent-Le"), .hold).impatient,
            Misbehaviour(
                "stops in the body", .read, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .hold
            ).impatient,
            Misbehaviour(
                "stops between two chunks", .read,
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), .hold
            ).impatient,
            Misbehaviour("never ends a body without length", .read, .send("HTTP/1.1 200 OK\r\n\r\nab"), .hold)
                .impatient,
            Misbehaviour("sends a byte every 20 ms, too slowly", .read, .drip(Array(whole.utf8), every: 20)).impatient,
            Misbehaviour("sends a byte every 10 ms, in time", .read, .drip(Array(whole.utf8), every: 10)),
            Misbehaviour(
                "sends a body without end", .read, .send("HTTP/1.1 200 OK\r\n\r\n"),
                .flood([UInt8](repeating: 0x78, count: 4096))
            ).impatient,
            Misbehaviour("never reads the request, which is large", .ignore).with(large).impatient,
        ])

    static let ends = MisbehaviourGroup(
        title: "Ends of connections",
        cases: [
            Misbehaviour("closes at once", .finish),
            Misbehaviour("closes without having read the request", .await, .close),
            Misbehaviour("resets at once", .await, .reset),
            Misbehaviour("closes instead of a response", .read, .finish),
            Misbehaviour("resets instead of a response", .read, .reset),
            Misbehaviour("closes in the head", .read, .send("HTTP/1.1 200 OK\r\nContent-Le"), .finish),
            Misbehaviour("resets in the head", .read, .send("HTTP/1.1 200 OK\r\nContent-Le"), .reset),
            Misbehaviour(
                "closes in the body", .read, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .finish),
            Misbehaviour(
                "resets in the body", .read, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .reset),
            Misbehaviour(
                "closes before the last chunk", .read,
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), .finish),
            Misbehaviour(
                "closes in the trailers", .read,
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nDigest: x\r\n"), .finish),
            Misbehaviour(
                "closes at the end of a body without length", .read, .send("HTTP/1.1 200 OK\r\n\r\nab"), .finish),
            Misbehaviour("resets in a body without length", .read, .send("HTTP/1.1 200 OK\r\n\r\nab"), .reset),
            Misbehaviour("closes in an interim response", .read, .send("HTTP/1.1 103 X\r\nLink: <"), .finish),
            Misbehaviour(
                "says that it closes, and does", .read,
                .send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"), .finish),
            Misbehaviour("answers as HTTP/1.0 and closes", .read, .send("HTTP/1.0 200 OK\r\n\r\nok"), .finish),
            Misbehaviour(
                "refuses a large request before it is read, and closes", .read,
                .send("HTTP/1.1 413 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), .close
            ).with(large),
            Misbehaviour(
                "answers a large request before it is read, and reads it then", .read, .send(whole), .take(size)
            )
            .with(large),
        ])

    private static let size = 16 << 20

    private static func large(_ misbehaviour: inout Misbehaviour) {
        misbehaviour.step.method = "POST"
        misbehaviour.step.body = .init(
            contentType: "application/octet-stream", content: .bytes([UInt8](repeating: 0x78, count: size)))
    }

    static let heads = MisbehaviourGroup(
        title: "Heads",
        cases: [
            .answers("speaks another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
            .answers("speaks another protocol, without a line's end", "\u{4}\0\0\u{1}"),
            .answers("speaks TLS", "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{16}"),
            Misbehaviour("speaks HTTP/0.9", .read, .send("<html>ok</html>"), .finish),
            .answers("speaks HTTP/2.0 in text", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
            .answers("has a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
            .answers("has a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
            .answers("has status 099", "HTTP/1.1 099 OK\r\n\r\n"),
            .answers("has status 600", "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n"),
            .answers("begins with an empty line", "\r\n" + whole),
            .answers("ends lines with LF alone", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
            .answers("ends one line with LF alone", "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok"),
            .framed("folds a field", "A: b\r\n c\r\nContent-Length: 0\r\n"),
            .framed("has a space before a colon", "Content-Length : 2\r\n", "ok"),
            .framed("has a field without a colon", "Content-Length\r\n", "ok"),
            .framed("has a field without a name", ": 2\r\n", "ok"),
            .framed("has a NUL in a field", "A: b\0c\r\nContent-Length: 0\r\n"),
            .framed("has a CR in a field", "A: b\rc\r\nContent-Length: 0\r\n"),
            .framed("has 257 fields", String(repeating: "A: b\r\n", count: 257)),
            .framed("has a field of 70 000 bytes", "A: " + String(repeating: "x", count: 70_000) + "\r\n"),
            Misbehaviour(
                "sends fields without end", .read, .send("HTTP/1.1 200 OK\r\nA: "),
                .flood([UInt8](repeating: 0x78, count: 4096))),
            Misbehaviour("sends interim responses without end", .read, .flood(Array("HTTP/1.1 103 X\r\n\r\n".utf8))),
            .answers(
                "sends 16 interim responses first", String(repeating: "HTTP/1.1 103 X\r\n\r\n", count: 16) + whole),
            .answers("switches protocols", "HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n"),
        ])

    static let lengths = MisbehaviourGroup(
        title: "Lengths",
        cases: [
            Misbehaviour(
                "sends less than its length and closes", .read,
                .send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"), .finish),
            .framed("sends less than its length and waits", "Content-Length: 3\r\n", "ok").impatient,
            .framed("sends more than its length", "Content-Length: 1\r\n", "ok"),
            .answers("answers twice", whole + whole),
            .framed("has a length below zero", "Content-Length: -2\r\n", "ok"),
            .framed("has a length with a sign", "Content-Length: +2\r\n", "ok"),
            .framed("has a length in hexadecimal", "Content-Length: 0x2\r\n", "ok"),
            .framed("has a length with a unit", "Content-Length: 2 bytes\r\n", "ok"),
            .framed("has no digits in its length", "Content-Length: \r\n", "ok"),
            .framed("has a length of 2^63", "Content-Length: 9223372036854775808\r\n", "ok"),
            .framed("has a length of 2^64 + 2", "Content-Length: 18446744073709551618\r\n", "ok"),
            .framed("has a list of lengths", "Content-Length: 2, 2\r\n", "ok"),
            .framed("has the same length twice", "Content-Length: 2\r\nContent-Length: 2\r\n", "ok"),
            .framed("has two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "ok"),
            .framed(
                "has a length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\nok\r\n0\r\n\r\n"
            ),
            .framed(
                "has chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\nok\r\n0\r\n\r\n"
            ),
            .answers("sends a body with 204", "HTTP/1.1 204 X\r\nContent-Length: 2\r\n\r\nok"),
            .answers("sends a body with 304", "HTTP/1.1 304 X\r\nContent-Length: 2\r\n\r\nok"),
            .answers("sends a body to HEAD", whole).with { $0.step.method = "HEAD" },
            .framed("sends a length only to HEAD", "Content-Length: 2\r\n").with { $0.step.method = "HEAD" },
        ])

    static let chunks = MisbehaviourGroup(
        title: "Chunks",
        cases: [
            .chunked("has a chunk's size below zero", "-2\r\nok\r\n0\r\n\r\n"),
            .chunked("has a chunk's size with 0x", "0x2\r\nok\r\n0\r\n\r\n"),
            .chunked("has a chunk's size that is no number", "two\r\nok\r\n0\r\n\r\n"),
            .chunked("has a chunk without a size", "\r\nok\r\n0\r\n\r\n"),
            .chunked("has a blank after a chunk's size", "2 \r\nok\r\n0\r\n\r\n"),
            .chunked("has a chunk's size of 2^64 + 2", "10000000000000002\r\nok\r\n0\r\n\r\n"),
            Misbehaviour(
                "has a chunk of 2^60 bytes and closes", .read,
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nok"), .finish),
            .chunked("has a chunk's size line of 5000 bytes", "2;" + String(repeating: "x", count: 5000) + "\r\nok"),
            .chunked("has a control character after a chunk's size", "2;a\u{1}\r\nok\r\n0\r\n\r\n"),
            .chunked("has no CR LF after a chunk", "2\r\nok0\r\n\r\n"),
            .chunked("ends a chunk's size with LF alone", "2\nok\r\n0\r\n\r\n"),
            .chunked("ends a chunk with LF alone", "2\r\nok\n0\r\n\r\n"),
            .chunked("has a trailer without a colon", "2\r\nok\r\n0\r\nbad\r\n\r\n"),
            .chunked("folds a trailer", "2\r\nok\r\n0\r\nA: b\r\n c\r\n\r\n"),
            .chunked(
                "has trailers of 70 000 bytes", "2\r\nok\r\n0\r\nA: " + String(repeating: "x", count: 70_000)),
            .chunked("has extensions and trailers", "2;a=b\r\nok\r\n0;c\r\nDigest: x\r\n\r\n"),
            .chunked("sends more after the last chunk", "2\r\nok\r\n0\r\n\r\nx"),
            .framed("has another transfer coding", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
            .framed("has no transfer coding by name", "Transfer-Encoding: identity\r\n", "ok"),
            .framed(
                "is chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            .answers(
                "has chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        ])

    static let compression = MisbehaviourGroup(
        title: "Compressed bodies, where the step asks for them",
        cases: [
            coded("cuts a gzip body short", Array(gzip.dropLast(9))),
            coded("has bytes after a gzip body", gzip + [0]),
            coded("calls a plain body gzip", Array("plain".utf8)),
            coded("has a wrong sum in a gzip body", Array(gzip.dropLast(8)) + [0, 0, 0, 0] + gzip.suffix(4)),
            coded("sends a bomb, 8 MiB in 8 kB, where the body is checked", bomb).with {
                $0.step.checks = [.bodyContains(Template(segments: [.literal("x")]))]
            },
            coded("sends the same where nothing looks at the body", bomb),
            coded("sends no bytes and calls them gzip", []),
            coded("calls a body by a coding that was not asked for", Array("plain".utf8), coding: "br"),
        ])

    private static let gzip = CompressionTests.compressed(Array("some text, and some text again".utf8))
    private static let bomb = CompressionTests.compressed([UInt8](repeating: 0, count: 8 << 20))

    private static func coded(_ name: String, _ body: [UInt8], coding: String = "gzip") -> Misbehaviour {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
        return Misbehaviour(name, .read, .send(Array(head.utf8) + body)).with { $0.step.isCompressed = true }
    }
}
