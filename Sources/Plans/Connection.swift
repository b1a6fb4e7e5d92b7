extension Service {
    /// How the service is spoken to.
    package struct Connection: Sendable, Equatable {
        package var httpVersion: HTTPVersion
        /// Most requests at once on one connection; 1 but for HTTP/2.
        package var streams: Int
        package var keepAlive: KeepAlive
        /// Path of a Unix socket, with `{port}` where the service is started; nil connects to the address's host and port.
        package var socket: String?
        package var tls: TLS

        package init(
            httpVersion: HTTPVersion = .one, streams: Int = 1, keepAlive: KeepAlive = .always, socket: String? = nil,
            tls: TLS = TLS()
        ) {
            self.httpVersion = httpVersion
            self.streams = streams
            self.keepAlive = keepAlive
            self.socket = socket
            self.tls = tls
        }

        /// By the names of ALPN.
        package enum HTTPVersion: String, Sendable, CaseIterable {
            case one = "http/1.1"
            case two = "h2"
        }

        /// When a connection is closed and opened anew.
        package enum KeepAlive: String, Sendable, CaseIterable {
            /// When the service closes it.
            case always
            /// At the end of every flow.
            case flow
            /// After every response.
            case never
        }
    }

    /// Whom to trust and what to present where the address begins with `https`.
    package struct TLS: Sendable, Equatable {
        /// PEM of the certificates that are trusted instead of the system's.
        package var authorities: [UInt8]?
        package var identity: Identity?
        /// The name that is asked for and verified, instead of the address's host.
        package var serverName: String?
        package var verification: Verification

        package init(
            authorities: [UInt8]? = nil, identity: Identity? = nil, serverName: String? = nil,
            verification: Verification = .full
        ) {
            self.authorities = authorities
            self.identity = identity
            self.serverName = serverName
            self.verification = verification
        }

        package enum Verification: String, Sendable, CaseIterable {
            /// The certificate leads to an authority that is trusted, and is for the name that was asked for.
            case full
            /// Without the name.
            case chain
            case none
        }

        /// What the client presents: PEM of its certificate, with those that lead to an authority, and of its key.
        package struct Identity: Sendable, Equatable {
            package var certificates: [UInt8]
            package var key: [UInt8]

            package init(certificates: [UInt8], key: [UInt8]) {
                self.certificates = certificates
                self.key = key
            }
        }
    }
}
