import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server on loopback that does with every connection exactly what it is told, below HTTP and byte by byte.
final class RawServer: Sendable {
    /// What is done with a connection; after the last move the first one follows, as for the next request.
    enum Move: Sendable {
        /// Takes bytes up to the end of a request's head.
        case read
        /// Takes so many bytes.
        case take(Int)
        case send([UInt8])
        /// Sends one byte after the other, so many milliseconds apart.
        case drip([UInt8], every: UInt32)
        /// Sends the same bytes until the peer is gone.
        case flood([UInt8])
        /// Says nothing more until the peer is gone.
        case hold
        /// Neither reads nor writes any more.
        case ignore
        /// Waits until bytes have come, and leaves them unread.
        case await
        /// Ends the stream in order and reads what still comes, so that the peer sees no reset.
        case finish
        /// Closes the connection at once; bytes that were not read make it a reset.
        case close
        /// Resets the connection.
        case reset
        /// Connects to another server's port and hands on what either says, of that server's at most so many bytes.
        case relay(port: Int, bytes: Int)
    }

    /// How it takes connections.
    enum Door: Sendable {
        case open
        /// It never accepts one, and its queue is full.
        case shut
    }

    struct Failed: Error {
        var code: Int32
    }

    let port: Int
    private let listener: Int32
    private let moves: [Move]
    private let isOver = Atomic(false)
    /// The threads that are at work.
    private let threads = Atomic(0)

    /// Runs the closure while the server does as it is told.
    static func with<R: Sendable>(
        _ moves: [Move], door: Door = .open, _ body: (RawServer) async throws -> R
    ) async throws -> R {
        let server = try RawServer(moves, door)
        var fillers: [Int32] = []
        switch door {
        case .open: server.spawn { server.acceptAll() }
        case .shut: fillers = (0..<4).map { _ in server.dial(waits: false) }
        }
        do {
            let result = try await body(server)
            await server.stop(fillers)
            return result
        } catch {
            await server.stop(fillers)
            throw error
        }
    }

    private init(_ moves: [Move], _ door: Door) throws {
        self.moves = moves
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var small: Int32 = 4096
        // What is accepted inherits it, so that a peer which nobody reads from has to wait soon.
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, 4)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && getsockname(listener, generic, &length) == 0
                    && listen(listener, door == .open ? 64 : 0) == 0
            }
        }
        guard status else { throw Failed(code: errno) }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7f00_0001).bigEndian)
        return address
    }

    private func stop(_ fillers: [Int32]) async {
        isOver.store(true, ordering: .relaxed)
        shutdown(listener, Int32(SHUT_RDWR))
        while threads.load(ordering: .acquiring) > 0 { try? await Task.sleep(for: .milliseconds(2)) }
        for filler in fillers { Glibc.close(filler) }
        Glibc.close(listener)
    }

    private func spawn(_ body: @escaping @Sendable () -> Void) {
        threads.add(1, ordering: .relaxed)
        let job = Unmanaged.passRetained(
            Job {
                body()
                self.threads.subtract(1, ordering: .releasing)
            })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { job in
                if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
                return nil
            }, job.toOpaque())
        precondition(status == 0, "no thread")
        pthread_detach(thread)
    }

    private final class Job {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    // MARK: - On the threads

    private func acceptAll() {
        while !isOver.load(ordering: .relaxed) {
            let connection = accept(listener, nil, nil)
            if connection >= 0 { spawn { self.serve(connection) } }
        }
    }

    private func serve(_ connection: Int32) {
        var one: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        while moves.allSatisfy({ make($0, connection) }) {}
        Glibc.close(connection)
    }

    /// Makes a move; false once the connection is over.
    private func make(_ move: Move, _ connection: Int32) -> Bool {
        switch move {
        case .read: return readHead(connection)
        case .take(let count):
            return take(count, connection)
        case .send(let bytes): return write(bytes, connection)
        case .drip(let bytes, let pause):
            return bytes.allSatisfy { byte in
                usleep(pause * 1000)
                return write([byte], connection)
            }
        case .flood(let bytes):
            while !isOver.load(ordering: .relaxed), write(bytes, connection) {}
            return false
        case .hold:
            while readByte(connection) != nil {}
            return false
        case .ignore:
            while !isOver.load(ordering: .relaxed) { usleep(5000) }
            return false
        case .await: return waitFor(POLLIN, connection)
        case .finish:
            shutdown(connection, Int32(SHUT_WR))
            while readByte(connection) != nil {}
            return false
        case .close: return false
        case .reset:
            var nothing = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &nothing, socklen_t(MemoryLayout<linger>.size))
            return false
        case .relay(let port, let bytes): return relay(connection, port, bytes)
        }
    }

    private func waitFor(_ event: Int32, _ connection: Int32) -> Bool {
        var entry = pollfd(fd: connection, events: Int16(event), revents: 0)
        while !isOver.load(ordering: .relaxed) { if poll(&entry, 1, 20) > 0 { return true } }
        return false
    }

    private func readByte(_ connection: Int32) -> UInt8? {
        var byte: UInt8 = 0
        guard waitFor(POLLIN, connection), recv(connection, &byte, 1, 0) == 1 else { return nil }
        return byte
    }

    private func take(_ count: Int, _ connection: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var left = count
        while left > 0, waitFor(POLLIN, connection) {
            let taken = recv(connection, &buffer, min(left, buffer.count), 0)
            guard taken > 0 else { return false }
            left -= taken
        }
        return left == 0
    }

    private func readHead(_ connection: Int32) -> Bool {
        var last: UInt32 = 0
        while let byte = readByte(connection) {
            last = last << 8 | UInt32(byte)
            if last == 0x0D0A_0D0A { return true }
        }
        return false
    }

    private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var start = 0
        while start < bytes.count, waitFor(POLLOUT, connection) {
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = bytes[start...].withUnsafeBytes { send(connection, $0.baseAddress, $0.count, flags) }
            guard count >= 0 || errno == EAGAIN else { return false }
            start += max(0, count)
        }
        return start == bytes.count
    }

    /// A connection to a port, this server's own where none is named.
    private func dial(_ port: Int? = nil, waits: Bool = true) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let descriptor = socket(AF_INET, kind, 0)
        var address = Self.loopback(port ?? self.port)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    private func relay(_ client: Int32, _ port: Int, _ limit: Int) -> Bool {
        let server = dial(port)
        defer { Glibc.close(server) }
        var left = limit
        var buffer = [UInt8](repeating: 0, count: 4096)
        while left > 0, !isOver.load(ordering: .relaxed) {
            var entries = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&entries, 2, 20) > 0 else { continue }
            if entries[0].revents != 0 {
                let count = recv(client, &buffer, buffer.count, 0)
                guard count > 0, write(Array(buffer[..<count]), server) else { return false }
            }
            if entries[1].revents != 0 {
                let count = recv(server, &buffer, min(left, buffer.count), 0)
                guard count > 0, write(Array(buffer[..<count]), client) else { return false }
                left -= count
            }
        }
        return left == 0
    }
}

extension RawServer.Move {
    static func send(_ text: String) -> Self { .send(Array(text.utf8)) }
}
