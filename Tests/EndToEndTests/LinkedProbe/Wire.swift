import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// One connection to a service of this machine, for one request after the other.
final class Wire {
    struct Answer {
        let status: Int
        let fields: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0, "port \(port): \(String(cString: strerror(errno)))")
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func get(_ target: String) throws -> Answer { try exchange("GET", target, host: "127.0.0.1") }

    func exchange(_ method: String, _ target: String, host: String) throws -> Answer {
        let request = Array("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 0\r\n\r\n".utf8)
        try #require(send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        var end = headEnd()
        while end == nil {
            try receive()
            end = headEnd()
        }
        let head = String(decoding: unread[..<(end ?? 0)], as: UTF8.self).split(separator: "\r\n")
        unread.removeFirst((end ?? 0) + 4)
        let status = try #require(head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        var fields: [String: String] = [:]
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingPrefix(" ").description }
        }
        let length = try #require(fields["content-length"].flatMap { Int($0) })
        while unread.count < length { try receive() }
        let body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return Answer(status: status, fields: fields, body: body)
    }

    private func headEnd() -> Int? {
        guard unread.count >= 4 else { return nil }
        return (0...unread.count - 4).first { unread[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }

    private func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        try #require(count > 0, "the connection ended")
        unread += chunk[..<count]
    }
}
