import HTTPWire
import Testing

@Suite("Addresses")
struct EndpointTests {
    private func failure(_ text: String) -> String? {
        do throws(EndpointError) {
            _ = try Endpoint(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("host, port and base path are taken apart")
    func parts() throws {
        let plain = try Endpoint("http://localhost:8080/api/v1/")
        #expect(plain.host == "localhost")
        #expect(plain.port == 8080)
        #expect(plain.path == "/api/v1")
        #expect(plain.hostField == "localhost:8080")
        let bare = try Endpoint("HTTP://example.test")
        #expect(bare.port == 80)
        #expect(bare.path == "")
        #expect(bare.hostField == "example.test")
        let six = try Endpoint("http://[::1]:9/")
        #expect(six.host == "::1")
        #expect(six.port == 9)
        #expect(six.hostField == "[::1]:9")
        #expect(!six.isSecure)
        let secure = try Endpoint("https://example.test/api")
        #expect(secure.isSecure)
        #expect(secure.port == 443)
        #expect(secure.hostField == "example.test")
        #expect(try Endpoint("https://example.test:80").hostField == "example.test:80")
    }

    @Test(
        "a whole address is a host and what is asked of it",
        arguments: [
            ("http://h:81/a/b?c=d&e=/?", "h:81", "/a/b?c=d&e=/?"),
            ("http://h", "h", "/"),
            ("HTTP://h?q", "h", "/?q"),
            ("http://[::1]:9?x/y", "[::1]:9", "/?x/y"),
            ("http://h//a/", "h", "//a/"),
            ("http://h/a@b:c", "h", "/a@b:c"),
        ]
    )
    func whole(text: String, host: String, target: String) throws {
        let (endpoint, asked) = try Endpoint.split(text)
        #expect(endpoint.hostField == host)
        #expect(endpoint.path == "")
        #expect(asked == target)
    }

    @Test(
        "a whole address that cannot be asked for is refused in words",
        arguments: [
            (
                "localhost:80/x",
                "\"localhost:80/x\" is not an http address: write it as http://host:port or https://host:port"
            ),
            ("ftp://a/x", "\"ftp://a\" is not an http address: write it as http://host:port or https://host:port"),
            ("x", "\"x\" is not an http address: write it as http://host:port or https://host:port"),
            ("http:///x", "\"http://\" has no host"),
            ("http://u:p@h/", "\"http://u:p@h\" has a user name or password, which is not supported"),
            ("http://h/a#b", "\"http://h/a#b\" has a fragment, which is never sent; leave out what begins with #"),
            ("http://h/ä", "\"http://h/ä\" has a space or another character an address cannot have"),
            ("http://h:99999/x", "the port of \"http://h:99999\" is not a number from 1 to 65535"),
            ("http://h/" + String(repeating: "x", count: 8192), "the address is longer than 8192 bytes"),
        ]
    )
    func wholeRefused(text: String, sentence: String) {
        let error = #expect(throws: EndpointError.self) { try Endpoint.split(text) }
        #expect(error?.description == sentence)
    }

    @Test(
        "what cannot be a target is refused in words",
        arguments: [
            (
                "localhost:80",
                "\"localhost:80\" is not an http address: write it as http://host:port or https://host:port"
            ),
            ("http://u:p@h/", "\"http://u:p@h/\" has a user name or password, which is not supported"),
            ("http://:80/", "\"http://:80/\" has no host"),
            ("http://a!b/", "the host of \"http://a!b/\" is malformed"),
            ("http://[::1/", "the host of \"http://[::1/\" is malformed"),
            ("http://[::1]x/", "the host of \"http://[::1]x/\" is malformed"),
            ("http://[fe80::1%25eth0]/", "the host of \"http://[fe80::1%25eth0]/\" is malformed"),
            ("http://h:0", "the port of \"http://h:0\" is not a number from 1 to 65535"),
            ("http://h:65536", "the port of \"http://h:65536\" is not a number from 1 to 65535"),
            ("http://h:+8", "the port of \"http://h:+8\" is not a number from 1 to 65535"),
            ("http://h:", "the port of \"http://h:\" is not a number from 1 to 65535"),
            ("http://h/?a", "\"http://h/?a\" has a query or a fragment; a base address ends with its path"),
            ("http://h/ b", "\"http://h/ b\" has a space or another character an address cannot have"),
            (
                "http://h/\r\nX",
                "\"http://h/\u{FFFD}\u{FFFD}X\" has a space or another character an address cannot have"
            ),
        ]
    )
    func refused(text: String, sentence: String) {
        #expect(failure(text) == sentence)
    }

    @Test(
        "a redirect is resolved against the target it came from",
        arguments: [
            ("/x", "/x"), ("x", "/a/x"), ("./x", "/a/x"), ("../x", "/x"), ("../../x", "/x"), ("..", "/"),
            ("?q=2", "/a/b?q=2"), ("", "/a/b?q=1"), ("#frag", "/a/b?q=1"), ("/x#frag", "/x"),
            ("http://Host:8080/y?z", "/y?z"), ("http://host:8080", "/"), ("http://host:8080?z", "/?z"),
            ("//host:8080/y", "/y"), ("/a b/\u{E9}", "/a%20b/%C3%A9"), ("/a/./b/../c/", "/a/c/"),
        ]
    )
    func redirects(location: String, target: String) throws {
        let endpoint = try Endpoint("http://host:8080")
        #expect(try endpoint.target(ofLocation: location, from: "/a/b?q=1") == target)
    }

    @Test(
        "a redirect that leads elsewhere is refused",
        arguments: [
            "https://host:8080/x", "http://host/x", "http://other:8080/x", "//other/x", "ftp://host:8080/x",
            "javascript:alert(1)",
        ]
    )
    func elsewhere(location: String) throws {
        let endpoint = try Endpoint("http://host:8080")
        #expect(throws: EndpointError.otherOrigin(location)) {
            try endpoint.target(ofLocation: location, from: "/")
        }
    }

    @Test("a redirect of a service behind TLS stays behind it")
    func secureRedirects() throws {
        let endpoint = try Endpoint("https://host")
        #expect(try endpoint.target(ofLocation: "https://host:443/x", from: "/") == "/x")
        #expect(throws: EndpointError.otherOrigin("http://host/x")) {
            try endpoint.target(ofLocation: "http://host/x", from: "/")
        }
    }

    @Test("a redirect with control characters is refused")
    func control() throws {
        let endpoint = try Endpoint("http://host")
        #expect(throws: EndpointError.forbiddenCharacter("/x\u{FFFD}\u{FFFD}Evil: 1")) {
            try endpoint.target(ofLocation: "/x\r\nEvil: 1", from: "/")
        }
    }
}
