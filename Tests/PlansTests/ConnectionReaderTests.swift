import Plans
import TestSupport
import Testing

@Suite struct ConnectionReaderTests {
    private static let pem = Array("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n".utf8)

    private var reading: Reading {
        var reading = Reading()
        for name in ["ca", "client", "client-key"] { reading.files["ci/\(name).pem"] = Self.pem }
        return reading
    }

    private func connection(_ keys: String, url: String = "https://localhost:{port}") throws -> Service.Connection {
        let service = "url: \(url)\n  connection: \(keys)"
        let text = smallPlan.replacing("url: http://127.0.0.1:{port}\n", with: service + "\n")
        return try reading.plan(text).service.connection
    }

    @Test func withoutAWordItIsPlainAndKept() throws {
        #expect(try reading.plan(smallPlan).service.connection == Service.Connection())
        #expect(try connection("{}") == Service.Connection())
    }

    @Test func everythingCanBeSaid() throws {
        #expect(try connection("{ protocol: h2, streams: 10 }").httpVersion == .two)
        #expect(try connection("{ protocol: h2, streams: 10 }").streams == 10)
        #expect(try connection("{ keep-alive: flow }").keepAlive == .flow)
        #expect(try connection("{ keep-alive: never }").keepAlive == .never)
        let tls = try connection(
            "{ tls: { ca: ci/ca.pem, certificate: ci/client.pem, key: ci/client-key.pem, server-name: a.test, verify: chain } }"
        ).tls
        #expect(
            tls
                == Service.TLS(
                    authorities: Self.pem, identity: .init(certificates: Self.pem, key: Self.pem),
                    serverName: "a.test", verification: .chain))
    }

    @Test func aSocketTakesThePlaceOfThePort() throws {
        let found = try connection("{ socket: \"/tmp/api-{port}.sock\" }", url: "http://api")
        #expect(found.socket == "/tmp/api-{port}.sock")
    }

    @Test func mistakesAreToldWithTheirPlace() {
        let long = String(repeating: "x", count: 103)
        let cases = [
            ("http://localhost:{port}", "{ protocol: http/2 }"),
            ("http://localhost:{port}", "{ streams: 2 }"),
            ("http://localhost:{port}", "{ protocol: h2, streams: 0 }"),
            ("http://localhost:{port}", "{ protocol: h2, keep-alive: never }"),
            ("http://localhost:{port}", "{ keep-alive: false }"),
            ("http://localhost:{port}", "{ tls: { verify: none } }"),
            ("http://localhost:{port}", "{ socket: /tmp/api.sock }"),
            ("http://localhost:{port}", "{ socket: \"\(long){port}\" }"),
            ("https://localhost:{port}", "{ tls: { ca: ci/nothing.pem } }"),
            ("https://localhost:{port}", "{ tls: { ca: ci/users.csv } }"),
            ("https://localhost:{port}", "{ tls: { certificate: ci/client.pem } }"),
            ("https://localhost:{port}", "{ tls: { key: ci/client-key.pem } }"),
            ("https://localhost:{port}", "{ tls: { ca: ci/ca.pem, verify: none } }"),
            ("https://localhost:{port}", "{ tls: { verify: no } }"),
            ("https://localhost:{port}", "{ tls: { server-name: \"\" } }"),
        ]
        var text = ""
        for (url, keys) in cases {
            let found: String
            do {
                _ = try connection(keys, url: url)
                found = "no diagnostics\n"
            } catch let error as Diagnostics {
                found = error.all.map { $0.text + "\n" }.joined()
            } catch {
                found = "\(error)"
            }
            text += "=== \(url) \(keys)\n\(found)\n"
        }
        #expect(!text.contains("no diagnostics"))
        Golden("Plans/connection.txt").expect(text)
    }

    @Test func profilesAreReadWithoutTLS() {
        let text = smallPlan.replacing("pprof: \"http://127", with: "pprof: \"https://127")
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try reading.plan(text) }
                == "perfgate.yml:9:21: service.capture.pprof: profiles are read over http (serve them on a port of loopback "
                + "without TLS)\n")
    }
}
