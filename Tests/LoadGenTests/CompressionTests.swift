import CZlib
import Measures
import Plans
import Testing

@testable import LoadGen

@Suite("Compressed responses")
struct CompressionTests {
    /// `bits`: 31 is gzip, 15 is deflate in its frame, -15 without.
    static func compressed(_ bytes: [UInt8], bits: Int32 = 31) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let count = output.count
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(count)
                _ = deflate(&stream, Z_FINISH)
            }
        }
        return Array(output.prefix(count - Int(stream.avail_out)))
    }

    private static let text = Array(#"{"state":"accepted","id":471}"#.utf8)
    private static let whole = compressed(text)

    /// What the decoder makes of bytes that come in pieces of a size.
    private func decoded(
        _ bytes: [UInt8], _ coding: BodyDecoder.Coding = .gzip, limit: UInt64 = 1 << 20, pieces: Int = .max,
        with decoder: BodyDecoder = BodyDecoder()
    ) -> (bytes: [UInt8], failure: String?) {
        var result: [UInt8] = []
        decoder.begin(coding, limit: limit)
        var rest = bytes[...]
        while !rest.isEmpty {
            rest.prefix(pieces).withUnsafeBytes { decoder.feed($0) { result.append(contentsOf: $0) } }
            rest = rest.dropFirst(pieces)
        }
        return (result, decoder.failure())
    }

    @Test("bodies are decoded however they are cut", arguments: [1, 2, 7, 1000])
    func cuts(pieces: Int) {
        var generator = SeededGenerator(seed: 3)
        let long = (0..<200_000).map { _ in UInt8.random(in: 0...15, using: &generator) }
        let decoder = BodyDecoder()
        for (bytes, bits) in [(Self.text, 31 as Int32), (long, 31), ([], 31), (long, 15), (Self.text, 15)] {
            let coding: BodyDecoder.Coding = bits == 31 ? .gzip : .deflate
            let (result, failure) = decoded(Self.compressed(bytes, bits: bits), coding, pieces: pieces, with: decoder)
            #expect(failure == nil)
            #expect(result == bytes)
            #expect(decoder.count == UInt64(bytes.count))
        }
        let members = Self.whole + Self.compressed([]) + Self.whole
        #expect(decoded(members, pieces: pieces, with: decoder).bytes == Self.text + Self.text)
        #expect(decoded(members, pieces: pieces, with: decoder).failure == nil)
    }

    @Test("what is not one whole and sound body is a failure with its reason")
    func failures() {
        let decoder = BodyDecoder()
        func failure(_ bytes: [UInt8], _ coding: BodyDecoder.Coding = .gzip) -> String? {
            decoded(bytes, coding, with: decoder).failure
        }
        #expect(failure([]) == nil)
        for count in 1..<Self.whole.count {
            #expect(failure(Array(Self.whole.prefix(count))) == "the gzip body is cut short", "\(count)")
        }
        var sum = Self.whole
        sum[sum.count - 8] ^= 1
        #expect(failure(sum) == "the gzip body cannot be decoded: incorrect data check")
        var length = Self.whole
        length[length.count - 1] ^= 1
        #expect(failure(length) == "the gzip body cannot be decoded: incorrect length check")
        #expect(failure(Self.whole + [0]) == "bytes follow the end of the gzip body")
        #expect(failure(Self.whole + [0x1F]) == "the gzip body is cut short")
        #expect(failure(Self.text) == "the gzip body cannot be decoded: incorrect header check")
        let zlib = Self.compressed(Self.text, bits: 15)
        #expect(failure(zlib + zlib, .deflate) == "bytes follow the end of the deflate body")
        #expect(failure(zlib) == "the gzip body cannot be decoded: incorrect header check")
        let raw = Self.compressed(Self.text, bits: -15)
        #expect(failure(raw, .deflate) == "the deflate body cannot be decoded: incorrect header check")
        #expect(failure(Self.whole) == nil)
    }

    @Test("of a bomb no more is decoded than the limit")
    func bomb() {
        let bytes = Self.compressed([UInt8](repeating: 0, count: 8 << 20))
        #expect(bytes.count < 10_000)
        let decoder = BodyDecoder()
        let (result, failure) = decoded(bytes, limit: 100_000, pieces: 100, with: decoder)
        #expect(failure == "the decoded body is larger than 100000 bytes")
        #expect(result.count <= 100_000)
        #expect(decoder.count <= 100_000 + 16 * 1024)
        #expect(decoded(bytes, limit: 8 << 20).failure == nil)
        #expect(decoded(bytes, limit: 8 << 20 - 1).failure == "the decoded body is larger than 8388607 bytes")
    }

    @Test("mutated bodies are answered", arguments: 0..<4 as Range<UInt64>)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let decoder = BodyDecoder()
        var failures = 0
        for _ in 0..<500 {
            var bytes = Self.whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let pieces = Int.random(in: 1...40, using: &generator)
            let (result, failure) = decoded(bytes, limit: 1000, pieces: pieces, with: decoder)
            #expect(result.count <= 1000)
            if failure == nil { #expect(result == Self.text) } else { failures += 1 }
        }
        #expect(failures > 300)
    }

    /// What came of requests that were answered with the bytes, in one piece or in chunks of three bytes.
    private func run(
        _ change: (inout Scenario.Step) -> Void, encoding: String, _ body: [UInt8], chunked: Bool = false
    ) async throws -> StepSummary {
        var step = Scenario.Step.get("step", "/", checks: [.json(path: .keys("id"), equals: .number(471))])
        step.isCompressed = true
        change(&step)
        let asks = step.isCompressed
        return try await Bench.run(Bench.closed, .of(step)) { request in
            let isAsked = request.head.contains("\r\nAccept-Encoding: gzip, deflate\r\n")
            guard isAsked == asks else { return [.respond(500)] }
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\n"
            if !chunked {
                return [.send(head + "Content-Length: \(body.count)\r\n\r\n"), .sendBytes(body)]
            }
            var actions: [ScriptedServer.Action] = [.send(head + "Transfer-Encoding: chunked\r\n\r\n")]
            for start in stride(from: 0, to: body.count, by: 3) {
                let piece = body[start..<min(start + 3, body.count)]
                actions.append(.sendBytes(Array("\(piece.count)\r\n".utf8) + piece + Array("\r\n".utf8)))
            }
            return actions + [.send("0\r\n\r\n")]
        }.total
    }

    @Test("checks, captures and sizes see the decoded body")
    func decoding() async throws {
        let size = UInt64(Self.text.count)
        func looks(_ step: inout Scenario.Step) throws {
            step.checks += [.size(minimum: size, maximum: size), .bodyMatches(try Pattern("acce.ted"))]
            step.captures = [.init(variable: "id", source: .pattern(try Pattern("\\d+")))]
        }
        let deflated = Self.compressed(Self.text, bits: 15)
        for (encoding, body) in [("gzip", Self.whole), ("x-gzip, identity", Self.whole), ("Deflate", deflated)] {
            for chunked in [false, true] {
                let total = try await run({ try? looks(&$0) }, encoding: encoding, body, chunked: chunked)
                #expect(total.completed == 20, "\(encoding) \(total.reasons)")
            }
        }
        #expect(try await run({ _ in }, encoding: "identity", Self.text).completed == 20)
    }

    @Test("a body that is not what it says fails, also where nothing looks at it")
    func unsound() async throws {
        func reasons(
            _ encoding: String, _ body: [UInt8], _ change: (inout Scenario.Step) -> Void = { _ in }
        ) async throws -> [String] {
            try await run(change, encoding: encoding, body).reasons
        }
        let cut = Array(Self.whole.dropLast())
        #expect(try await reasons("gzip", cut) == ["the gzip body is cut short"])
        #expect(try await reasons("gzip", cut) { $0.checks = [] } == ["the gzip body is cut short"])
        #expect(try await reasons("gzip", cut) { $0.redirects = 1 } == ["the gzip body is cut short"])
        #expect(
            try await reasons("br", Self.text)
                == ["the body is encoded with \"br\", and only gzip or deflate is decoded"])
        #expect(
            try await reasons("gzip, gzip", Self.whole)
                == ["the body is encoded with \"gzip, gzip\", and only gzip or deflate is decoded"])
        #expect(try await reasons("br", Self.text) { $0.checks = [] } == [])
        let unasked = ["the body is encoded with \"gzip\" although the step accepts no encoding"]
        #expect(try await reasons("gzip", Self.whole) { $0.isCompressed = false } == unasked)
        #expect(
            try await reasons("gzip", Self.whole) {
                $0.isCompressed = false
                $0.checks = [.size(minimum: nil, maximum: 1000)]
            } == unasked)
        let bomb = Self.compressed([UInt8](repeating: 0x20, count: 2 << 20))
        #expect(try await reasons("gzip", bomb) == ["the decoded body is larger than 1048576 bytes"])
        #expect(try await reasons("gzip", bomb) { $0.checks = [.size(minimum: 2 << 20, maximum: 2 << 20)] } == [])
    }

    @Test("what has no body has nothing to decode")
    func empty() async throws {
        var head = Scenario.Step.get("head", "/")
        head.method = "HEAD"
        head.isCompressed = true
        var own = Scenario.Step.get("own", "/own", checks: [.bodyContains(Template(segments: [.literal("471")]))])
        own.headers = [.init(name: "accept-encoding", value: Template(segments: [.literal("gzip")]))]
        let whole = Self.whole
        let summary = try await Bench.run(Bench.closed, .of(head, own)) { request in
            let fields = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(whole.count)\r\n\r\n"
            return request.line.hasPrefix("HEAD") ? [.send(fields)] : [.send(fields), .sendBytes(whole)]
        }
        #expect(summary.steps.map(\.completed) == [10, 10])
    }
}
