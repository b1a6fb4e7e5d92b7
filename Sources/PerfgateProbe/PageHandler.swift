import NIOCore
import NIOHTTP1
import ProbePages

/// Answers the requests of one connection, on the one thread all connections share.
final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection may be silent.
    static let longestWait = TimeAmount.seconds(620)
    private static let longestBody = 64 << 10

    private let desk: ProbeDesk
    private let checksHost: Bool
    private var head: HTTPRequestHead?
    private var bodyBytes = 0

    init(_ desk: ProbeDesk, checksHost: Bool) {
        self.desk = desk
        self.checksHost = checksHost
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyBytes = 0
        case .body(let part):
            bodyBytes += part.readableBytes
            if bodyBytes > Self.longestBody { context.close(promise: nil) }
        case .end:
            if let head { answer(head, context) }
            head = nil
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            return send(.text("GET is all there is\n", status: 405), head, context)
        }
        if checksHost, let host = head.headers.first(name: "Host"), !Loopback.isHost(host) {
            return send(.text("this is not \(host.prefix(100))\n", status: 403), head, context)
        }
        switch desk.ask(head.uri) {
        case .answer(let answer): send(answer, head, context)
        case .later(let seconds, let window):
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let (desk, loop) = (desk, context.eventLoop)
            loop.scheduleTask(in: .seconds(Int64(seconds))) {
                // Ended in any case: the connection may be gone by now.
                let answer = desk.end(window)
                let (handler, context) = bound.value
                if context.channel.isActive { handler.send(answer, head, context) }
            }
        }
    }

    private func send(_ answer: ProbeAnswer, _ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: answer.contentType)
        headers.add(name: "Content-Length", value: "\(answer.body.count)")
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        headers.add(name: "Cache-Control", value: "no-store")
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            var buffer = context.channel.allocator.buffer(capacity: answer.body.count)
            buffer.writeBytes(answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let isLast = !request.isKeepAlive
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if isLast { bound.value.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
