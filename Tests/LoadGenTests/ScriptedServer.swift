import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

/// A server on loopback that answers every request as a script says, also against the protocol.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        /// From 0, over all connections.
        var number: Int
        /// From 0, in the order of acceptance.
        var connection: Int
        var line: String
        var head: String
        var body: String
    }

    enum Action: Sendable {
        case send(String)
        case sendBytes([UInt8])
        case close
        /// Ends the connection with a reset.
        case reset
        /// Ends a connection of TLS in order, but without the message of TLS that says so.
        case cut
        /// Stops the whole server for so many milliseconds.
        case freeze(UInt32)
        /// Says nothing more to this connection.
        case ignore
    }

    typealias Script = @Sendable (Request) -> [Action]

    let port: Int

    private init(port: Int) {
        self.port = port
    }

    /// Runs the closure while the server answers.
    ///
    /// `limit` is how many connections are served before others are closed; with `socket` it listens on a Unix socket of
    /// that path.
    static func with<R: Sendable>(
        limit: Int = .max, tls: NIOSSLContext? = nil, socket: String? = nil, _ script: @escaping Script,
        _ body: (ScriptedServer) async throws -> R
    ) async throws -> R {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let counters = try await group.next().submit { NIOLoopBound(Counters(), eventLoop: group.next()) }.get()
            var bootstrap = ServerBootstrap(group: group).serverChannelOption(.backlog, value: 512)
            if socket == nil {
                bootstrap = bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            }
            bootstrap =
                bootstrap
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = counters.value.connections
                        counters.value.connections += 1
                        guard connection < limit else { throw ChannelError.eof }
                        if let tls {
                            try channel.pipeline.syncOperations.addHandler(Below())
                            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                        }
                        let handler = Handler(script: script, connection: connection, counters: counters.value)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
            let channel =
                if let socket {
                    try await bootstrap.bind(unixDomainSocketPath: socket).get()
                } else {
                    try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
                }
            let server = ScriptedServer(port: channel.localAddress?.port ?? 0)
            let result = try await body(server)
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    final class Counters {
        var requests = 0
        var connections = 0
    }

    /// The place below TLS.
    final class Below: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
    }

    /// Collects requests and plays their scripts.
    final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private let connection: Int
        private let counters: Counters
        private var received: [UInt8] = []

        init(script: @escaping Script, connection: Int, counters: Counters) {
            self.script = script
            self.connection = connection
            self.counters = counters
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(contentsOf: Self.unwrapInboundIn(data).readableBytesView)
            while let request = nextRequest() {
                for action in script(request) { play(action, context) }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func play(_ action: Action, _ context: ChannelHandlerContext) {
            switch action {
            case .send(let text):
                context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .sendBytes(let bytes):
                context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .close: context.close(promise: nil)
            case .reset:
                // With nothing to linger for, closing discards what was not sent and resets the connection.
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            case .cut: try? context.pipeline.syncOperations.context(handlerType: Below.self).close(promise: nil)
            case .freeze(let milliseconds): usleep(milliseconds * 1000)
            case .ignore: break
            }
        }

        private func nextRequest() -> Request? {
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound]
            var length = 0
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length: ") {
                length = Int(line.dropFirst(16)) ?? 0
            }
            let start = head.utf8.count + 4
            guard received.count >= start + length else { return nil }
            let body = String(decoding: received[start..<(start + length)], as: UTF8.self)
            received.removeFirst(start + length)
            defer { counters.requests += 1 }
            return Request(
                number: counters.requests, connection: connection,
                line: String(head.prefix { $0 != "\r\n" }), head: String(head), body: body
            )
        }
    }
}

extension ScriptedServer.Action {
    /// A whole response with its length.
    static func respond(_ status: Int = 200, _ body: String = "ok", fields: String = "") -> Self {
        .send("HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}
