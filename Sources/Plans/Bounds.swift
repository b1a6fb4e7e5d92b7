// What a plan and the options of a command may ask for, alike.

extension Load {
    /// Flow starts per second at most.
    package static let maximumRate = 1e6
    /// Virtual users or connections.
    package static let usersTaken = 1...10_000
    package static let requestsTaken = 1...100_000_000
    /// Connections of an open loop when nothing is said.
    package static let defaultConnections = 50
    /// How long a request may take when nothing is said.
    package static let defaultTimeout = Duration.seconds(10)
}

extension Service.Connection {
    /// Requests at once on one connection of HTTP/2.
    package static let streamsTaken = 1...1000
    /// Bytes of a Unix socket's path that the system takes.
    package static let longestSocket = 107

    /// Whether the system takes the path, with `{port}` as a port of five digits.
    package static func takes(socket path: String) -> Bool {
        (1...longestSocket).contains(path.replacing("{port}", with: "65535").utf8.count)
    }
}

extension Service.TLS {
    /// The most bytes of a file with certificates or a key.
    package static let largestFile = 1 << 20

    /// Why these bytes are no file with certificates or a key; nil where they may be one.
    package static func refusal(of bytes: [UInt8]) -> (problem: String, hint: String?)? {
        guard bytes.count <= largestFile else {
            return ("has \(bytes.count) bytes; at most \(largestFile) are taken", nil)
        }
        guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
            return ("is not a PEM file", "it has a line -----BEGIN …-----")
        }
        return nil
    }
}
