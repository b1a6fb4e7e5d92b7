import NIOCore
import NIOHTTP1

/// Joins the parts of a request, and takes a response apart.
final class ExchangeHandler: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Request
    typealias OutboundIn = Response
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body kept, in bytes.
    private static let bodyLimit = 64 << 10

    private var head: HTTPRequestHead?
    private var body = Request.Body.complete(ByteBuffer())

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = .complete(ByteBuffer())
        case .body(var part):
            guard case .complete(var buffer) = body else { return }
            guard buffer.readableBytes + part.readableBytes <= Self.bodyLimit else {
                body = .tooLarge
                return
            }
            if buffer.readableBytes == 0 {
                body = .complete(part)
            } else {
                buffer.writeBuffer(&part)
                body = .complete(buffer)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            context.fireChannelRead(wrapInboundOut(Request(head: head, body: body)))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let response = unwrapOutboundIn(data)
        var headers = HTTPHeaders()
        headers.reserveCapacity(3)
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: String(response.body.readableBytes))
        if !response.keepsAlive {
            headers.add(name: "Connection", value: "close")
        }
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }
}
