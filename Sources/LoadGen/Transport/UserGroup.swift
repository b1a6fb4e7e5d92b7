import HTTPWire

/// The virtual users that share connections of HTTP/2: one at a time, and older ones until what is under way on them has
/// ended.
final class UserGroup {
    /// How often a request is sent again that the service says it has not looked at.
    static let maximumResends = 3

    let users: [VirtualUser]
    /// The connection new requests go to, nil while none is open or being opened.
    var current: SharedLink?
    /// Users whose requests wait for the connection, or for room on it: first come, first served.
    private var waiting: Ring<VirtualUser>

    init(_ users: [VirtualUser]) {
        self.users = users
        waiting = Ring(capacity: users.count)
        for (slot, user) in users.enumerated() {
            user.group = self
            user.slot = slot
        }
    }

    /// Whether a request can be sent now.
    var hasRoom: Bool { current.map { $0.isOpen && $0.session.room > 0 && !$0.isBacklogged } ?? false }

    var hasWaiting: Bool { !waiting.isEmpty }

    func wait(_ user: VirtualUser) {
        user.isWaiting = true
        _ = waiting.append(user)
    }

    /// Takes the user that has waited longest.
    func popWaiting() -> VirtualUser? {
        let user = waiting.popFirst()
        user?.isWaiting = false
        return user
    }

    /// Takes a user out that has given up.
    func remove(_ user: VirtualUser) {
        guard user.isWaiting else { return }
        for _ in 0..<waiting.count {
            guard let other = waiting.popFirst() else { break }
            if other !== user { _ = waiting.append(other) }
        }
        user.isWaiting = false
    }
}

/// One connection of HTTP/2 with the requests that are under way on it.
final class SharedLink {
    /// How many bytes may wait for the service to read before it gets no new request.
    private static let mostWaiting = 1 << 20
    /// How many answers to PING and SETTINGS may.
    private static let mostAcknowledgements: UInt64 = 1000

    let group: UserGroup
    private let engine: Engine
    private(set) var link: Link?
    var session: HTTP2Session
    /// When it began to be opened.
    let begun = Reactor.clock()
    /// How often bytes came.
    private(set) var receptions = 0
    /// Whether no new requests go to it, because it seems to be dead.
    private var isRetired = false
    /// How many frames were answered when the service had read all there was.
    private var acknowledgedThen: UInt64 = 0
    /// While bytes are being taken, what is to be written is collected.
    private var isReceiving = false

    init(_ group: UserGroup, engine: Engine) {
        self.group = group
        self.engine = engine
        session = HTTP2Session(slots: group.users.count, isEncrypted: engine.tls != nil)
    }

    var isOpen: Bool { link?.isOpen ?? false }

    /// Whether the service has much to read before it sees another request.
    var isBacklogged: Bool { link.map { $0.backlog > Self.mostWaiting } ?? false }

    /// Begins to connect, to the address in use; throws where it fails at once.
    func connect() throws(ConnectionFailure) { link = try engine.connect(.shared(self)) }

    /// Whether events of the link are this connection's.
    func owns(_ link: Link) -> Bool { self.link === link }

    /// Sends a rendered request; there must be room.
    func request(_ bytes: UnsafeRawBufferPointer, slot: Int) -> HTTP2Admission {
        let admission = session.request(bytes, slot: slot)
        flush()
        return admission
    }

    /// Gives a request up.
    func cancel(_ slot: Int) {
        session.cancel(slot)
        flush()
        closeIfDone()
    }

    /// Sends no new requests over the connection and closes it once those under way have ended.
    func retire() {
        isRetired = true
        if group.current === self { group.current = nil }
        closeIfDone()
    }

    func flush() {
        guard !isReceiving, let link, link.isOpen else { return }
        let output = session.output
        guard output.count > 0 else { return }
        link.write(output)
        session.wrote(output.count)
    }

    /// The service has read some of what waited for it.
    func drained() {
        if !isBacklogged { engine.sendWaiting(of: group) }
    }

    /// Whether the service makes this side answer without reading the answers, which would pile up without end.
    private var isFlooding: Bool {
        if link?.backlog == 0 { acknowledgedThen = session.acknowledged }
        return session.acknowledged - acknowledgedThen > Self.mostAcknowledgements
    }

    /// Bytes have come.
    func received(_ bytes: UnsafeRawBufferPointer) {
        receptions += 1
        isReceiving = true
        var failure: HTTP2Error?
        var input = bytes
        do throws(HTTP2Error) {
            while link != nil, let event = try session.next(&input) { take(event) }
        } catch {
            failure = error
        }
        isReceiving = false
        // What explains the end to the peer goes out too.
        flush()
        if let failure {
            end(failure.description)
        } else if isFlooding {
            end("the service does not read the answers it asks for")
        } else {
            closeIfDone()
        }
    }

    private func take(_ event: HTTP2Event) {
        switch event {
        case .settings: engine.sendWaiting(of: group)
        case .head(let slot): engine.receivedHead(by: group.users[slot], over: self)
        case .body(let slot, let piece): engine.received(body: piece, by: group.users[slot], over: self)
        case .end(let slot):
            engine.completed(group.users[slot], over: self)
            engine.sendWaiting(of: group)
        case .failed(let slot, let error):
            engine.failed(group.users[slot], over: self, error)
            engine.sendWaiting(of: group)
        case .goAway:
            if group.current === self { group.current = nil }
            engine.sendWaiting(of: group)
        }
    }

    /// The connection has ended.
    func closed(_ failure: ConnectionFailure?) {
        var reason = failure?.description
        do throws(HTTP2Error) {
            try session.finish()
        } catch {
            reason = reason ?? error.description
        }
        end(reason ?? "connection closed")
    }

    /// Closes the connection; nothing is told any more.
    func close() {
        if group.current === self { group.current = nil }
        let link = link
        self.link = nil
        link?.close()
    }

    /// Closes the connection and fails what is under way on it.
    private func end(_ reason: String) {
        close()
        engine.opening?.lost(reason)
        for user in group.users where user.stream === self { engine.lost(user, reason) }
        engine.sendWaiting(of: group)
    }

    private func closeIfDone() {
        if session.isClosing || isRetired, session.openStreams == 0 { close() }
    }
}
