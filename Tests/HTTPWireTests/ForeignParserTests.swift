import Measures
import TestSupport
import Testing

@testable import HTTPWire

@Suite("Responses, compared with a parser that is not ours")
struct ForeignParserTests {
    /// A response made at random.
    private struct Made {
        var bytes: [UInt8] = []
        var isHead = false
        /// Whether it has no body although nothing in its head says so.
        var isSilent = false
        /// Whether the end of the stream is its end.
        var closes = false
    }

    /// What our parser makes of a stream, and after how many bytes the response ends.
    private static func understand(
        _ bytes: [UInt8], isHead: Bool, closes: Bool
    ) -> (response: Understood, end: Int, toClose: Bool)? {
        var parser = ResponseParser()
        parser.begin(isHeadRequest: isHead)
        var body: [UInt8] = []
        let progress = bytes.withUnsafeBytes { raw in try? parser.feed(raw) { body.append(contentsOf: $0) } }
        var end = bytes.count
        let toClose = parser.state == .bodyToClose
        switch progress {
        case .complete(let consumed): end = consumed
        case .incomplete:
            guard closes, (try? parser.finish()) != nil else { return nil }
        case nil: return nil
        }
        var fields: [String] = []
        parser.forEachField { name, value in
            fields.append("\(String(decoding: name, as: UTF8.self)): \(String(decoding: value, as: UTF8.self))")
        }
        let response = Understood(status: parser.status, fields: fields, body: body, keepsAlive: parser.keepsAlive)
        return (response, end, toClose)
    }

    // MARK: - Making responses

    private static func pick<T>(_ choices: [T], _ random: inout SeededGenerator) -> T {
        choices[random.below(choices.count)]
    }

    private static func field(_ random: inout SeededGenerator) -> String {
        let name = pick(["X-A", "x-b", "Date", "ETag", "Set-Cookie", "a!#$%&'*+-.^_`|~9", "Vary", "Server"], &random)
        let value = pick(
            ["", "1", "a, b", "  spaced\t ", "\"quoted\"", "a=b; Path=/", "é", "x:y:z", "tab\tinside"], &random)
        return "\(name):\(pick(["", " ", "\t ", "  "], &random))\(value)\r\n"
    }

    private static func made(_ random: inout SeededGenerator, extensions: [String]) -> Made {
        var result = Made()
        var text = ""
        for _ in 0..<[0, 0, 0, 1, 3][random.below(5)] {
            text += "HTTP/1.1 \(pick(["100 Continue", "102 X", "103 Early Hints"], &random))\r\n"
            for _ in 0..<random.below(3) { text += field(&random) }
            text += "\r\n"
        }
        let status = pick([200, 200, 200, 201, 204, 206, 304, 301, 400, 404, 500, 503, 299, 599], &random)
        let isOld = random.below(6) == 0
        result.isHead = random.below(5) == 0
        text += "HTTP/1.\(isOld ? 0 : 1) \(status) \(pick(["OK", "", "Not Found", "a b  c"], &random))\r\n"
        for _ in 0..<random.below(5) { text += field(&random) }
        if random.below(3) == 0 {
            text += "Connection: \(pick(["close", "keep-alive", "Close", "Keep-Alive", "x, close"], &random))\r\n"
        }
        let content = (0..<random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let isBodiless = result.isHead || status == 204 || status == 304
        var body: [UInt8] = []
        result.isSilent = isBodiless
        switch random.below(isOld ? 2 : 3) {
        case 0:
            text += "Content-Length: \(content.count)\r\n"
            result.isSilent = false
            body = content
        case 1:
            result.closes = !isBodiless
            body = content
        default:
            text += "\(pick(["Transfer-Encoding", "transfer-encoding"], &random)): chunked\r\n"
            result.isSilent = false
            body = chunked(content, extensions, &random)
        }
        for _ in 0..<random.below(3) { text += field(&random) }
        result.bytes = Array((text + "\r\n").utf8) + (isBodiless ? [] : body)
        return result
    }

    private static func chunked(_ content: [UInt8], _ extensions: [String], _ random: inout SeededGenerator) -> [UInt8]
    {
        var result: [UInt8] = []
        var rest = content[...]
        func line(_ count: Int) -> [UInt8] {
            let digits = String(count, radix: 16, uppercase: random.below(2) == 0)
            let zeros = String(repeating: "0", count: random.below(3))
            return Array((zeros + digits + pick(extensions, &random) + "\r\n").utf8)
        }
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(20))
            result += line(piece.count) + piece + Array("\r\n".utf8)
            rest = rest.dropFirst(piece.count)
        }
        result += line(0)
        for _ in 0..<random.below(3) { result += Array(field(&random).utf8) }
        return result + Array("\r\n".utf8)
    }

    // MARK: - Agreement

    @Test("of valid responses both understand the same", arguments: 0..<4 as Range<UInt64>)
    func valid(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var closed = 0
        for _ in 0..<600 {
            let made = Self.made(&random, extensions: ["", "", ";a", ";a=b", ";a=\"b c\"", ";a;b=c"])
            let shown = String(decoding: made.bytes, as: UTF8.self).debugDescription
            let ours = Self.understand(made.bytes, isHead: made.isHead, closes: made.closes)
            var theirs = ForeignParser.understand(made.bytes, isHead: made.isHead, closes: made.closes)
            if ours?.toClose == true {
                // The end of the stream as that of a body is not counted by theirs as one of the connection.
                theirs?.keepsAlive = false
                closed += 1
            } else if made.isSilent {
                // Theirs keeps no connection after a head that says nothing of a body, also where there is none.
                theirs?.keepsAlive = ours?.response.keepsAlive ?? false
            }
            #expect(ours != nil && ours?.end == made.bytes.count, "\(shown)")
            #expect(ours?.response == theirs, "\(shown)")
        }
        // Each way to end a body is common.
        #expect(closed > 60)
    }

    @Test("of others, nothing is taken for a response that the other refuses, or ends elsewhere")
    func invalid() {
        var random = SeededGenerator(seed: 9112)
        var accepted = 0
        var refused = 0
        for _ in 0..<6000 {
            // What extensions look like has no part in framing, and theirs is stricter than the standard.
            var made = Self.made(&random, extensions: [""])
            Self.damage(&made.bytes, &random)
            guard let ours = Self.understand(made.bytes, isHead: made.isHead, closes: made.closes) else {
                refused += 1
                continue
            }
            let message = Array(made.bytes[..<ours.end])
            let shown = String(decoding: message, as: UTF8.self)
            // To theirs a connection ends with an interim response of HTTP/1.0.
            if shown.contains("HTTP/1.0 1") { continue }
            accepted += 1
            let theirs = ForeignParser.understand(
                Self.plain(message), isHead: made.isHead, closes: ours.toClose)
            #expect(theirs?.status == ours.response.status, "\(shown.debugDescription)")
            #expect(theirs?.body == ours.response.body, "\(shown.debugDescription)")
        }
        // Both are common, or the test looks at one only.
        #expect(accepted > 600)
        #expect(refused > 600)
    }

    /// The same response without what the standard lets pass and theirs does not: a tab after a field's value, and the
    /// same length once more.
    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        let end = bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) } ?? bytes.endIndex
        var lengths: Set<[UInt8]> = []
        var lines = bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            var line = line.last == 0x0D ? line.dropLast() : line
            while line.last == 0x20 || line.last == 0x09 { line = line.dropLast() }
            return Array(line)
        }
        lines.removeAll { line in
            let text = String(decoding: line, as: UTF8.self).lowercased().filter { $0 != " " && $0 != "\t" }
            return text.hasPrefix("content-length:") && !lengths.insert(Array(text.utf8)).inserted
        }
        return Array(lines.joined(separator: "\r\n".utf8)) + bytes[end...]
    }

    /// Changes some bytes, mostly those that framing is made of.
    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let special = Array("\r\n\0 :,0159afx\t-+=\"".utf8) + [0x7F, 0x80, 0xFF]
        let lines = [
            "Content-Length: 3\r\n", "Content-Length: +1\r\n", "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n", " folded\r\n",
            "Content-Length : 1\r\n",
            "Transfer-Encoding:\r\n", "Content-Length: 1,1\r\n",
        ]
        for _ in 0...random.below(2) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes[place] = pick(special, &random)
            case 1: bytes.insert(pick(special, &random), at: place)
            case 2: bytes.remove(at: place)
            case 3:
                // At the beginning of a line, where it can become a field.
                let ends = bytes.indices.filter { bytes[$0] == 0x0A }
                guard !ends.isEmpty else { continue }
                bytes.insert(contentsOf: pick(lines, &random).utf8, at: pick(ends, &random) + 1)
            default: bytes.insert(contentsOf: bytes[place...].prefix(random.below(20)), at: place)
            }
        }
    }
}
