@testable import HTTPWire

/// What must hold of the parser of HTTP/1.1 whatever the bytes are; for the tests and for `ci/fuzz`.
enum HTTP1Exercise {
    /// What a parser made of a stream.
    private struct Outcome: Equatable {
        var status = 0
        var fields: [[UInt8]] = []
        var body: [UInt8] = []
        var keepsAlive = false
        var consumed: Int?
        var failure: WireError?
    }

    /// What does not hold, nil where all does.
    ///
    /// The first byte says how the rest is read: bit 0 for an answer to HEAD, bit 1 for a stream that ends, bit 2 for a
    /// small limit of the body.
    static func problem(_ input: [UInt8]) -> String? {
        guard let how = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        var problem: String?
        let (whole, difference) = Cuts.compared(bytes) { outcome(how, bytes, cuts: $0, &problem) }
        problem = problem ?? difference
        if let failure = whole.failure, failure.position > UInt64(bytes.count) {
            problem = problem ?? "the failure's place lies outside"
        }
        return problem
    }

    private static func outcome(_ how: UInt8, _ bytes: [UInt8], cuts: [Int], _ problem: inout String?) -> Outcome {
        let limits = ResponseParser.Limits(bodyBytes: how & 4 == 0 ? nil : 16)
        var parser = ResponseParser(limits: limits)
        parser.begin(isHeadRequest: how & 1 != 0)
        var outcome = Outcome()
        var start = 0
        do throws(WireError) {
            for end in cuts + [bytes.count] where outcome.consumed == nil {
                let before = outcome.body.count
                let progress = try feed(&parser, bytes[start..<end], &outcome.body)
                if parser.response.bytes.count > limits.headBytes || parser.fieldCount > limits.fieldCount
                    || parser.line.count > max(limits.chunkLineBytes, limits.trailerBytes)
                {
                    problem = "the parser holds more than its limits"
                }
                if outcome.body.count - before > end - start { problem = "the body has more bytes than came" }
                if case .complete(let consumed) = progress { outcome.consumed = start + consumed }
                start = end
            }
            if outcome.consumed == nil, how & 2 != 0 {
                try parser.finish()
                outcome.consumed = bytes.count
            }
        } catch {
            // What was delivered ahead of a failure may depend on the cuts, as it is thrown away.
            return Outcome(failure: error)
        }
        if UInt64(outcome.body.count) != parser.bodyBytes { problem = "the body's bytes are miscounted" }
        if outcome.body.count > limits.bodyBytes.map(Int.init) ?? .max { problem = "the body is beyond its limit" }
        if outcome.consumed != nil {
            outcome.status = parser.status
            outcome.keepsAlive = parser.keepsAlive
            parser.forEachField { outcome.fields += [Array($0), Array($1)] }
        }
        return outcome
    }

    static func feed(
        _ parser: inout ResponseParser, _ bytes: ArraySlice<UInt8>, _ body: inout [UInt8]
    ) throws(WireError) -> ResponseParser.Progress {
        let result: Result<ResponseParser.Progress, WireError> = bytes.withUnsafeBytes { raw in
            do throws(WireError) {
                return .success(try parser.feed(raw) { body.append(contentsOf: $0) })
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// Places to cut bytes at, which depend on nothing but the bytes.
enum Cuts {
    /// What the bytes come to uncut, and in words where cutting them makes it something else.
    static func compared<Outcome: Equatable>(
        _ bytes: [UInt8], _ outcome: (_ cuts: [Int]) -> Outcome
    ) -> (whole: Outcome, difference: String?) {
        let whole = outcome([])
        if outcome(Array(0..<bytes.count)) != whole { return (whole, "byte by byte it is read differently") }
        let cuts = of(bytes)
        return (whole, outcome(cuts) == whole ? nil : "cut at \(cuts) it is read differently")
    }

    static func of(_ bytes: [UInt8]) -> [Int] {
        var state = bytes.reduce(UInt64(bytes.count) | 1) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return (0..<min(5, bytes.count)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bytes.count
        }.sorted()
    }
}
