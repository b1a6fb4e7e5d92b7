import Plans
import SystemCalls
import TLSWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection, sealed by TLS or not: hands bytes and the connection's end to the engine.
///
/// A user that has given a link up no longer refers to it, and a link that is closed hands nothing on.
final class Link {
    private enum State {
        case connecting
        case securing
        case open
        case closed
    }

    /// Who speaks over a connection.
    enum Owner {
        /// HTTP/1.1: one user at a time.
        case user(VirtualUser)
        /// HTTP/2: a group of users.
        case shared(SharedLink)
    }

    /// The largest buffer kept for the next request that does not go out at once.
    private static let keptBytes = 64 * 1024

    let descriptor: CInt
    /// Tells this link from earlier ones with the same descriptor.
    var generation: UInt32 = 0
    let address: SocketAddress
    private let owner: Owner
    private let engine: Engine
    private let reactor: Reactor
    private var state = State.connecting
    private var session: TLSSession?
    /// How long connecting took, and after it the handshake, in nanoseconds.
    private(set) var connectTime: UInt64 = 0
    private(set) var secureTime: UInt64 = 0
    /// When it began to connect, was connected, or was agreed on.
    private(set) var openedAt = Reactor.clock()
    /// What the socket did not take yet.
    private var unsent: [UInt8] = []
    /// How much of ``unsent`` the socket has taken meanwhile.
    private var unsentStart = 0
    /// How many bytes the socket did not take yet.
    var backlog: Int { unsent.count - unsentStart }
    /// Why a write failed; told once everything that came before has been read.
    private var writeFailure: ConnectionFailure?

    /// Whether bytes can be exchanged.
    var isOpen: Bool { state == .open }

    /// Whether the address has not answered yet.
    var isConnecting: Bool { state == .connecting }

    private init(engine: Engine, owner: Owner, descriptor: CInt, address: SocketAddress) {
        self.engine = engine
        self.owner = owner
        self.descriptor = descriptor
        self.address = address
        reactor = engine.reactor
    }

    /// Begins to connect; the engine is told later how that ended.
    ///
    /// Throws where it fails at once.
    static func connect(
        _ owner: Owner, of engine: Engine, to address: SocketAddress
    ) throws(ConnectionFailure) -> Link {
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw .system(errno) }
        let link = Link(engine: engine, owner: owner, descriptor: descriptor, address: address)
        if address.isInternet {
            var one: CInt = 1
            setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        }
        let status = address.withBytes { pointer, length in Self.connect(descriptor, pointer, length) }
        guard status == 0 || errno == EINPROGRESS else { throw .system(errno) }
        guard engine.reactor.watch(link, forWriting: true) else {
            let code = errno
            link.close()
            throw .system(code)
        }
        return link
    }

    deinit { close() }

    /// Writes bytes, or keeps those the socket does not take now; a failure is told by the connection's end.
    @inline(__always)
    func write(_ bytes: UnsafeRawBufferPointer) {
        guard state == .open else { return }
        if let session { session.write(plain: bytes) } else { put(bytes) }
    }

    @inline(__always)
    private func put(_ bytes: UnsafeRawBufferPointer) {
        guard unsent.isEmpty else {
            unsent.append(contentsOf: bytes)
            return
        }
        let count = send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        if count != bytes.count { writeRest(bytes, sent: count) }
    }

    private func writeRest(_ bytes: UnsafeRawBufferPointer, sent count: Int) {
        if count < 0, errno != EAGAIN, errno != EINTR {
            // The peer may have answered before it closed: what came is read before the failure counts.
            writeFailure = .system(errno)
            return
        }
        unsent.append(contentsOf: bytes.dropFirst(max(0, count)))
        reactor.watch(self, forWriting: true)
    }

    func close() {
        guard state != .closed else { return }
        session?.close()
        session = nil
        state = .closed
        reactor.forget(self)
        Self.close(descriptor)
    }

    /// Closes the connection and tells the engine that it ended for this reason.
    func giveUp(_ failure: ConnectionFailure) { end(failure) }

    /// Called by the reactor with what has become possible.
    func ready(_ events: UInt32) {
        if state == .connecting { return finishConnecting() }
        if events & EPOLLOUT.rawValue != 0 { flush() }
        if events & ~EPOLLOUT.rawValue != 0, state != .closed { receive() }
    }

    private func finishConnecting() {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
        guard code == 0 else { return end(.system(code)) }
        connectTime = timeSinceLastStep()
        reactor.watch(self, forWriting: false)
        guard let client = engine.tls else { return open() }
        do throws(TLSError) {
            let session = try TLSSession(client, owner: self)
            state = .securing
            self.session = session
            session.begin()
        } catch {
            end(.tls(error))
        }
    }

    private func timeSinceLastStep() -> UInt64 {
        let now = Reactor.clock()
        defer { openedAt = now }
        return now - min(now, openedAt)
    }

    private func open() {
        state = .open
        engine.connected(owner, self, failure: nil)
    }

    private func flush() {
        guard !unsent.isEmpty else { return }
        let count = unsent.withUnsafeBytes {
            let rest = UnsafeRawBufferPointer(rebasing: $0.dropFirst(unsentStart))
            return send(descriptor, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
        }
        if count < 0 {
            guard errno != EAGAIN, errno != EINTR else { return }
            writeFailure = .system(errno)
        }
        unsentStart += max(0, count)
        if writeFailure != nil || unsentStart == unsent.count {
            unsent.removeAll(keepingCapacity: unsent.count <= Self.keptBytes)
            unsentStart = 0
            reactor.watch(self, forWriting: false)
        } else if unsentStart > unsent.count / 2 {
            // More may be added for as long as the peer reads slowly.
            unsent.removeFirst(unsentStart)
            unsentStart = 0
        }
        if case .shared(let shared) = owner, shared.owns(self) { shared.drained() }
    }

    private func receive() {
        let buffer = reactor.buffer
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if let session { session.receive(sealed: bytes) } else { deliver(bytes) }
        } else if count == 0 {
            if let session, writeFailure == nil { session.inputEnded() } else { end(writeFailure) }
        } else if errno != EAGAIN, errno != EINTR {
            end(.system(errno))
        }
    }

    @inline(__always)
    private func deliver(_ bytes: UnsafeRawBufferPointer) {
        switch owner {
        case .user(let user): engine.received(bytes, by: user, over: self)
        case .shared(let shared): if shared.owns(self) { shared.received(bytes) }
        }
    }

    private func end(_ failure: ConnectionFailure?) {
        guard state != .closed else { return }
        let wasOpen = state == .open
        close()
        if wasOpen {
            switch owner {
            case .user(let user): engine.closed(user, self, failure: failure)
            case .shared(let shared): if shared.owns(self) { shared.closed(failure) }
            }
        } else {
            engine.connected(owner, self, failure: failure ?? .closedWhileOpening)
        }
    }

    private static func close(_ descriptor: CInt) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Musl.close(descriptor)
        #endif
    }

    private static func connect(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
        #if canImport(Glibc)
            Glibc.connect(descriptor, address, length)
        #else
            Musl.connect(descriptor, address, length)
        #endif
    }
}

extension Link: TLSSessionOwner {
    func transmit(sealed bytes: UnsafeRawBufferPointer) {
        guard state != .closed else { return }
        put(bytes)
    }

    func established(agreed: String?) {
        guard state == .securing else { return }
        let wanted = engine.connection.httpVersion
        guard agreed == wanted.rawValue || agreed == nil && wanted == .one else {
            return end(.tls(.otherProtocol(wanted: wanted.rawValue, agreed: agreed)))
        }
        secureTime = timeSinceLastStep()
        open()
    }

    func received(plain bytes: UnsafeRawBufferPointer) {
        guard state == .open else { return }
        deliver(bytes)
    }

    func ended(_ failure: TLSError?) { end(failure.map { .tls($0) }) }
}
