#if canImport(Glibc)
    import Glibc
#endif

/// Finding a port for the service.
package enum LoopbackPort {
    /// A port on 127.0.0.1 that nothing listens on, from below the range that outgoing connections are given.
    package static func free(using generator: inout some RandomNumberGenerator) throws(CaptureError) -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000, using: &generator)
            if isFree(port) { return port }
        }
        throw .noPort
    }

    package static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var one: Int32 = 1
        // What has just been closed lingers; a service that listens again is not hindered by it, nor is this.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7f00_0001).bigEndian)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        } == 0
    }
}
