import HTTPWire
import Plans
import TestSupport
import Testing

@testable import Gate

/// One request as it is typed on the command line.
@Suite struct SingleRequestTests {
    private static let load = Load(
        executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(1), timeout: .seconds(1))

    private func request(
        _ url: String = "http://h:81/a?b={{c}}", method: String? = nil, headers: [String] = [], body: String? = nil
    ) throws -> LoadRequest {
        try LoadRequest(
            SingleRequest(
                url: url, method: method, headers: headers, body: body.map { SingleRequest.body(text: $0) }),
            load: Self.load, connection: Service.Connection(), seed: 7, tool: "0.1.0")
    }

    private func step(of request: LoadRequest) throws -> Scenario.Step {
        try #require(request.scenario.flows.first?.steps.first)
    }

    @Test func theAddressIsTakenApartAndNothingIsFilledIn() throws {
        let request = try request()
        #expect(request.endpoint.hostField == "h:81")
        #expect(request.endpoint.path == "")
        let step = try step(of: request)
        #expect(step.name == "GET /a?b={{c}}")
        #expect(step.target.segments == [.literal("/a?b={{c}}")])
        #expect(step.body == nil)
        #expect(step.redirects == 0)
    }

    @Test func methods() throws {
        #expect(try step(of: request(body: "x")).method == "POST")
        #expect(try step(of: request(method: "put", body: "x")).method == "PUT")
        #expect(try step(of: request(method: "HEAD")).method == "HEAD")
    }

    @Test func headers() throws {
        let step = try step(of: request(headers: ["Host: example.test", "X-Empty:", "X-Colon:a: b"]))
        #expect(step.headers.map(\.name) == ["Host", "X-Empty", "X-Colon"])
        #expect(step.headers.map(\.value.segments) == [[.literal("example.test")], [], [.literal("a: b")]])
    }

    @Test(arguments: [
        ("no colon", "--header: \"no colon\" has no colon; write it as 'Name: value'"),
        ("a b: c", "--header: \"a b\" is not the name of a header"),
        (": c", "--header: \"\" is not the name of a header"),
        ("Content-Length: 3", "--header: Content-Length is set by perfgate itself"),
        ("TraceParent: 3", "--header: TraceParent is set by perfgate itself"),
        ("Connection: close", "--header: Connection is set by perfgate itself"),
        ("X: a\r\nY: b", "--header: X has a line break or another control character"),
    ])
    func headersThatCannotBeSent(text: String, sentence: String) {
        expect(sentence) { try request(headers: [text]) }
    }

    @Test func requestsThatCannotBeSent() {
        expect("the header x-a is given twice") { try request(headers: ["X-A: 1", "x-a: 2"]) }
        expect("--method: \"G T\" is not a method") { try request(method: "G T") }
        expect("--method: CONNECT is for proxies") { try request(method: "connect") }
        expect("a GET request has no body; use --method POST, PUT, PATCH or DELETE") {
            try request(method: "get", body: "x")
        }
        expect("\"ftp://h\" is not an http address: write it as http://host:port or https://host:port") {
            try request("ftp://h/")
        }
        expect("\"http://h/#x\" has a fragment, which is never sent; leave out what begins with #") {
            try request("http://h/#x")
        }
    }

    @Test func aBodyOfAFileIsItsBytes() throws {
        expect("--body-file: \(#filePath)x: No such file or directory") {
            _ = try SingleRequest.body(file: #filePath + "x")
        }
        let file = try Scratch.folder("body") + "/bytes"
        try Files.write([0x00, 0xFF, 0x7B, 0x7B, 0x0A], to: file)
        let body = try SingleRequest.body(file: file)
        #expect(body.content == .bytes([0x00, 0xFF, 0x7B, 0x7B, 0x0A]))
        #expect(body.contentType == "application/octet-stream")
    }

    private func expect(
        _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
    ) {
        let error = #expect(throws: GateError.self, sourceLocation: sourceLocation) { _ = try body() }
        #expect(error?.message == sentence, sourceLocation: sourceLocation)
        #expect(error?.exitStatus == 64, sourceLocation: sourceLocation)
    }
}
