import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// What a session tells the connection it belongs to, always on the thread that called it.
package protocol TLSSessionOwner: AnyObject {
    /// Bytes for the peer; valid during the call only.
    func transmit(sealed bytes: UnsafeRawBufferPointer)
    /// The handshake is done; `agreed` is what ALPN chose.
    func established(agreed: String?)
    /// Plain bytes of the peer's; valid during the call only.
    func received(plain bytes: UnsafeRawBufferPointer)
    /// Nothing more will come: the peer has said so, or something went wrong.
    func ended(_ failure: TLSError?)
}

/// One TLS connection without its socket: sealed bytes on one side, plain bytes on the other.
///
/// The library's handler sits in a channel that exists in memory only, so that it runs on whatever thread feeds it. All
/// calls must come from the thread the session was made on.
package final class TLSSession {
    /// The largest buffer that is kept for what comes next.
    private static let keptBytes = 64 * 1024

    private let channel: EmbeddedChannel
    private unowned let owner: any TLSSessionOwner
    private let rim = Rim()
    private let core = Core()
    private let peer: SocketAddress
    private var sealed = ByteBuffer()
    private var plain = ByteBuffer()
    private var isClosing = false
    private var hasEnded = false
    private var failure: TLSError?

    package init(_ client: TLSClient, owner: any TLSSessionOwner) throws(TLSError) {
        self.owner = owner
        peer = client.peer
        channel = EmbeddedChannel()
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(rim)
            try pipeline.addHandler(NIOSSLClientHandler(context: client.context, serverHostname: client.serverName))
            try pipeline.addHandler(core)
        } catch {
            throw TLSError(error)
        }
        rim.session = self
        core.session = self
    }

    /// Sends the first message of the handshake.
    package func begin() { channel.connect(to: peer, promise: nil) }

    /// Takes bytes that came from the peer.
    package func receive(sealed bytes: UnsafeRawBufferPointer) {
        sealed.clear()
        sealed.writeBytes(bytes)
        let pipeline = channel.pipeline.syncOperations
        pipeline.fireChannelRead(NIOAny(sealed))
        pipeline.fireChannelReadComplete()
        if sealed.capacity > Self.keptBytes { sealed = ByteBuffer() }
    }

    /// Seals bytes and sends them; the handshake must be done.
    package func write(plain bytes: UnsafeRawBufferPointer) {
        plain.clear()
        plain.writeBytes(bytes)
        core.write(plain)
        if plain.capacity > Self.keptBytes { plain = ByteBuffer() }
    }

    /// The peer's stream has ended; the owner is told whether it was cut.
    package func inputEnded() {
        channel.pipeline.syncOperations.fireChannelInactive()
        end()
    }

    /// Says goodbye to the peer and lets go of the library's state; nothing is told any more.
    package func close() {
        guard !isClosing else { return }
        isClosing = true
        if !hasEnded { channel.close(promise: nil) }
        rim.closeChannel()
        // Drops the timer with which the library waits for the peer's goodbye, and what it holds on to.
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
    }

    private func end() {
        guard !isClosing, !hasEnded else { return }
        hasEnded = true
        owner.ended(failure)
    }

    /// The end of the pipeline towards the socket.
    private final class Rim: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        unowned(unsafe) var session: TLSSession?
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            unwrapOutboundIn(data).withUnsafeReadableBytes { session?.owner.transmit(sealed: $0) }
            promise?.succeed(())
        }

        func flush(context: ChannelHandlerContext) {}

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            promise?.succeed(())
            session?.end()
        }

        func closeChannel() { context?.close(promise: nil) }
    }

    /// The end of the pipeline towards whoever speaks over the connection.
    private final class Core: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        unowned(unsafe) var session: TLSSession?
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func write(_ bytes: ByteBuffer) { context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let session, !session.isClosing else { return }
            unwrapInboundIn(data).withUnsafeReadableBytes { session.owner.received(plain: $0) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let session, !session.isClosing, case .handshakeCompleted(let agreed)? = event as? TLSUserEvent
            else { return }
            session.owner.established(agreed: agreed)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            guard let session, session.failure == nil else { return }
            session.failure = TLSError(error)
        }
    }
}
