import HTTPWire
import Measures
import Plans
import Testing

@testable import LoadGen

/// Services that do not read what they are sent.
@Suite("Requests nobody reads") struct BacklogTests {
    @Test("a request that is answered before it was sent to its end takes its connection with it")
    func answeredEarly() async throws {
        var step = Scenario.Step.get("upload", "/")
        step.method = "POST"
        step.body = Scenario.Body(contentType: "text/plain", content: .bytes([UInt8](repeating: 0x61, count: 8 << 20)))
        let load = Load(
            executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(4), timeout: .seconds(10))
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let summary = try await RawServer.with([.read, .send(answer), .ignore]) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(step), target: try Endpoint("http://127.0.0.1:\(server.port)"), seed: 1
            ) { try await $0.run(.steady()) }
        }
        Bench.balance(summary)
        #expect(summary.total.completed == 4)
        #expect(summary.connectionsOpened == 4)
    }

    @Test("a service that asks for answers and does not read them is given up")
    func unreadAnswers() async throws {
        let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
        let head: [UInt8] = [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88]
        let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        let byte: [UInt8] = [0, 0, 1, 0, 0, 0, 0, 0, 1, 0x61]
        // Each brings its response forward in time, so that they are not frames without end for nothing.
        let flood = Array((0..<900).map { _ in ping }.joined()) + byte
        let load = Load(
            executor: .constantUsers(1), connections: 1, warmup: .zero, work: .requests(1), timeout: .seconds(30))
        let summary = try await RawServer.with([.take(33), .send(settings + head), .flood(flood)]) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("step", "/")),
                target: try Endpoint("http://127.0.0.1:\(server.port)"),
                connection: Service.Connection(httpVersion: .two), seed: 1
            ) { try await $0.run(.steady()) }
        }
        Bench.balance(summary)
        #expect(summary.total.reasons == ["the service does not read the answers it asks for"])
    }

    @Test("over HTTP/2, what a slow reader has not read yet keeps further requests back, and all are served")
    func slowReader() async throws {
        var step = Scenario.Step.get("upload", "/")
        step.method = "POST"
        step.body = Scenario.Body(contentType: "text/plain", content: .bytes([UInt8](repeating: 0x61, count: 1 << 20)))
        let load = Load(
            executor: .constantUsers(8), connections: 8, warmup: .zero, work: .requests(32), timeout: .seconds(60))
        // Windows larger than all bodies: only the connection itself holds bytes back.
        let window: [UInt8] = [0, 0, 4, 8, 0, 0, 0, 0, 0, 4, 0, 0, 0]
        let script: FrameServer.Script = { request in
            if request.number == 0 { return [.raw(window), .ok] }
            return request.has(":method: GET") || request.body.utf8.count == 1 << 20
                ? [.ok] : [.respond(500, [], "")]
        }
        let summary = try await FrameServer.with(settings: [(4, 0x7FFF_FFFF)], script) { server in
            try await LoadGenerator.withGenerator(
                load: load, scenario: .of(.get("look", "/"), step),
                target: try Endpoint("http://127.0.0.1:\(server.port)"),
                connection: Service.Connection(httpVersion: .two, streams: 8), seed: 1
            ) { try await $0.run(.steady()) }
        }
        Bench.balance(summary)
        #expect(summary.total.completed == 32)
        #expect(summary.total.failed == 0)
    }
}
