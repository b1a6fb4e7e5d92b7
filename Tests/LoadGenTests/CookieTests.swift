import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Cookies")
struct CookieTests {
    /// 2026-11-23 12:00:00.
    private static let today: Int64 = 1_795_435_200
    private static let second: UInt64 = 1_000_000_000

    private func take(
        _ fields: [String], into jar: CookieJar = CookieJar(host: "Shop.Example.com"), path: String = "/a/b",
        now: UInt64 = 5
    ) -> CookieJar {
        for field in fields {
            Array(field.utf8).withUnsafeBytes { jar.take($0, path: Array(path.utf8), now: now) { Self.today } }
        }
        return jar
    }

    private func sent(_ jar: CookieJar, _ path: String = "/a/b/c") -> String {
        let request = RenderBuffer()
        Array(path.utf8).withUnsafeBytes { jar.write(to: request, path: $0) }
        return String(decoding: request.bytes, as: UTF8.self)
    }

    @Test(
        "what a field says is kept or ignored",
        arguments: [
            ("a=1", "Cookie: a=1\r\n"),
            ("  a = b c ; HttpOnly; Secure; SameSite=Strict", "Cookie: a=b c\r\n"),
            ("a=\"1, 2\"=", "Cookie: a=\"1, 2\"=\r\n"),
            ("a=", "Cookie: a=\r\n"),
            ("a", ""), ("=1", ""), ("", ""), (";a=1", ""),
            ("a=1; Path=/a/b", "Cookie: a=1\r\n"), ("a=1; path=/a/b/", "Cookie: a=1\r\n"),
            ("a=1; Path=/a/bc", ""), ("a=1; Path=/a/b/c/d", ""), ("a=1; Path=/", "Cookie: a=1\r\n"),
            ("a=1; Path=x", "Cookie: a=1\r\n"), ("a=1; Path", "Cookie: a=1\r\n"),
            ("a=1; Domain=shop.example.com", "Cookie: a=1\r\n"), ("a=1; Domain=.EXAMPLE.com", "Cookie: a=1\r\n"),
            ("a=1; Domain=", "Cookie: a=1\r\n"), ("a=1; Domain=op.example.com", ""),
            ("a=1; Domain=other.com", ""), ("a=1; Domain=x.shop.example.com", ""),
            ("a=1; Domain=other.com; Domain=example.com", "Cookie: a=1\r\n"),
            ("a=1; Max-Age=1", "Cookie: a=1\r\n"), ("a=1; Max-Age=0", ""), ("a=1; Max-Age=-5", ""),
            ("a=1; Max-Age=soon", "Cookie: a=1\r\n"), ("a=1; Max-Age=99999999999999999999999", "Cookie: a=1\r\n"),
            ("a=1; Expires=Mon, 23 Nov 2026 12:00:00 GMT", ""),
            ("a=1; Expires=Mon, 23 Nov 2026 12:00:01 GMT", "Cookie: a=1\r\n"),
            ("a=1; Expires=Mon, 23-Nov-26 12:00:01 GMT", "Cookie: a=1\r\n"),
            ("a=1; Expires=Mon Nov 23 12:00:01 2026", "Cookie: a=1\r\n"),
            ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", ""),
            ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", "Cookie: a=1\r\n"),
            ("a=1; Max-Age=0; Expires=Mon, 23 Nov 2027 12:00:00 GMT", ""),
            ("a=1; Expires=never", "Cookie: a=1\r\n"), ("a=1; Expires=Mon, 23 Nov 1026 12:00:00", "Cookie: a=1\r\n"),
        ])
    func fields(field: String, expected: String) {
        #expect(sent(take([field])) == expected)
    }

    @Test("dates of all notations are the same instant, and what is no date is none")
    func dates() {
        func seconds(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes { CookieDate.seconds($0) } }
        #expect(seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(seconds("Tue, 29 Feb 2000 23:59:59 GMT") == 951_868_799)
        #expect(seconds("Wednesday, 01-Mar-00 00:00:00 GMT") == 951_868_800)
        #expect(seconds("Sun Nov  6 08:49:37 1994") == 784_111_777)
        #expect(seconds("31 december 9999 1:2:3x") == 253_402_218_123)
        let others = [
            "", "Nov 1994", "06 Nov 1994", "6 Nov 1994 24:00:00", "32 Nov 1994 1:1:1", "6 Nov 1600 1:1:1",
            "6 Nov 1994 1:1",
        ]
        for text in others {
            #expect(seconds(text) == nil, "\(text)")
        }
    }

    @Test("a cookie is replaced in its place, and deleted by its end")
    func replacing() {
        let jar = take(["a=1", "b=2; Path=/", "c=3"])
        #expect(sent(jar) == "Cookie: a=1; c=3; b=2\r\n")
        #expect(sent(take(["a=4"], into: jar)) == "Cookie: a=4; c=3; b=2\r\n")
        #expect(sent(take(["a=5; Path=/a/b"], into: jar)) == "Cookie: a=5; a=4; c=3; b=2\r\n")
        #expect(sent(jar, "/a") == "Cookie: a=4; c=3; b=2\r\n")
        #expect(sent(jar, "/") == "Cookie: b=2\r\n")
        #expect(sent(take(["c=; Max-Age=0"], into: jar), "/a") == "Cookie: a=4; b=2\r\n")
        jar.removeAll()
        #expect(sent(jar) == "")
    }

    @Test("a cookie ends at its instant")
    func expiry() {
        let jar = take(["a=1; Max-Age=2", "b=2; Expires=Mon, 23 Nov 2026 12:00:03 GMT"], now: Self.second)
        jar.removeExpired(3 * Self.second - 1)
        #expect(sent(jar) == "Cookie: a=1; b=2\r\n")
        jar.removeExpired(3 * Self.second)
        #expect(sent(jar) == "Cookie: b=2\r\n")
        jar.removeExpired(4 * Self.second)
        #expect(jar.count == 0)
    }

    @Test("an address is no domain")
    func addresses() {
        let jar = CookieJar(host: "10.0.0.1")
        #expect(sent(take(["a=1; Domain=0.0.1", "b=2; Domain=10.0.0.1", "c=3"], into: jar)) == "Cookie: b=2; c=3\r\n")
    }

    @Test("a jar is bounded in number and size; the oldest cookie makes room, an ended one before it")
    func bounds() {
        let jar = take((0..<60).map { "n\($0)=v" })
        #expect(jar.count == 50)
        #expect(sent(jar).hasPrefix("Cookie: n10=v; n11=v; "))
        _ = take(["n30=v; Max-Age=1"], into: jar)
        _ = take(["x=v"], into: jar, now: 2 * Self.second)
        #expect(sent(jar).hasPrefix("Cookie: n10=v; "))
        #expect(!sent(jar).contains("n30=") && jar.count == 50)
        let large = CookieJar(host: "h")
        #expect(sent(take(["a=" + String(repeating: "x", count: 4096)], into: large)) == "")
        #expect(sent(take(["a=" + String(repeating: "x", count: 4095)], into: large)).utf8.count == 4107)
        let path = "/" + String(repeating: "x", count: 1024)
        #expect(sent(take(["b=1; Path=\(path)"], into: CookieJar(host: "h"))) == "Cookie: b=1\r\n")
    }

    @Test("random fields are answered and never end a line", arguments: 0..<4 as Range<UInt64>)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "a", "=", ";", " ", "Path", "/", "Domain", ".", "Max-Age", "-", "9", "Expires", ",", ":", "Nov", "é", "\t",
        ]
        let jar = CookieJar(host: "h")
        for _ in 0..<2000 {
            let count = Int.random(in: 0...14, using: &generator)
            let field = (0..<count).map { _ in words.randomElement(using: &generator) ?? "" }
            let text = sent(take([field.joined()], into: jar, path: "/"), "/a/9")
            #expect(jar.count <= 50)
            #expect(text.isEmpty || text.hasPrefix("Cookie: ") && text.hasSuffix("\r\n"))
            #expect(text.utf8.count { $0 == 0x0A } <= 1)
        }
    }

    /// How many of each step's requests were completed, in two flows of two steps by one user.
    ///
    /// The server answers with the path and the cookies it was asked with.
    private func completed(
        _ cookies: Scenario.Cookies, _ patterns: [String], own: String? = nil
    ) async throws -> [Int] {
        func check(_ index: Int) throws -> [Scenario.Check] { [.bodyMatches(try Pattern("^\(patterns[index])$"))] }
        var second = Scenario.Step.get("second", "/a/second?/x", checks: try check(1))
        if let own { second.headers = [.init(name: "Cookie", value: Template(segments: [.literal(own)]))] }
        var scenario = Scenario.of(.get("first", "/a/first", checks: try check(0), redirects: 1), second)
        scenario.cookies = cookies
        var load = Bench.closed
        load.executor = .constantUsers(1)
        load.work = .requests(4)
        let summary = try await Bench.run(load, scenario) { request in
            let path = request.line.split(separator: " ")[1]
            let line = request.head.split(separator: "\r\n").first { $0.hasPrefix("Cookie: ") }
            let cookie = line?.dropFirst(8) ?? "none"
            guard path == "/a/first" else { return [.respond(200, "\(path) \(cookie)")] }
            let next = cookie == "none" ? "/x/new" : "/x/known"
            let given = "set-cookie: s=1\r\nSet-Cookie: t=2; Path=/x\r\nSet-Cookie: u=3; Path=/y\r\n"
            return [.respond(302, fields: "Location: \(next)\r\n\(given)")]
        }
        return summary.steps.map(\.completed)
    }

    @Test("cookies are kept for a flow, for a user or not at all, those of redirects too")
    func lives() async throws {
        #expect(try await completed(.flow, ["/x/new t=2", "/a/second\\?/x s=1"]) == [2, 2])
        #expect(try await completed(.flow, ["/x/new t=2", "/a/second\\?/x own=1"], own: "own=1") == [2, 2])
        #expect(try await completed(.user, ["/x/known t=2", "/a/second\\?/x s=1"]) == [1, 1])
        #expect(try await completed(.off, ["/x/new none", "/a/second\\?/x none"]) == [2, 2])
    }
}
