import TestSupport
import Testing

@testable import HTTPWire

#if canImport(Glibc)
    import Glibc
#endif

/// Agreement with an implementation that is not ours: the Python packages `h2` and `hpack`, which `ci/prepare test`
/// installs.
@Suite("Foreign HTTP/2 peers")
struct ForeignPeerTests {
    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// The lines the script printed, as words.
    private func run(_ arguments: [String], in folder: String) throws -> [[String]] {
        let script = Repository.root + "/Tests/Fixtures/http2/peer.py"
        let result = try Command(Repository.python, [script] + arguments, in: folder).wait()
        guard result.status == 0 else {
            throw Failed(
                description: "the Python package h2 is needed for this test, ci/prepare test installs it: "
                    + "\(Repository.python) ended with \(result.status)\n\(result.error)")
        }
        return result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    private func text(_ digits: Substring) -> String {
        digits == "-" ? "" : String(decoding: octets(String(digits)), as: UTF8.self)
    }

    private func fields(_ words: some Sequence<String>) -> [String] {
        words.map { word in
            let parts = word.split(separator: ":")
            return "\(text(parts[0])): \(text(parts[1]))"
        }
    }

    @Test("blocks of another encoder, with tables and Huffman codes, are read as it meant them", arguments: 1...3)
    func blocks(seed: Int) throws {
        let lines = try run(["blocks", "\(seed)", "400"], in: Scratch.folder("hpack"))
        #expect(lines.count == 400)
        let reader = BlockReader()
        var count = 0
        for line in lines {
            let read = try reader.fields(line[0] == "-" ? [] : octets(line[0]))
            #expect(read == fields(line.dropFirst()))
            count += read.count
        }
        #expect(count > 1_500)
    }

    @Test("a server that is strict takes the requests, and its answers are read whole")
    func conversation() throws {
        let folder = try Scratch.folder("h2")
        let peer = ScriptedPeer(slots: 20)
        var chunks: [[UInt8]] = []
        var first = HTTP2Session(slots: 20, isEncrypted: false)
        chunks.append(Array(first.output))
        first.wrote(first.output.count)
        let body = String(repeating: "0123456789abcdef", count: 5_000)
        for slot in 0..<20 {
            let text =
                slot % 3 == 0
                ? "POST /p\(slot) HTTP/1.1\r\nHost: h:8\r\nUser-Agent: perfgate\r\nX-A: b\r\nContent-Length: 80000\r\n\r\n\(body)"
                : "GET /p\(slot)?q=1 HTTP/1.1\r\nHost: h:8\r\nUser-Agent: perfgate\r\nConnection: close\r\n\r\n"
            #expect(peer.request(text, slot: slot) == .opened(stream: UInt32(slot * 2 + 1)))
        }
        var fed = 0
        var lines: [[String]] = []
        for turn in 0..<40 {
            chunks.append(Array(peer.session.output))
            peer.session.wrote(peer.session.output.count)
            // What a server says depends on what came before alone, so that each turn may begin again.
            let texts = chunks.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
            Scratch.write(texts.joined(separator: "\n") + "\n", to: folder + "/requests.txt")
            lines = try run(["serve"], in: folder)
            let sends = lines.filter { $0[0] == "sends" }.dropFirst(fed)
            fed += sends.count
            for line in sends where line[1] != "-" { peer.feed(octets(line[1])) }
            if peer.openStreams == 0, peer.session.output.isEmpty { break }
            #expect(turn < 39, "no end: \(peer.openStreams) streams are open")
        }
        for slot in 0..<20 {
            let stream = slot * 2 + 1
            let asked = try #require(lines.first { $0[0] == "asked" && $0[1] == "\(stream)" })
            let isPost = slot % 3 == 0
            let start = [
                ":method: \(isPost ? "POST" : "GET")", ":scheme: http", ":authority: h:8",
                ":path: /p\(slot)\(isPost ? "" : "?q=1")", "user-agent: perfgate",
            ]
            #expect(fields(asked.dropFirst(2)) == start + (isPost ? ["x-a: b", "content-length: 80000"] : []))
            let body = try #require(lines.first { $0[0] == "body" && $0[1] == "\(stream)" })
            #expect(body[2] == (isPost ? "80000" : "0"))
            if isPost { #expect(text(Substring(body[3])) == "0123456789abcdef") }
            let count = 1 + stream * stream * 20
            let answer = String(repeating: "\(stream)", count: count)
            let wanted = ["content-length: \(answer.utf8.count)", "x-stream: \(stream)"]
            #expect(peer.seen.contains(.head(slot, status: 200, wanted)))
            #expect(peer.seen.contains(.end(slot)))
            var received = ""
            for case .body(slot, let piece) in peer.seen { received += piece }
            #expect(received == answer)
        }
        #expect(lines.allSatisfy { $0[0] != "reset" })
        #expect(peer.failure == nil)
    }
}
