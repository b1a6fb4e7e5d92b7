import Plans

@testable import LoadGen

extension MisbehaviourGroup {
    /// Servers that do not speak TLS as they should; `good` and `expired` are ports of servers that do.
    static func tls(_ certificates: TestCertificates, good: Int, expired: Int) throws -> MisbehaviourGroup {
        let trusting = try certificates.trusting("authority")
        let stranger = try certificates.trusting("stranger")
        let other = try certificates.trusting("authority", serverName: "other.test")
        let late = try certificates.trusting("expired")
        func secure(_ misbehaviour: Misbehaviour) -> Misbehaviour {
            misbehaviour.with {
                $0.isEncrypted = true
                if $0.connection.tls == Service.TLS() { $0.connection = trusting }
            }
        }
        let whole = RawServer.Move.relay(port: good, bytes: .max)
        return MisbehaviourGroup(
            title: "TLS",
            cases: [
                Misbehaviour("says nothing to the handshake", .hold).impatient,
                Misbehaviour("closes at the handshake", .await, .take(5), .finish),
                Misbehaviour("resets at the handshake", .await, .reset),
                Misbehaviour("answers in plain text", .await, .send("HTTP/1.1 400 Bad Request\r\n\r\n"), .hold),
                Misbehaviour("refuses the handshake", .await, .send([0x15, 3, 3, 0, 2, 2, 40]), .hold),
                Misbehaviour("asks for another version of TLS", .await, .send([0x15, 3, 1, 0, 2, 2, 70]), .hold),
                Misbehaviour("ends the handshake after 1 byte", .relay(port: good, bytes: 1), .finish),
                Misbehaviour("ends the handshake after 100 bytes", .relay(port: good, bytes: 100), .finish),
                Misbehaviour("ends the handshake after 500 bytes", .relay(port: good, bytes: 500), .finish),
                Misbehaviour("stops in the handshake after 500 bytes", .relay(port: good, bytes: 500), .hold).impatient,
                Misbehaviour("resets in the handshake after 500 bytes", .relay(port: good, bytes: 500), .reset),
                Misbehaviour("sends other bytes in the handshake", .relay(port: good, bytes: 100), .flood([0x78])),
                Misbehaviour("has a certificate that nobody trusted signed", whole).with {
                    $0.connection = stranger
                },
                Misbehaviour("has a certificate for another name", whole).with {
                    $0.connection = other
                },
                Misbehaviour("has a certificate whose time is over", .relay(port: expired, bytes: .max)).with {
                    $0.connection = late
                },
                Misbehaviour("cuts the connection in a body without length, without a TLS close", whole).with {
                    $0.step.target = Template(segments: [.literal("/cut")], escaping: .url)
                },
                Misbehaviour("behaves", whole),
            ].map(secure))
    }
}
