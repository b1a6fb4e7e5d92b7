import NIOCore
import NIOHTTP1
import NIOPosix
import PerfgateProbe

/// Each connection is a task, as in a web framework.
struct Server: Sendable {
    let probe: ProbeEndpoints
    let burden = Burden()

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    func run(port: Int, on group: MultiThreadedEventLoopGroup) async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        say("listening on \(listener.channel.localAddress?.port ?? 0)")
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { tasks in
                for try await connection in connections {
                    tasks.addTask { try? await converse(connection) }
                }
            }
        }
    }

    private func converse(_ connection: Connection) async throws {
        try await connection.executeThenClose { requests, responses in
            var head: HTTPRequestHead?
            for try await part in requests {
                switch part {
                case .head(let next): head = next
                case .body: continue
                case .end:
                    guard let request = head else { return }
                    let answer = await answer(request.uri)
                    let headers: HTTPHeaders = [
                        "Content-Type": answer.contentType, "Content-Length": "\(answer.body.count)",
                    ]
                    try await responses.write(
                        .head(
                            HTTPResponseHead(
                                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status),
                                headers: headers)))
                    try await responses.write(.body(.byteBuffer(ByteBuffer(bytes: answer.body))))
                    try await responses.write(.end(nil))
                    if !request.isKeepAlive { return }
                }
            }
        }
    }

    private func answer(_ target: String) async -> ProbeResponse {
        if target.hasPrefix("/debug/pprof") { return await probe.respond(to: target) }
        if target.hasPrefix("/work") { await burden.carry() }
        let isKnown = target.hasPrefix("/work") || target == "/healthz"
        return ProbeResponse(status: isKnown ? 200 : 404, contentType: "text/plain", body: Array("ok\n".utf8))
    }
}
