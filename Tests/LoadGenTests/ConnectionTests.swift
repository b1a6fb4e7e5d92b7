import HTTPWire
import Measures
import NIOSSL
import Plans
import TestSupport
import Testing

@testable import LoadGen

@Suite("Connections")
struct ConnectionTests {
    // MARK: - Keep-alive

    @Test("connections are kept, closed with their flow or closed after every response, as asked")
    func keepAlive() async throws {
        let scenario = Scenario.of(.get("one", "/1"), .get("two", "/2"))
        func connections(_ keepAlive: Service.Connection.KeepAlive) async throws -> (opened: Int, heads: Bool) {
            let summary = try await Bench.run(
                Bench.closed, scenario, connection: Service.Connection(keepAlive: keepAlive)
            ) { request in
                let saysClose = request.head.contains("\r\nConnection: close")
                return saysClose == (keepAlive == .never) ? [.respond()] : [.respond(500)]
            }
            #expect(summary.total.completed == 20)
            return (summary.connectionsOpened, summary.total.failed == 0)
        }
        #expect(try await connections(.always) == (0, true))
        #expect(try await connections(.flow) == (10, true))
        #expect(try await connections(.never) == (20, true))
    }

    @Test("a service that cannot be reached is told ahead of the phase also where flows open their own connections")
    func refusedWithoutKeepAlive() async throws {
        let port = try UnheardPort()
        defer { port.release() }
        await #expect(
            throws: LoadError.connect(
                address: "127.0.0.1:\(port.number)", reason: "connection refused", opened: 0, wanted: 1)
        ) {
            try await LoadGenerator.withGenerator(
                load: Bench.closed, scenario: .of(.get("step", "/")),
                target: try Endpoint("http://127.0.0.1:\(port.number)"),
                connection: Service.Connection(keepAlive: .never), seed: 1
            ) { try await $0.openConnections() }
        }
    }

    // MARK: - Unix sockets

    @Test("a service is reached over a Unix socket, and keeps the host of its address")
    func unixSocket() async throws {
        let path = "/tmp/perfgate-\(UInt32.random(in: .min ... .max)).sock"
        let summary = try await Bench.run(connection: Service.Connection(socket: path), host: "service.test") {
            $0.head.contains("\r\nHost: service.test\r\n") ? [.respond()] : [.respond(500)]
        }
        #expect(summary.total.completed == 20)
        await #expect(
            throws: LoadError.connect(
                address: "unix:\(path)", reason: "there is no such socket", opened: 0, wanted: 2)
        ) {
            try await LoadGenerator.withGenerator(
                load: Bench.closed, scenario: .of(.get("step", "/")), target: try Endpoint("http://service.test"),
                connection: Service.Connection(socket: path), seed: 1
            ) { try await $0.openConnections() }
        }
    }

    // MARK: - TLS

    private static func pem(_ name: String) throws -> [UInt8] {
        Array(try #require(Repository.contents(Repository.root + "/Tests/Fixtures/certificates/\(name).pem")).utf8)
    }

    static func server(protocols: [String] = [], wantsClient: Bool = false) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(pem("server")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: pem("server.key"), format: .pem)))
        configuration.applicationProtocols = protocols
        if wantsClient {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(pem("authority")))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    static func trusting(
        _ authority: String = "authority", identity: Bool = false, name: String? = nil,
        verification: Service.TLS.Verification = .full
    ) throws -> Service.Connection {
        Service.Connection(
            tls: Service.TLS(
                authorities: try pem(authority),
                identity: identity ? .init(certificates: try pem("client"), key: try pem("client.key")) : nil,
                serverName: name, verification: verification))
    }

    /// Why connections cannot be opened ahead of a phase.
    private func refusal(
        _ connection: Service.Connection, _ server: NIOSSLContext? = nil, host: String = "127.0.0.1"
    ) async throws -> String? {
        do {
            _ = try await Bench.run(
                connection: connection, tls: try server ?? Self.server(), host: host
            ) { _ in [.respond()] }
            return nil
        } catch LoadError.connect(_, let reason, _, _) {
            return reason
        }
    }

    @Test("requests are sent and answered over TLS, by address and by name", arguments: ["127.0.0.1", "localhost"])
    func secure(host: String) async throws {
        let large = String(repeating: "x", count: 100_000)
        let summary = try await Bench.run(
            Bench.closed, .of(.get("step", "/", checks: [.bodyContains(Template(segments: [.literal("xxx")]))])),
            connection: try Self.trusting(), tls: try Self.server(), host: host
        ) { _ in [.respond(200, large)] }
        #expect(summary.total.completed == 20)
        #expect(summary.total.failed == 0)
        #expect(summary.total.bytesReceived > 2_000_000)
    }

    @Test("over TLS too, connections are closed with their flow or after every response")
    func secureKeepAlive() async throws {
        for keepAlive in [Service.Connection.KeepAlive.flow, .never] {
            var connection = try Self.trusting()
            connection.keepAlive = keepAlive
            let summary = try await Bench.run(connection: connection, tls: try Self.server()) { _ in [.respond()] }
            #expect(summary.total.completed == 20)
            #expect(summary.connectionsOpened == 20)
        }
    }

    @Test("a certificate of a stranger's, or for another name, is refused unless the plan says otherwise")
    func verification() async throws {
        #expect(
            try await refusal(try Self.trusting("stranger"))
                == "TLS handshake failed: the certificate has expired or is of an authority that is not trusted")
        let other = try await refusal(try Self.trusting(name: "other.test"))
        #expect(
            other
                == "TLS handshake failed: the certificate is for another name")
        #expect(try await refusal(try Self.trusting(name: "other.test", verification: .chain)) == nil)
        #expect(try await refusal(try Self.trusting("stranger", verification: .none)) == nil)
        #expect(try await refusal(try Self.trusting(name: "localhost")) == nil)
    }

    @Test("certificates and keys that cannot be used are told by what they are")
    func unusableCertificates() async throws {
        let certificate = try Self.pem("server")
        let key = try Self.pem("server.key")
        let other = try Self.pem("client.key")
        for (tls, reason) in [
            (Service.TLS(authorities: key), "the authorities are no certificates in PEM"),
            (Service.TLS(identity: .init(certificates: key, key: key)), "the client's certificate is none in PEM"),
            (
                Service.TLS(identity: .init(certificates: certificate, key: certificate)),
                "the client's key is none in PEM, or is encrypted"
            ),
            (
                Service.TLS(identity: .init(certificates: certificate, key: other)),
                "the client's key does not belong to its certificate"
            ),
        ] {
            await #expect(throws: LoadError.invalidPlan("TLS cannot be set up: \(reason)")) {
                try await LoadGenerator.withGenerator(
                    load: Bench.closed, scenario: .of(.get("step", "/")), target: try Endpoint("https://127.0.0.1:1"),
                    connection: Service.Connection(tls: tls), seed: 1
                ) { _ in }
            }
        }
    }

    @Test("a client certificate is presented where the service asks for one")
    func clientCertificate() async throws {
        let server = try Self.server(wantsClient: true)
        let summary = try await Bench.run(
            connection: try Self.trusting(identity: true), tls: server
        ) { _ in [.respond()] }
        #expect(summary.total.completed == 20)
        let without = try await Bench.run(opensFirst: false, connection: try Self.trusting(), tls: server) { _ in
            [.respond()]
        }
        #expect(without.total.completed == 0)
        #expect(without.total.reasons.allSatisfy { $0.contains("certificate required") }, "\(without.total.reasons)")
    }

    @Test("a service that agrees to no common protocol is refused, with what it chose")
    func protocols() async throws {
        var connection = try Self.trusting()
        connection.httpVersion = .two
        #expect(try await refusal(connection, try Self.server(protocols: ["http/1.1"])) != nil)
        #expect(try await refusal(connection) == "the service does not speak h2 over TLS")
        connection.httpVersion = .one
        #expect(try await refusal(connection, try Self.server(protocols: ["http/1.1"])) == nil)
    }

    @Test("plain bytes where TLS is expected, and a cut in the middle of a response, have their reasons")
    func broken() async throws {
        var load = Bench.closed
        load.timeout = .milliseconds(300)
        load.work = .requests(4)
        let silent = try await ScriptedServer.with({ _ in [.respond()] }) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")),
                target: try Endpoint("https://127.0.0.1:\(server.port)"), connection: try Self.trusting(), seed: 1
            ) { try await $0.run(.steady(load.work)) }
        }
        #expect(silent.total.reasons == ["connecting timed out after 300 ms"])
        let summary = try await Bench.run(connection: try Self.trusting(), tls: try Self.server()) { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"), .reset]
        }
        #expect(summary.total.completed == 0)
        #expect(summary.total.failed == 20)
    }

    @Test("a handshake that ends too early says so")
    func endedHandshake() async throws {
        let reason = try await RawServer.with([.await, .take(5), .finish]) { server in
            do {
                try await LoadGenerator.withGenerator(
                    load: Bench.closed, scenario: .of(.get("step", "/")),
                    target: try Endpoint("https://127.0.0.1:\(server.port)"), connection: try Self.trusting(), seed: 1
                ) { _ = try await $0.openConnections() }
                return nil as String?
            } catch LoadError.connect(_, let reason, _, _) {
                return reason
            }
        }
        #expect(reason == "TLS handshake failed: the connection ended during it")
    }

    @Test("certificates that cannot be read are told before the load")
    func unreadable() async throws {
        await #expect(throws: LoadError.self) {
            try await LoadGenerator.withGenerator(
                load: Bench.closed, scenario: .of(.get("step", "/")), target: try Endpoint("https://127.0.0.1:1"),
                connection: Service.Connection(tls: Service.TLS(authorities: Array("-----BEGIN nothing".utf8))),
                seed: 1
            ) { _ in }
        }
    }
}
