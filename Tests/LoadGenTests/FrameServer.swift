import NIOCore
import NIOPosix
import NIOSSL
import TestSupport

@testable import HTTPWire

/// A server of HTTP/2 on loopback that answers every request as a script says, also against the protocol.
final class FrameServer: Sendable {
    struct Request: Sendable {
        /// From 0, over all connections.
        var number: Int
        /// From 0, in the order of acceptance.
        var connection: Int
        var stream: UInt32
        /// Pseudo-header fields included, in order.
        var fields: [String]
        var body: String

        func has(_ field: String) -> Bool { fields.contains(field) }
    }

    enum Action: Sendable {
        case respond(Int, [(String, String)], String)
        case reset(HTTP2Reason)
        /// GOAWAY with the last stream that is looked at.
        case goAway(last: UInt32, HTTP2Reason)
        case raw([UInt8])
        case close
        /// Ends the connection in order and reads what still comes, so that the peer sees no reset.
        case finish
        case ignore

        static var ok: Action { .respond(200, [], "ok") }
    }

    typealias Script = @Sendable (Request) -> [Action]

    let port: Int

    private init(port: Int) { self.port = port }

    /// Runs the closure while the server answers; `settings` are sent first, as pairs of identifier and value.
    static func with<R: Sendable>(
        settings: [(UInt16, UInt32)] = [], tls: NIOSSLContext? = nil, _ script: @escaping Script,
        _ body: (FrameServer) async throws -> R
    ) async throws -> R {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let counters = try await group.next().submit {
                NIOLoopBound(ScriptedServer.Counters(), eventLoop: group.next())
            }.get()
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let tls {
                            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                        }
                        let handler = Handler(settings, script, counters.value.connections, counters.value)
                        counters.value.connections += 1
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let result = try await body(FrameServer(port: channel.localAddress?.port ?? 0))
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let settings: [(UInt16, UInt32)]
        private let script: Script
        private let connection: Int
        private let counters: ScriptedServer.Counters
        private var received: [UInt8] = []
        private var hasPreface = false
        private var decoder = HPACKDecoder(limits: .init(listBytes: 65_536, fieldCount: 256))
        private var open: [UInt32: Request] = [:]

        init(
            _ settings: [(UInt16, UInt32)], _ script: @escaping Script, _ connection: Int,
            _ counters: ScriptedServer.Counters
        ) {
            self.settings = settings
            self.script = script
            self.connection = connection
            self.counters = counters
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(contentsOf: Self.unwrapInboundIn(data).readableBytesView)
            if !hasPreface, received.count >= 24 {
                hasPreface = true
                received.removeFirst(24)
                write(WireFrame.settings(settings), context)
            }
            while hasPreface, let frame = nextFrame() { take(frame, context) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private typealias Frame = (type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])

        private func nextFrame() -> Frame? {
            guard received.count >= 9 else { return nil }
            let length = Int(received[0]) << 16 | Int(received[1]) << 8 | Int(received[2])
            guard received.count >= 9 + length else { return nil }
            defer { received.removeFirst(9 + length) }
            let stream = received[5..<9].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            return (received[3], received[4], stream, Array(received[9..<(9 + length)]))
        }

        private func take(_ frame: Frame, _ context: ChannelHandlerContext) {
            switch frame.type {
            case 0: open[frame.stream]?.body += String(decoding: frame.payload, as: UTF8.self)
            case 1:
                var head = ResponseHead()
                _ = try? frame.payload.withUnsafeBytes { try decoder.decode($0, into: &head) }
                var fields: [String] = []
                head.forEachField {
                    fields.append(String(decoding: $0, as: UTF8.self) + ": " + String(decoding: $1, as: UTF8.self))
                }
                open[frame.stream] = Request(
                    number: counters.requests, connection: connection, stream: frame.stream, fields: fields, body: "")
                counters.requests += 1
            case 4: if frame.flags & 1 == 0 { write(WireFrame.bytes(4, 1, 0, []), context) }
            default: return
            }
            guard frame.type <= 1, frame.flags & 1 != 0, let request = open.removeValue(forKey: frame.stream) else {
                return
            }
            for action in script(request) { play(action, request.stream, context) }
        }

        private func play(_ action: Action, _ stream: UInt32, _ context: ChannelHandlerContext) {
            switch action {
            case .respond(let status, let fields, let body):
                let block = WireFrame.block("\(status)", fields.map { "\($0): \($1)" })
                write(WireFrame.bytes(1, body.isEmpty ? 5 : 4, stream, block), context)
                if !body.isEmpty { write(WireFrame.data(stream, body, ends: true), context) }
            case .reset(let reason): write(WireFrame.reset(stream, reason), context)
            case .goAway(let last, let reason): write(WireFrame.goAway(last, reason), context)
            case .raw(let bytes): write(bytes, context)
            case .close: context.close(promise: nil)
            case .finish: context.close(mode: .output, promise: nil)
            case .ignore: break
            }
        }

        private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }
    }
}
