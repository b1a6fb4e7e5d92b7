import NIOCore
internal import NIOSSL
package import Plans

/// What all TLS connections to one service share: whom they trust, what they present and which protocols they offer.
package struct TLSClient: Sendable {
    let context: NIOSSLContext
    /// The name asked for and verified; nil where the host is an address, which is verified itself.
    let serverName: String?
    let peer: SocketAddress

    /// Reads the certificates and the key.
    ///
    /// `host` is a name or an address, `protocols` are offered by ALPN in this order. Throws ``TLSError/settings(_:)``
    /// where certificates or key cannot be read or do not belong together.
    package init(_ settings: Service.TLS, host: String, protocols: [String]) throws(TLSError) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = protocols
        if let authorities = settings.authorities {
            configuration.trustRoots = .certificates(
                try Self.read("the authorities are no certificates in PEM") {
                    try NIOSSLCertificate.fromPEMBytes(authorities)
                })
        }
        if let identity = settings.identity {
            let chain = try Self.read("the client's certificate is none in PEM") {
                try NIOSSLCertificate.fromPEMBytes(identity.certificates)
            }
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try Self.read("the client's key is none in PEM, or is encrypted") {
                    try NIOSSLPrivateKey(bytes: identity.key, format: .pem)
                })
        }
        configuration.certificateVerification =
            switch settings.verification {
            case .full: .fullVerification
            case .chain: .noHostnameVerification
            case .none: .none
            }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw .settings("the client's key does not belong to its certificate")
        } catch {
            throw .settings(TLSError.words(error))
        }
        let address = settings.serverName == nil ? try? SocketAddress(ipAddress: host, port: 0) : nil
        serverName = settings.serverName ?? (address == nil ? host : nil)
        do {
            // The library takes a certificate for either, the name or the address; where a name was asked for, the
            // address must not do.
            peer = try address ?? SocketAddress(unixDomainSocketPath: "/")
            // Made once ahead of the load, so that a name that cannot be asked for is told before it.
            _ = try NIOSSLClientHandler(context: context, serverHostname: serverName)
        } catch {
            throw .settings("\"\(serverName ?? host)\" cannot be a server's name")
        }
    }

    private static func read<R>(_ failure: String, _ body: () throws -> R) throws(TLSError) -> R {
        do { return try body() } catch { throw .settings(failure) }
    }
}
