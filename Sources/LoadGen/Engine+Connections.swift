import HTTPWire
import Plans

extension Engine {
    /// Opens a user's connection and then sends its request.
    func connect(_ user: VirtualUser) {
        user.state = .connecting
        do throws(ConnectionFailure) {
            user.link = try open(user)
        } catch {
            let now = clock()
            end(user, .unreachable(error.description), at: now, now: now, rests: true)
        }
    }

    /// Begins to open a connection to the address that is in use, or looks the name up first.
    func open(_ user: VirtualUser) throws(ConnectionFailure) -> Link {
        if addresses.isEmpty { addresses = try SocketAddress.resolve(host: endpoint.host, port: endpoint.port) }
        return try Link.connect(user, of: self, to: addresses[0])
    }

    /// A user's connection is open, or cannot be opened.
    func connected(_ user: VirtualUser, _ link: Link, failure: ConnectionFailure?) {
        guard user.link === link else { return }
        if failure == nil {
            addresses = [link.address]
            reachedAt = link.address
        } else if triesNextAddress(after: link), let next = try? open(user) {
            user.link = next
            return
        }
        if failure != nil { user.link = nil }
        if let opening { return opening.ended(failure) }
        guard user.state == .connecting else { return }
        let now = clock()
        if let failure { return end(user, .unreachable(failure.description), at: now, now: now, rests: true) }
        run?.connectionsOpened += 1
        user.connectTime += link.connectTime
        user.secureTime += link.secureTime
        // Until now the connection was not there to be used: that wait is not the generator's lateness.
        if user.isFirstStep, user.sent == 0 { user.freeSince = now }
        send(user, now: now)
    }

    /// Gives an address up that could not be reached, where a name has others.
    private func triesNextAddress(after link: Link) -> Bool {
        guard addresses.count > 1 else { return false }
        if addresses[0] == link.address { addresses.removeFirst() }
        return true
    }

    /// Closes a user's connection; what still comes from it is ignored.
    func disconnect(_ user: VirtualUser) {
        let link = user.link
        user.link = nil
        link?.close()
    }

    /// Opens every connection that is closed, some at a time; `completion` gets how many are open, or why not all.
    func openAll(_ completion: @escaping (Result<Int, LoadError>) -> Void) {
        guard run == nil, opening == nil else { return completion(.failure(.busy)) }
        let opening = Opening(engine: self, completion: completion)
        self.opening = opening
        opening.proceed()
    }

    /// The opening of all connections ahead of a phase.
    final class Opening {
        /// How long it may go on without any connection being opened.
        private static let patience: UInt64 = 10_000_000_000

        private unowned let engine: Engine
        private let completion: (Result<Int, LoadError>) -> Void
        /// How many users get a connection: one, which is then closed, where flows open their own.
        private let wanted: Int
        private var next = 0
        private var pending = 0
        private var failure: ConnectionFailure?

        init(engine: Engine, completion: @escaping (Result<Int, LoadError>) -> Void) {
            self.engine = engine
            self.completion = completion
            wanted = engine.connection.keepAlive == .always ? engine.users.count : 1
        }

        func proceed() {
            // The first connection goes alone: the address it finds serves all others.
            let atOnce = engine.addresses.count == 1 ? LoadGeneratorOptions.connectsAtOnce : 1
            while failure == nil, next < wanted, pending < atOnce {
                let user = engine.users[next]
                next += 1
                guard user.link == nil else { continue }
                do throws(ConnectionFailure) {
                    user.link = try engine.open(user)
                    pending += 1
                } catch {
                    failure = error
                }
            }
            if pending == 0 { return finish() }
            engine.openingTimer.arm(at: engine.clock() + max(engine.program.longestTimeout, Self.patience))
        }

        /// One connection has been opened, or not.
        func ended(_ failure: ConnectionFailure?) {
            pending -= 1
            self.failure = self.failure ?? failure
            proceed()
        }

        /// Nothing has been opened for too long.
        func giveUp() {
            failure = failure ?? .connectTimeout
            finish()
        }

        private func finish() {
            engine.openingTimer.disarm()
            engine.opening = nil
            for user in engine.users where user.link?.isOpen == false { engine.disconnect(user) }
            let opened = engine.users.count { $0.link != nil }
            if engine.connection.keepAlive != .always { engine.closeAll() }
            guard let failure else { return completion(.success(opened)) }
            completion(
                .failure(
                    .connect(
                        address: engine.connection.socket.map { "unix:\($0)" } ?? engine.endpoint.hostField,
                        reason: failure.description, opened: opened,
                        wanted: wanted
                    )
                )
            )
        }
    }
}
