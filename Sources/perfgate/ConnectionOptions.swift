import ArgumentParser
import Gate
import Plans

/// How the service is spoken to, as it is typed; the names are curl's where curl has them.
struct ConnectionOptions: ParsableArguments {
    @Flag(help: "Speak HTTP/2: by ALPN for https, else without asking.")
    var http2 = false

    @Option(help: ArgumentHelp("Requests at once on one connection of HTTP/2 (default: 1).", valueName: "count"))
    var streams: Int?

    @Option(
        help: ArgumentHelp(
            "always, or never: a new connection for every request (default: always).", valueName: "when"))
    var keepAlive: KeepAlive?

    @Option(help: ArgumentHelp("Connect to this Unix socket.", valueName: "path"), completion: .file())
    var unixSocket: String?

    @Option(
        help: ArgumentHelp("Trust these authorities instead of the system's (PEM).", valueName: "file"),
        completion: .file())
    var cacert: String?

    @Option(help: ArgumentHelp("Present this certificate (PEM).", valueName: "file"), completion: .file())
    var cert: String?

    @Option(help: ArgumentHelp("The key of that certificate (PEM).", valueName: "file"), completion: .file())
    var key: String?

    @Flag(name: [.customShort("k"), .long], help: "Trust any certificate.")
    var insecure = false

    enum KeepAlive: String, ExpressibleByArgument, CaseIterable {
        case always
        case never
    }

    func validate() throws {
        if let streams {
            guard http2 else { throw ValidationError("--streams goes with --http2.") }
            let taken = Service.Connection.streamsTaken
            guard taken.contains(streams) else {
                throw ValidationError("--streams takes a number from 1 to \(taken.upperBound).")
            }
        }
        if http2, keepAlive == .never { throw ValidationError("The connections of HTTP/2 are shared and kept.") }
        if (cert == nil) != (key == nil) { throw ValidationError("Give --cert and --key together.") }
        if insecure, cacert != nil { throw ValidationError("--insecure trusts everybody, with or without --cacert.") }
        if let unixSocket, !Service.Connection.takes(socket: unixSocket) {
            throw ValidationError("--unix-socket takes a path of at most \(Service.Connection.longestSocket) bytes.")
        }
    }

    /// The first option of these that was given.
    var given: String? { (connectionOptions + tlsOptions).first(where: \.isGiven)?.name }

    private var connectionOptions: [(name: String, isGiven: Bool)] {
        [
            ("--http2", http2), ("--streams", streams != nil), ("--keep-alive", keepAlive != nil),
            ("--unix-socket", unixSocket != nil),
        ]
    }

    private var tlsOptions: [(name: String, isGiven: Bool)] {
        [("--cacert", cacert != nil), ("--cert", cert != nil), ("--key", key != nil), ("--insecure", insecure)]
    }

    /// The connection to an address; reads the files.
    func connection(to url: String) throws(GateError) -> Service.Connection {
        if !url.lowercased().hasPrefix("https://"), let option = tlsOptions.first(where: \.isGiven) {
            throw .usage("\(option.name) is of no use for \(url), which does not begin with https://")
        }
        var tls = Service.TLS(verification: insecure ? .none : .full)
        if let cacert { tls.authorities = try Self.pem(cacert, of: "--cacert") }
        if let cert, let key {
            tls.identity = .init(certificates: try Self.pem(cert, of: "--cert"), key: try Self.pem(key, of: "--key"))
        }
        return Service.Connection(
            httpVersion: http2 ? .two : .one, streams: streams ?? 1, keepAlive: keepAlive == .never ? .never : .always,
            socket: unixSocket, tls: tls)
    }

    /// The content of a file with certificates or a key.
    private static func pem(_ file: String, of option: String) throws(GateError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(file, limit: Service.TLS.largestFile)
        } catch {
            throw .usage("\(option): \(error.message)")
        }
        if let refusal = Service.TLS.refusal(of: bytes) {
            throw .usage("\(option): \(file) \(refusal.problem)" + (refusal.hint.map { "; \($0)" } ?? ""))
        }
        return bytes
    }
}
