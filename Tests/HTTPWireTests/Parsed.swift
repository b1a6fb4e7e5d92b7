import HTTPWire

/// What a parser made of a response, comparable as a whole.
enum Parsed: Equatable {
    case response(status: Int, body: String, rest: Int, keepsAlive: Bool)
    case incomplete
    case failed(WireError)

    /// Feeds the bytes in pieces that end at the given offsets, then ends the stream if `closes`.
    static func parse(
        _ bytes: [UInt8], cuts: [Int] = [], isHead: Bool = false, closes: Bool = false,
        limits: ResponseParser.Limits = ResponseParser.Limits()
    ) -> Parsed {
        var parser = ResponseParser(limits: limits)
        parser.begin(isHeadRequest: isHead)
        var body: [UInt8] = []
        var start = 0
        do throws(WireError) {
            for end in cuts + [bytes.count] {
                let progress = try HTTP1Exercise.feed(&parser, bytes[start..<end], &body)
                if case .complete(let consumed) = progress {
                    return response(parser, body, rest: bytes.count - start - consumed)
                }
                start = end
            }
            guard closes else { return .incomplete }
            try parser.finish()
            return response(parser, body, rest: 0)
        } catch {
            return .failed(error)
        }
    }

    static func parse(
        _ text: String, isHead: Bool = false, closes: Bool = false,
        limits: ResponseParser.Limits = ResponseParser.Limits()
    ) -> Parsed {
        parse(Array(text.utf8), isHead: isHead, closes: closes, limits: limits)
    }

    private static func response(_ parser: ResponseParser, _ body: [UInt8], rest: Int) -> Parsed {
        .response(
            status: parser.status, body: String(decoding: body, as: UTF8.self), rest: rest,
            keepsAlive: parser.keepsAlive
        )
    }
}
