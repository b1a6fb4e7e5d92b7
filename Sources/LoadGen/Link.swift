import NIOCore

/// The one handler in a connection's pipeline: hands bytes and the connection's end to the engine.
///
/// A user that has given a link up no longer refers to it, so that late events of an old connection are ignored.
final class Link: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let engine: Engine
    private let user: VirtualUser
    private var context: ChannelHandlerContext?
    private var failure: (any Error)?

    init(engine: Engine, user: VirtualUser) {
        self.engine = engine
        self.user = user
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard user.link === self else { return }
        engine.received(Self.unwrapInboundIn(data), by: user)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard user.link === self else { return }
        engine.closed(user, failure: failure)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = error
        context.close(promise: nil)
    }

    @inline(__always)
    func write(_ bytes: ByteBuffer) {
        context?.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }

    func close() { context?.close(promise: nil) }
}
