import HTTPWire
import Plans

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Engine {
    /// Opens a user's connection and then sends its request.
    func connect(_ user: VirtualUser) {
        user.state = .connecting
        do throws(ConnectionFailure) {
            user.link = try connect(.user(user))
        } catch {
            let now = clock()
            end(user, .unreachable(error.description), at: now, now: now, rests: true)
        }
    }

    /// Begins to open a connection to the address that is in use, or looks the name up first.
    func connect(_ owner: Link.Owner) throws(ConnectionFailure) -> Link {
        if addresses.isEmpty { addresses = try SocketAddress.resolve(host: endpoint.host, port: endpoint.port) }
        while true {
            do throws(ConnectionFailure) {
                return try Link.connect(owner, of: self, to: addresses[0])
            } catch {
                guard addresses.count > 1 else { throw error }
                addresses.removeFirst()
            }
        }
    }

    /// Gives an address up that was refused or did not answer in time; false where there is no other.
    @discardableResult
    func leave(_ address: SocketAddress) -> Bool {
        // Of several connections to it, the first leaves it for all.
        guard addresses.first == address else { return true }
        guard addresses.count > 1 else { return false }
        addresses.removeFirst()
        return true
    }

    /// Goes on to the next address where one of several stays silent; the last has all the time there is.
    func leaveSilentAddresses(_ now: UInt64) {
        guard hadSeveralAddresses else { return }
        for place in 0..<connectionCount {
            let link = groups.isEmpty ? users[place].link : groups[place].current?.link
            guard let link, link.isConnecting, now >= link.openedAt + Self.patienceWithAddress else { continue }
            if addresses.count > 1 || addresses.first != link.address { link.giveUp(.connectTimeout) }
        }
    }

    /// How long one of several addresses may take to answer, before the next is tried.
    static let patienceWithAddress: UInt64 = 500_000_000

    /// A connection is open, or cannot be opened.
    func connected(_ owner: Link.Owner, _ link: Link, failure: ConnectionFailure?) {
        switch owner {
        case .user(let user): guard user.link === link else { return }
        case .shared(let shared): guard shared.owns(link) else { return }
        }
        if failure == nil {
            addresses = [link.address]
            reachedAt = link.address
        } else if leave(link.address), reopen(owner) {
            return
        }
        switch owner {
        case .user(let user): connected(user, link, failure)
        case .shared(let shared): connected(shared, link, failure)
        }
    }

    private func connected(_ user: VirtualUser, _ link: Link, _ failure: ConnectionFailure?) {
        if failure != nil { user.link = nil }
        if let opening { return opening.ended(failure) }
        guard user.state == .connecting else { return }
        let now = clock()
        if let failure { return end(user, .unreachable(failure.description), at: now, now: now, rests: true) }
        run?.connectionsOpened += 1
        sendFirst(user, over: link, now: now)
    }

    /// Sends the request of a user that waited for the connection.
    func sendFirst(_ user: VirtualUser, over link: Link, now: UInt64) {
        if link.openedAt >= user.begun {
            user.connectTime += link.connectTime
            user.secureTime += link.secureTime
        }
        send(user, now: now)
    }

    private func reopen(_ owner: Link.Owner) -> Bool {
        do throws(ConnectionFailure) {
            switch owner {
            case .user(let user): user.link = try connect(owner)
            case .shared(let shared): try shared.connect()
            }
            return true
        } catch {
            return false
        }
    }

    /// Closes a user's connection, or gives its request on a shared one up; what still comes for it is ignored.
    func disconnect(_ user: VirtualUser) {
        user.group?.remove(user)
        if let stream = user.stream {
            stream.cancel(user.slot)
            user.stream = nil
            return
        }
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

    /// How many connections there are when all are open.
    private var connectionCount: Int { groups.isEmpty ? users.count : groups.count }

    private func isConnected(_ place: Int) -> Bool {
        groups.isEmpty ? users[place].link != nil : groups[place].current != nil
    }

    private func isOpen(_ place: Int) -> Bool {
        groups.isEmpty ? users[place].link?.isOpen ?? false : groups[place].current?.isOpen ?? false
    }

    private func open(_ place: Int) throws(ConnectionFailure) {
        if groups.isEmpty {
            users[place].link = try connect(.user(users[place]))
        } else {
            try open(groups[place])
        }
    }

    private func close(_ place: Int) {
        if groups.isEmpty { disconnect(users[place]) } else { groups[place].current?.close() }
    }

    /// The opening of all connections ahead of a phase.
    final class Opening {
        /// How long it may go on without any connection being opened, at least and at most.
        private static let patience: ClosedRange<UInt64> = 10_000_000_000...30_000_000_000
        /// How long a connection waits that the service's queue had no place for.
        private static let pause: UInt64 = 5_000_000

        private unowned let engine: Engine
        private let completion: (Result<Int, LoadError>) -> Void
        /// How many users get a connection: one, which is then closed, where flows open their own.
        private let wanted: Int
        private var next = 0
        private var pending = 0
        private var failure: ConnectionFailure?
        /// Why a connection ended that had been opened.
        private var lossReason: String?
        private var deadline: UInt64

        init(engine: Engine, completion: @escaping (Result<Int, LoadError>) -> Void) {
            self.engine = engine
            self.completion = completion
            wanted = engine.connection.keepAlive == .always ? engine.connectionCount : 1
            deadline = 0
            extend()
        }

        func proceed() {
            // The first connection goes alone: the address it finds serves all others.
            let atOnce = engine.addresses.count == 1 ? LoadGeneratorOptions.connectsAtOnce : 1
            while failure == nil, next < wanted, pending < atOnce {
                let place = next
                next += 1
                guard !engine.isConnected(place) else { continue }
                do throws(ConnectionFailure) {
                    try engine.open(place)
                    pending += 1
                } catch {
                    // A Unix socket whose queue is full takes more as soon as the service has accepted some.
                    if error == .system(EAGAIN), engine.clock() < deadline {
                        next = place
                        return engine.openingTimer.arm(at: engine.clock() + Self.pause)
                    }
                    failure = error
                }
            }
            if pending == 0 { return finish() }
            rest()
        }

        /// Waits for the connections that are being opened.
        private func rest() {
            let patience = engine.addresses.count > 1 ? engine.clock() + Engine.patienceWithAddress : deadline
            engine.openingTimer.arm(at: min(deadline, patience))
        }

        private func extend() {
            let longest = engine.program.longestTimeout
            deadline = engine.clock() + min(max(longest, Self.patience.lowerBound), Self.patience.upperBound)
        }

        /// One connection has been opened, or not.
        func ended(_ failure: ConnectionFailure?) {
            pending -= 1
            self.failure = self.failure ?? failure
            extend()
            proceed()
        }

        /// A connection that had been opened has ended.
        func lost(_ reason: String) { lossReason = lossReason ?? reason }

        /// Looks after a pause whether there is room now, or after too long that nothing has been opened.
        func wake() {
            let now = engine.clock()
            if now < deadline {
                engine.leaveSilentAddresses(now)
                // What that ended may have ended it all.
                if engine.opening === self { proceed() }
                return
            }
            failure = failure ?? .connectTimeout
            finish()
        }

        /// Ends it because of something else.
        func end(_ error: LoadError) {
            engine.openingTimer.disarm()
            engine.opening = nil
            completion(.failure(error))
        }

        private func finish() {
            engine.openingTimer.disarm()
            engine.opening = nil
            let all = 0..<engine.connectionCount
            for place in all where !engine.isOpen(place) { engine.close(place) }
            let opened = all.count { engine.isOpen($0) }
            let keeps = engine.connection.keepAlive == .always
            if !keeps { engine.closeAll() }
            if opened < wanted { failure = failure ?? lossReason.map { .ended($0) } ?? .closedWhileOpening }
            guard let failure else { return completion(.success(keeps ? opened : 0)) }
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
