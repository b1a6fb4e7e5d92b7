import HTTPWire
import Plans
import Testing

@testable import LoadGen

@Suite("Rendering")
struct RenderingTests {
    private static let data = [
        Scenario.DataSet(
            name: "users", columns: ["name", "note"], rows: [["ann", "a\"b\\c\n"], ["b/ö &", "x\r\ny"]])
    ]

    private func render(
        _ change: (inout Scenario.Step) -> Void, iteration: UInt64 = 0, captured: String? = nil
    ) throws -> String {
        var step = Scenario.Step.get("step", "/items")
        change(&step)
        let data = try Self.data.map { try DataBytes($0, seed: 1) }
        let slots = captured == nil ? [:] : ["token": 0]
        let program = try StepProgram(
            step, index: 0, endpoint: try Endpoint("http://h:1/base"), timeout: .seconds(1), slots: slots, data: data
        )
        let user = VirtualUser(index: 3, slots: 1)
        user.iteration = iteration
        if let captured { Array(captured.utf8).withUnsafeBytes { user.captures.set(0, $0) } }
        let request = RenderBuffer(capacity: 64)
        try program.render(
            into: request, scratch: RenderBuffer(capacity: 64), for: user,
            trace: TraceContext(seed: 1, exchange: 0, hop: 0), detour: nil, data: data
        )
        return String(decoding: request.bytes, as: UTF8.self)
    }

    @Test("a request carries host, agent and trace")
    func plain() throws {
        let trace = TraceContext(seed: 1, exchange: 0, hop: 0)
        #expect(
            try render { _ in }
                == "GET /base/items HTTP/1.1\r\nHost: h:1\r\nUser-Agent: perfgate\r\n"
                + "traceparent: 00-\(trace.traceID)-\(hex(trace.span))-01\r\n\r\n"
        )
    }

    private func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test("variables are percent-encoded in the target, escaped in JSON, and counted in the length")
    func encodings() throws {
        let text = try render(
            { step in
                step.method = "POST"
                step.target = Template(
                    segments: [
                        .literal("/u/"), .variable(.data(set: 0, column: 0)), .literal("?i="), .variable(.iteration),
                        .literal("&u="), .variable(.user), .literal("&t="), .variable(.captured("token")),
                    ],
                    escaping: .url
                )
                step.headers = [
                    Scenario.Header(
                        name: "Authorization",
                        value: Template(segments: [.literal("Bearer "), .variable(.captured("token"))])
                    )
                ]
                step.body = Scenario.Body(
                    contentType: "application/json",
                    content: Template(
                        segments: [.literal("{\"n\":\""), .variable(.data(set: 0, column: 1)), .literal("\"}")],
                        escaping: .json
                    )
                )
            }, iteration: 2, captured: "t k+é")
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "POST /base/u/ann?i=2&u=3&t=t%20k%2B%C3%A9 HTTP/1.1")
        #expect(lines[3] == "Authorization: Bearer t k+é")
        #expect(
            Array(lines[5...]) == [
                "Content-Type: application/json", "Content-Length: 21", "", "{\"n\":\"a\\\"b\\\\c\\u000A\"}",
            ])
    }

    @Test("data rows are taken in turn")
    func rows() throws {
        func target(_ iteration: UInt64) throws -> String {
            let text = try render(
                { step in
                    step.target = Template(
                        segments: [.literal("/"), .variable(.data(set: 0, column: 0))], escaping: .url)
                }, iteration: iteration)
            return String(text.prefix { $0 != "\r\n" })
        }
        #expect(try target(0) == "GET /base/ann HTTP/1.1")
        #expect(try target(1) == "GET /base/b%2F%C3%B6%20%26 HTTP/1.1")
        #expect(try target(1_000_000_002) == "GET /base/ann HTTP/1.1")
    }

    @Test("a line break in a header's variable is refused, never sent")
    func injection() {
        #expect {
            try render(
                { step in
                    step.headers = [
                        Scenario.Header(
                            name: "X-Note", value: Template(segments: [.variable(.data(set: 0, column: 1))]))
                    ]
                }, iteration: 1)
        } throws: { error in
            (error as? StepProgram.RenderFailure)?.reason
                == "a variable puts a line break or another control character into the header X-Note"
        }
    }

    @Test(
        "user name and password are sent in base64",
        arguments: [
            ("", "", "Og=="), ("a", "", "YTo="), ("a", "b", "YTpi"),
            ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("ü", "~>?ÿ:", "w7w6fj4/w786"),
        ]
    )
    func basic(user: String, password: String, encoded: String) throws {
        let constant = try render { step in
            step.auth = .basic(
                user: Template(segments: [.literal(user)]), password: Template(segments: [.literal(password)]))
        }
        #expect(constant.contains("\r\nAuthorization: Basic \(encoded)\r\ntraceparent: "))
        let captured = try render(
            { step in
                step.auth = .basic(
                    user: Template(segments: [.literal(user)]),
                    password: Template(segments: [.variable(.captured("token"))]))
            }, captured: password)
        #expect(captured == constant)
    }

    @Test("tokens are sent as they are, and nothing that would end the header or the user name early")
    func bearer() throws {
        let token = Template(segments: [.variable(.captured("token"))])
        let text = try render({ $0.auth = .bearer(token) }, captured: "a.b-c_d==")
        #expect(text.contains("\r\nAuthorization: Bearer a.b-c_d==\r\ntraceparent: "))
        func reason(_ auth: Scenario.Auth, _ captured: String) -> String? {
            do {
                _ = try render({ $0.auth = auth }, captured: captured)
                return nil
            } catch {
                return (error as? StepProgram.RenderFailure)?.reason
            }
        }
        let control = "a variable puts a line break or another control character into the header Authorization"
        let password = Template(segments: [.literal("p")])
        #expect(reason(.bearer(token), "a\r\nB: c") == control)
        #expect(reason(.basic(user: token, password: password), "a\n") == control)
        #expect(reason(.basic(user: password, password: token), "a\n") == control)
        #expect(
            reason(.basic(user: token, password: password), "a:b")
                == "a variable puts a colon into the user name of Authorization")
    }

    @Test("a target that does not begin with a slash is refused")
    func target() {
        #expect {
            try render(
                { $0.target = Template(segments: [.variable(.captured("token"))], escaping: .url) }, captured: "/x")
        } throws: { error in
            (error as? StepProgram.RenderFailure)?.reason
                == "the target does not begin with a slash once its variables are filled in"
        }
    }

    @Test("steps that cannot be sent are refused before the load")
    func refused() {
        func reason(_ change: (inout Scenario.Step) -> Void) -> String? {
            do {
                _ = try render(change)
                return nil
            } catch {
                return (error as? LoadError)?.description
            }
        }
        let text = Template(segments: [.literal("x")])
        #expect(reason { $0.method = "G T" } == "step \"step\": \"G T\" is not a method")
        #expect(
            reason { $0.target = Template(segments: [.literal("/a b")], escaping: .url) }
                == "step \"step\": the target has a character a target cannot have"
        )
        #expect(
            reason { $0.headers = [Scenario.Header(name: "Content-Length", value: text)] }
                == "step \"step\": the header Content-Length is set by perfgate itself"
        )
        #expect(
            reason { $0.headers = [Scenario.Header(name: "A", value: Template(segments: [.literal("x\r\nB: y")]))] }
                == "step \"step\": the header A has a line break or another control character"
        )
        #expect(
            reason { $0.target = Template(segments: [.literal("/"), .variable(.captured("nobody"))], escaping: .url) }
                == "no earlier step of the flow captures \"nobody\""
        )
        #expect(
            reason { $0.target = Template(segments: [.variable(.data(set: 1, column: 0))], escaping: .url) }
                == "a template names column 0 of data set 1, which does not exist"
        )
    }

    @Test("reasons are bounded and free of control and direction characters")
    func reasons() {
        #expect(ReasonText.bounded("a\u{1B}[31m\r\n\u{202E}b") == "a\u{FFFD}[31m\u{FFFD}\u{FFFD}\u{FFFD}b")
        let long = ReasonText.bounded(String(repeating: "ä", count: 500))
        #expect(long.utf8.count <= 200)
        #expect(long.hasSuffix("ä…"))
    }

    @Test("numbers are written in digits", arguments: [0, 9, 10, 99, 100, 18_446_744_073_709_551_615] as [UInt64])
    func decimal(value: UInt64) {
        let buffer = RenderBuffer()
        buffer.append(decimal: value)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == "\(value)")
    }

    @Test("trace ids differ between exchanges, span ids between hops")
    func traces() {
        let traces = (0..<1000).map { TraceContext(seed: 9, exchange: $0, hop: 0) }
        #expect(Set(traces.map(\.traceID)).count > 990)
        #expect(TraceContext(seed: 9, exchange: 4, hop: 1).traceID == traces[4].traceID)
        #expect(TraceContext(seed: 9, exchange: 4, hop: 1).span != traces[4].span)
    }
}
