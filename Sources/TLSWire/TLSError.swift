import NIOSSL

/// Why TLS could not be spoken.
package enum TLSError: Error, Sendable, Equatable {
    /// Certificates, key or name cannot be used.
    case settings(String)
    case handshake(String)
    /// The peer agreed to another protocol than the one wanted, or to none.
    case otherProtocol(wanted: String, agreed: String?)
    /// The connection ended without the message that says so, as if it had been cut.
    case cut
    case record(String)
}

extension TLSError: CustomStringConvertible {
    /// The error in one sentence without its final stop.
    package var description: String {
        switch self {
        case .settings(let reason): "TLS cannot be set up: \(reason)"
        case .handshake(let reason): "TLS handshake failed: \(reason)"
        case .otherProtocol(let wanted, let agreed):
            "the service does not speak \(wanted) over TLS" + (agreed.map { ", it chose \"\($0)\"" } ?? "")
        case .cut: "connection cut without a TLS close"
        case .record(let reason): "TLS failed: \(reason)"
        }
    }

    init(_ error: any Error) {
        if let error = error as? NIOSSLError {
            switch error {
            case .handshakeFailed(let cause): self = .handshake(Self.words(cause))
            case .uncleanShutdown: self = .cut
            default: self = .record(Self.words(error))
            }
        } else if let error = error as? NIOSSLExtraError {
            self = .handshake(
                error == .failedToValidateHostname ? "the certificate is for another name" : Self.words(error))
        } else {
            self = .record(Self.words(error))
        }
    }

    /// The library's own reason, without its file names and numbers: `certificate verify failed`.
    static func words(_ error: any Error) -> String {
        let text = "\(error)"
        let marker = "OPENSSL_internal:"
        if let start = text.ranges(of: marker).last?.upperBound {
            let reason = text[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            // Which of these it is, the library does not tell.
            if reason == "CERTIFICATE_VERIFY_FAILED" {
                return "the certificate has expired or is of an authority that is not trusted"
            }
            return reason.lowercased().replacing("_", with: " ")
        }
        if ["eofDuringHandshake", "EOF during handshake"].contains(where: { text.contains($0) }) {
            return "the connection ended during it"
        }
        return String(text.prefix(200).map { $0.isNewline ? " " : $0 })
    }
}
