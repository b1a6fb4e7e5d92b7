import LinkedProbe
import NIOCore
import NIOHTTP1
import NIOPosix

/// A server of its own for the profiles of this process.
///
///     try await withThrowingTaskGroup(of: Void.self) { group in
///         group.addTask { try await ProbeServer.run(port: 6060) }
///         group.addTask { try await service.run() }
///         …
///     }
///
/// It has one thread, on which nothing is counted, so that being asked does not change what is told.
public struct ProbeServer: Sendable {
    /// Where it listens.
    public var host: String
    /// The port it listens on; 0 = a free one.
    public var port: Int
    /// What is recorded all the time.
    public var recording: ProbeRecording
    /// Whether others than this machine may ask.
    ///
    /// They can then read the service's inside and make it work.
    public var isReachableFromElsewhere: Bool
    /// Told the port it listens on, which is another one than asked for where that is 0.
    public var onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - host: where to listen; an address of this machine alone, unless `isReachableFromElsewhere`.
    ///   - port: 6060 by convention; 0 picks a free one.
    public init(
        host: String = "127.0.0.1", port: Int = 6060, recording: ProbeRecording = .tasks,
        isReachableFromElsewhere: Bool = false, onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.recording = recording
        self.isReachableFromElsewhere = isReachableFromElsewhere
        self.onListening = onListening
    }

    /// Serves until the task is cancelled.
    public static func run(
        host: String = "127.0.0.1", port: Int = 6060, recording: ProbeRecording = .tasks,
        isReachableFromElsewhere: Bool = false, onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        try await ProbeServer(
            host: host, port: port, recording: recording, isReachableFromElsewhere: isReachableFromElsewhere,
            onListening: onListening
        ).run()
    }

    /// Serves until the task is cancelled.
    public func run() async throws {
        guard isReachableFromElsewhere || Loopback.isAddress(host) else { throw ProbeServerError.notLoopback(host) }
        let desk = ProbeDesk(recording)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await group.next().submit { perfgate_probe_leave_thread() }.get()
            try await serve(desk, on: group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func serve(_ desk: ProbeDesk, on group: MultiThreadedEventLoopGroup) async throws {
        let limiter = ConnectionLimit()
        let checksHost = !isReachableFromElsewhere
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard limiter.admit(channel) else { throw ProbeServerError.tooManyConnections }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(
                        IdleStateHandler(readTimeout: PageHandler.longestWait))
                    try channel.pipeline.syncOperations.addHandler(PageHandler(desk, checksHost: checksHost))
                }
            }
            .bind(host: host, port: port).get()
        onListening(listener.localAddress?.port ?? port)
        try await withTaskCancellationHandler {
            try await listener.closeFuture.get()
        } onCancel: {
            listener.close(promise: nil)
        }
    }
}

/// Why profiles are not served.
public enum ProbeServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Others than this machine could ask.
    case notLoopback(String)
    case tooManyConnections

    /// One sentence without its final stop.
    public var description: String {
        switch self {
        case .notLoopback(let host):
            "\(host) is not an address of this machine alone; pass isReachableFromElsewhere: true if others shall read "
                + "the profiles"
        case .tooManyConnections: "too many connections ask for profiles"
        }
    }
}
