import SystemCalls

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A connection: hands bytes and the connection's end to the engine.
///
/// A user that has given a link up no longer refers to it, and a link that is closed hands nothing on.
final class Link {
    private enum State {
        case connecting
        case open
        case closed
    }

    /// The largest buffer kept for the next request that does not go out at once.
    private static let keptBytes = 64 * 1024

    let descriptor: CInt
    /// Tells this link from earlier ones with the same descriptor.
    var generation: UInt32 = 0
    let address: SocketAddress
    private let user: VirtualUser
    private let engine: Engine
    private let reactor: Reactor
    private var state = State.connecting
    /// What the socket did not take yet.
    private var unsent: [UInt8] = []
    /// How much of ``unsent`` the socket has taken meanwhile.
    private var unsentStart = 0
    /// Why a write failed; told once everything that came before has been read.
    private var writeFailure: ConnectionFailure?

    /// Whether bytes can be exchanged.
    var isOpen: Bool { state == .open }

    private init(engine: Engine, user: VirtualUser, descriptor: CInt, address: SocketAddress) {
        self.engine = engine
        self.user = user
        self.descriptor = descriptor
        self.address = address
        reactor = engine.reactor
    }

    /// Begins to connect; the engine is told later how that ended.
    ///
    /// Throws where it fails at once.
    static func connect(
        _ user: VirtualUser, of engine: Engine, to address: SocketAddress
    ) throws(ConnectionFailure) -> Link {
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw .system(errno) }
        let link = Link(engine: engine, user: user, descriptor: descriptor, address: address)
        if address.isInternet {
            var one: CInt = 1
            setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        }
        let status = address.withBytes { pointer, length in Self.connect(descriptor, pointer, length) }
        guard status == 0 || errno == EINPROGRESS else { throw .system(errno) }
        engine.reactor.watch(link, forWriting: true)
        return link
    }

    deinit { close() }

    /// Writes bytes, or keeps those the socket does not take now; a failure is told by the connection's end.
    @inline(__always)
    func write(_ bytes: UnsafeRawBufferPointer) {
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
        state = .closed
        reactor.forget(self)
        Self.close(descriptor)
    }

    /// Called by the reactor with what has become possible.
    func ready(_ events: UInt32) {
        if state == .connecting { return finishConnecting() }
        if events & EPOLLOUT.rawValue != 0 { flush() }
        if events & ~EPOLLOUT.rawValue != 0 { receive() }
    }

    private func finishConnecting() {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
        guard code == 0 else {
            close()
            return engine.connected(user, self, failure: .system(code))
        }
        state = .open
        reactor.watch(self, forWriting: false)
        engine.connected(user, self, failure: nil)
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
        guard writeFailure != nil || unsentStart == unsent.count else { return }
        unsent.removeAll(keepingCapacity: unsent.count <= Self.keptBytes)
        unsentStart = 0
        reactor.watch(self, forWriting: false)
    }

    private func receive() {
        let buffer = reactor.buffer
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            engine.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]), by: user, over: self)
        } else if count == 0 {
            end(writeFailure)
        } else if errno != EAGAIN, errno != EINTR {
            end(.system(errno))
        }
    }

    private func end(_ failure: ConnectionFailure?) {
        close()
        engine.closed(user, self, failure: failure)
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
