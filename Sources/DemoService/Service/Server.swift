import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Accepts connections and answers their requests, each in an async function.
final class Server: Sendable {
    /// How long requests in flight may take after the signal to stop.
    private static let grace = Duration.milliseconds(500)

    private let group: MultiThreadedEventLoopGroup
    private let worsening: Worsening
    private let inFlight = Atomic<Int>(0)

    init(group: MultiThreadedEventLoopGroup, worsening: Worsening) {
        self.group = group
        self.worsening = worsening
    }

    private typealias Connection = NIOAsyncChannel<Request, Response>

    /// Listens until the signal arrives and the requests in flight are answered.
    func run(on address: ListenAddress, until stop: StopSignal) async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        if let bound = listener.channel.localAddress, let ip = bound.ipAddress, let port = bound.port {
            Terminal.error("\(Terminal.name): listening on \(ip):\(port)")
        }

        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await self.accept(from: listener) }
            tasks.addTask {
                try await stop.arrival(on: self.group)
                await self.drain()
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func accept(from listener: NIOAsyncChannel<Connection, Never>) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { tasks in
                for try await connection in connections {
                    tasks.addTask { await self.converse(over: connection) }
                }
            }
        }
    }

    private func converse(over connection: Connection) async {
        // What goes wrong on a connection, mostly a client that goes away, ends that connection and nothing else.
        try? await connection.executeThenClose { requests, responses in
            for try await request in requests {
                inFlight.add(1, ordering: .relaxed)
                defer { inFlight.subtract(1, ordering: .relaxed) }
                var response = try await answer(request, worsenedBy: worsening)
                response.keepsAlive = request.head.isKeepAlive
                try await responses.write(response)
                if !response.keepsAlive { return }
            }
        }
    }

    private func drain() async {
        let clock = ContinuousClock()
        let end = clock.now + Self.grace
        while inFlight.load(ordering: .relaxed) > 0, clock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }
}
