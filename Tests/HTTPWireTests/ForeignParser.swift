import NIOCore
import NIOEmbedded
import NIOHTTP1

/// A whole response as some parser understood it.
struct Understood: Equatable {
    var status: Int
    /// `name: value`, in order; the trailers are not among them.
    var fields: [String]
    var body: [UInt8]
    var keepsAlive: Bool
}

/// The parser of SwiftNIO, which is that of Node.js.
enum ForeignParser {
    /// What it makes of a stream that holds one response; nil where it refuses it or waits for more.
    static func understand(_ bytes: [UInt8], isHead: Bool, closes: Bool) -> Understood? {
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPRequestEncoder())
            try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder()))
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
            let head = HTTPRequestHead(version: .http1_1, method: isHead ? .HEAD : .GET, uri: "/")
            try channel.writeOutbound(HTTPClientRequestPart.head(head))
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            if closes { channel.pipeline.fireChannelInactive() }
            try channel.throwIfErrorCaught()
            return try result(channel)
        } catch {
            return nil
        }
    }

    private static func trimmed(_ value: String) -> String {
        var value = Substring(value)
        while let last = value.last, last == " " || last == "\t" { value.removeLast() }
        return String(value)
    }

    private static func result(_ channel: EmbeddedChannel) throws -> Understood? {
        var result: Understood?
        while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
            switch part {
            case .head(let head):
                // It leaves the blanks after a value, which are no part of it (RFC 9112, section 5.1).
                result = Understood(
                    status: Int(head.status.code), fields: head.headers.map { "\($0.name): \(trimmed($0.value))" },
                    body: [],
                    keepsAlive: head.isKeepAlive)
            case .body(let piece): result?.body += piece.readableBytesView
            case .end: return result
            }
        }
        return nil
    }
}
