import HTTPWire
import Plans
import Testing

@testable import Gate

/// A plan's load on a service that runs already.
@Suite struct LoadRequestTests {
    private func request(
        _ connection: String, planURL: String, url: String?, folder: String = "/srv/plan"
    ) throws -> LoadRequest {
        let plan = try GateRequestTests.plan("url: \(planURL)\n  connection: \(connection)")
        return try LoadRequest(plan, file: "perfgate.yml", folder: folder, url: url, seed: 7, tool: "0.1.0")
    }

    @Test func pathsOfThePlanAreSeenFromItsFolder() throws {
        let relative = try request("{ socket: run/api.sock }", planURL: "http://api", url: nil)
        #expect(relative.connection.socket == "/srv/plan/run/api.sock")
        #expect(relative.url == "http://api")
        let absolute = try request("{ socket: /run/api.sock }", planURL: "http://api", url: nil)
        #expect(absolute.connection.socket == "/run/api.sock")
    }

    @Test func anAddressBesideASocketWouldHaveNoEffect() {
        GateRequestTests.expect(
            "http://127.0.0.1:81: perfgate.yml has a socket, which is connected to instead of any address"
        ) {
            try request("{ socket: /run/api.sock }", planURL: "http://api", url: "http://127.0.0.1:81")
        }
    }

    @Test func aPathMayBeTooLongOnceItIsWhole() {
        let folder = "/" + String(repeating: "f", count: 99)
        #expect(throws: Never.self) {
            try request("{ socket: a.sock }", planURL: "http://api", url: nil, folder: folder)
        }
        GateRequestTests.expect("the whole path of the socket, \(folder)/ab.sock, is longer than 107 bytes") {
            try request("{ socket: ab.sock }", planURL: "http://api", url: nil, folder: folder)
        }
    }

    @Test func settingsOfTLSAreNotDroppedForAnotherAddress() throws {
        let connection = "{ tls: { verify: none } }"
        GateRequestTests.expect(
            "http://127.0.0.1:81: service.connection.tls of perfgate.yml is of no use for http://127.0.0.1:81, which "
                + "does not begin with https://"
        ) {
            try request(connection, planURL: "https://api", url: "http://127.0.0.1:81")
        }
        let secure = try request(connection, planURL: "https://api", url: "HTTPS://127.0.0.1:81")
        #expect(secure.endpoint.isSecure)
        #expect(secure.connection.tls.verification == .none)
        #expect(try !request("{}", planURL: "https://api", url: "http://127.0.0.1:81").endpoint.isSecure)
    }

    @Test func addressesThatAreNone() {
        GateRequestTests.expect(
            "\"ftp://h\" is not an http address: write it as http://host:port or https://host:port"
        ) {
            try request("{}", planURL: "http://api", url: "ftp://h")
        }
    }
}
