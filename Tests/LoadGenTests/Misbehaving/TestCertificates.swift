import NIOSSL
import Plans
import TestSupport
import Testing

/// The certificates of the fixtures, for servers and for those who ask them.
struct TestCertificates {
    enum Server: String {
        case good = "server"
        /// Its own authority, and its time is over.
        case expired
    }

    func pem(_ name: String) throws -> [UInt8] {
        try #require(Repository.bytes(Repository.root + "/Tests/Fixtures/certificates/\(name).pem"))
    }

    func server(_ name: Server) throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(pem(name.rawValue)).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: pem("\(name.rawValue).key"), format: .pem))))
    }

    /// What trusts an authority alone.
    func trusting(_ authority: String, serverName: String? = nil) throws -> Service.Connection {
        Service.Connection(
            tls: Service.TLS(
                authorities: try pem(authority), identity: nil, serverName: serverName, verification: .full))
    }
}
