import HTTPWire
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// Fetching one document over HTTP, off the path of the load: profiles and what goes with them.
package enum HTTPFetch {
    /// The body of a 2xx answer to `GET url`, on a connection of its own; any other status is an error.
    ///
    /// The whole exchange takes at most `timeout`, and the body has at most `limit` bytes.
    package static func get(
        _ url: String, timeout: Duration = .seconds(10), limit: Int = 64 << 20
    ) async throws(CaptureError) -> [UInt8] {
        let endpoint: Endpoint
        let request: [UInt8]
        do {
            // The endpoint is the folder, so that the target can carry a query.
            let path = url.prefix { $0 != "?" }
            guard let slash = path.lastIndex(of: "/") else { throw CaptureError.fetch(url: url, reason: "no path") }
            endpoint = try Endpoint(String(url[..<slash]))
            guard !endpoint.isSecure else { throw CaptureError.fetch(url: url, reason: "only http is read here") }
            request = try RequestHead(
                target: String(url[slash...]),
                fields: [("User-Agent", "perfgate"), ("Accept", "*/*"), ("Connection", "close")]
            ).rendered(for: endpoint)
        } catch let error as CaptureError {
            throw error
        } catch {
            throw .fetch(url: url, reason: "\(error)")
        }
        let answer = try await exchange(url, endpoint, request, timeout: timeout, limit: limit)
        guard (200..<300).contains(answer.status) else {
            let text = String(decoding: answer.body.prefix(200), as: UTF8.self)
                .unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
            throw .status(url: url, status: answer.status, body: text)
        }
        return answer.body
    }

    private static func exchange(
        _ url: String, _ endpoint: Endpoint, _ request: [UInt8], timeout: Duration, limit: Int
    ) async throws(CaptureError) -> Answer {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: Answer.self)
        let deadline = TimeAmount.nanoseconds(Int64(timeout / .nanoseconds(1)))
        let connecting = ClientBootstrap(group: promise.futureResult.eventLoop)
            .connectTimeout(deadline)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        FetchHandler(request: request, limit: limit, promise: promise))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
        connecting.whenFailure { promise.fail($0) }
        let timer = promise.futureResult.eventLoop.scheduleTask(in: deadline) {
            promise.fail(CaptureError.fetch(url: url, reason: "no answer within \(timeout)"))
        }
        do {
            return try await withTaskCancellationHandler {
                defer { timer.cancel() }
                do {
                    let answer = try await promise.futureResult.get()
                    close(connecting)
                    return answer
                } catch {
                    close(connecting)
                    throw error
                }
            } onCancel: {
                promise.fail(CaptureError.interrupted)
            }
        } catch let error as CaptureError {
            throw error
        } catch let error as WireError {
            throw .unreadable(url: url, reason: "\(error)")
        } catch let error as IOError {
            throw .fetch(url: url, reason: String(cString: strerror(error.errnoCode)))
        } catch let error as NIOConnectionError {
            throw .fetch(url: url, reason: reason(error))
        } catch {
            throw .fetch(url: url, reason: "\(error)")
        }
    }

    private static func close(_ connecting: EventLoopFuture<any Channel>) {
        connecting.whenSuccess { $0.close(promise: nil) }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let failure = error.connectionErrors.first?.error as? IOError {
            return String(cString: strerror(failure.errnoCode))
        }
        return error.dnsAError == nil && error.dnsAAAAError == nil ? "cannot connect" : "the host is not known"
    }
}

struct Answer: Sendable {
    var status: Int
    var body: [UInt8]
}

/// Sends the request and collects the response, then fulfils the promise once.
private final class FetchHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: [UInt8]
    private let promise: EventLoopPromise<Answer>
    private var parser: ResponseParser
    private var body: [UInt8] = []

    init(request: [UInt8], limit: Int, promise: EventLoopPromise<Answer>) {
        self.request = request
        self.promise = promise
        parser = ResponseParser(limits: .init(bodyBytes: UInt64(limit)))
        parser.begin()
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do {
            let progress = try buffer.withUnsafeReadableBytes { bytes in
                try parser.feed(bytes) { body.append(contentsOf: $0) }
            }
            if case .complete = progress { promise.succeed(Answer(status: parser.status, body: body)) }
        } catch {
            promise.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        do {
            try parser.finish()
            promise.succeed(Answer(status: parser.status, body: body))
        } catch {
            promise.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}
