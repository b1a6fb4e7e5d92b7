import HTTPWire
import Plans
import Testing

@testable import LoadGen

@Suite("Bodies")
struct BodyTests {
    private static let data = [Scenario.DataSet(name: "d", columns: ["a"], rows: [["ann"], ["x\r\n--perfgate-"]])]

    private func program(_ body: Scenario.Body) throws -> StepProgram {
        var step = Scenario.Step.get("step", "/")
        step.method = "POST"
        step.body = body
        return try StepProgram(
            step, index: 0, endpoint: try Endpoint("http://h:1"), timeout: .seconds(1), slots: ["token": 0],
            data: try Self.data.map { try DataBytes($0, seed: 1) }
        )
    }

    /// The type that was sent, the length, and the body.
    private func render(
        _ program: StepProgram, iteration: UInt64 = 0, captured: [UInt8] = []
    ) throws -> (head: [String], body: [UInt8]) {
        let user = VirtualUser(index: 0, slots: 1)
        user.iteration = iteration
        captured.withUnsafeBytes { user.captures.set(0, $0) }
        let request = RenderBuffer()
        try program.render(
            into: request, scratch: RenderBuffer(), for: user, trace: TraceContext(seed: 1, exchange: 0, hop: 0),
            detour: nil, data: try Self.data.map { try DataBytes($0, seed: 1) })
        let bytes = Array(request.bytes)
        let end = try #require(bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) })
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        return (Array(head.dropFirst(4)), Array(bytes[(end + 4)...]))
    }

    @Test("a body of any bytes is sent as it is")
    func binary() throws {
        let all = (0...255).map { UInt8($0) } + [0x0D, 0x0A, 0xFF, 0xFE]
        let (head, body) = try render(program(.init(contentType: "image/png", content: .bytes(all))))
        #expect(head == ["Content-Type: image/png", "Content-Length: 260"])
        #expect(body == all)
    }

    private let form = Scenario.Body(
        contentType: "multipart/form-data",
        content: .form([
            .init(
                name: "a \"b\" é", filename: nil, contentType: nil,
                content: .text(Template(segments: [.literal("by "), .variable(.data(set: 0, column: 0))]))),
            .init(name: "c", filename: "p.png", contentType: "image/png", content: .bytes([0, 0xFF, 0x0D])),
            .init(name: "d", filename: nil, contentType: nil, content: .text(Template(segments: [.literal("")]))),
            .init(
                name: "e", filename: nil, contentType: "text/csv",
                content: .text(Template(segments: [.variable(.captured("token"))]))),
        ]))

    @Test("a form has its parts between boundaries, whatever they hold")
    func parts() throws {
        let program = try program(form)
        let (head, body) = try render(program, captured: [0x80, 0x0A])
        let prefix = "Content-Type: multipart/form-data; boundary=perfgate-"
        #expect(head[0].hasPrefix(prefix) && head[0].utf8.count == prefix.utf8.count + 16)
        let mark = "--perfgate-\(head[0].dropFirst(prefix.count))"
        var expected: [UInt8] = []
        expected += "\(mark)\r\nContent-Disposition: form-data; name=\"a %22b%22 é\"\r\n\r\nby ann\r\n".utf8
        expected += "\(mark)\r\nContent-Disposition: form-data; name=\"c\"; filename=\"p.png\"\r\n".utf8
        expected += "Content-Type: image/png\r\n\r\n".utf8
        expected += [0, 0xFF, 0x0D]
        expected += "\r\n\(mark)\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n\r\n".utf8
        expected += "\(mark)\r\nContent-Disposition: form-data; name=\"e\"\r\nContent-Type: text/csv\r\n\r\n".utf8
        expected += [0x80, 0x0A]
        expected += "\r\n\(mark)--\r\n".utf8
        #expect(body == expected)
        #expect(head[1] == "Content-Length: \(expected.count)")
        #expect(try render(self.program(form), captured: [0x80, 0x0A]).body == expected)
    }

    @Test("the boundary is found in no part, and a variable that brings it fails the exchange")
    func boundary() throws {
        func boundary(_ program: StepProgram) throws -> String {
            guard case .form(let form)? = program.body else { return "" }
            return form.boundary
        }
        let first = try boundary(program(form))
        let program = try program(form)
        #expect(try render(program, iteration: 1).body.count > 100)
        #expect {
            try render(program, captured: Array("x\(first)".utf8))
        } throws: { error in
            (error as? StepProgram.RenderFailure)?.reason
                == "a variable puts the boundary between the parts of the form into one of them"
        }
        let other = FormProgram.boundary(besides: [], from: 7)
        let next = FormProgram.boundary(besides: [Array("a\(other)b".utf8)], from: 7)
        #expect(next == FormProgram.boundary(besides: [], from: 8))
        #expect(next != other)
    }
}
