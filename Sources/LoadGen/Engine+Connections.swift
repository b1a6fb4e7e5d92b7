import HTTPWire
import NIOCore
import NIOPosix

extension Engine {
    /// Opens a user's connection and then sends its request.
    func connect(_ user: VirtualUser) {
        user.state = .connecting
        user.connectAttempt += 1
        let attempt = user.connectAttempt
        open(user, timeout: user.step.timeout) { [self] result in
            guard user.connectAttempt == attempt, user.state == .connecting else {
                if case .success(let (channel, _)) = result { channel.close(promise: nil) }
                return
            }
            let now = clock()
            switch result {
            case .success((_, let link)):
                user.link = link
                run?.connectionsOpened += 1
                // Until now the connection was not there to be used: that wait is not the generator's lateness.
                if user.isFirstStep, user.sent == 0 { user.freeSince = now }
                send(user, now: now)
            case .failure(let error):
                end(user, .failed(ConnectionFailure.words(error)), at: now, now: now, rests: true)
            }
        }
    }

    /// Closes a user's connection; what still comes from it is ignored.
    func disconnect(_ user: VirtualUser) {
        let link = user.link
        user.link = nil
        link?.close()
    }

    private func open(
        _ user: VirtualUser, timeout: UInt64,
        _ completion: @escaping (Result<(any Channel, Link), any Error>) -> Void
    ) {
        let link = NIOLoopBound(Link(engine: self, user: user), eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.nanoseconds(Int64(clamping: timeout)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(link.value) }
            }
        let future: EventLoopFuture<any Channel>
        if let address {
            future = bootstrap.connect(to: address)
        } else {
            future = bootstrap.connect(host: endpoint.host, port: endpoint.port)
        }
        future.assumeIsolated().whenComplete { [self] result in
            if case .success(let channel) = result, address == nil { address = channel.remoteAddress }
            completion(result.map { ($0, link.value) })
        }
    }

    /// Opens every connection that is closed, some at a time; `completion` gets how many are open, or why not all.
    func openAll(_ completion: @escaping (Result<Int, LoadError>) -> Void) {
        guard run == nil else { return completion(.failure(.busy)) }
        Opening(engine: self, completion: completion).proceed()
    }

    /// The opening of all connections ahead of a phase.
    private final class Opening {
        private let engine: Engine
        private let completion: (Result<Int, LoadError>) -> Void
        private var next = 0
        private var pending = 0
        private var failure: (any Error)?
        private var isDone = false

        init(engine: Engine, completion: @escaping (Result<Int, LoadError>) -> Void) {
            self.engine = engine
            self.completion = completion
        }

        func proceed() {
            // The first connection goes alone: the address it finds serves all others.
            let atOnce = engine.address == nil ? 1 : LoadGeneratorOptions.connectsAtOnce
            while failure == nil, next < engine.users.count, pending < atOnce {
                let user = engine.users[next]
                next += 1
                guard user.link == nil else { continue }
                pending += 1
                // Resolving the name can take its time; a short time-out is meant for requests.
                engine.open(user, timeout: max(engine.program.longestTimeout, 10_000_000_000)) { [self] result in
                    pending -= 1
                    switch result {
                    case .success((_, let link)): user.link = link
                    case .failure(let error): failure = failure ?? error
                    }
                    proceed()
                }
            }
            if pending == 0, !isDone, failure != nil || next == engine.users.count { finish() }
        }

        private func finish() {
            isDone = true
            let opened = engine.users.count { $0.link != nil }
            guard let failure else { return completion(.success(opened)) }
            completion(
                .failure(
                    .connect(
                        address: engine.endpoint.hostField, reason: ConnectionFailure.words(failure), opened: opened,
                        wanted: engine.users.count
                    )
                )
            )
        }
    }
}
