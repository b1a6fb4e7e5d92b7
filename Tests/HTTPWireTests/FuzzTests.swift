import Measures
import TestSupport
import Testing

@testable import HTTPWire

/// Inputs that broke something once, or might have, and others made from them at random.
@Suite("Fuzzed streams")
struct FuzzTests {
    @Test("inputs of HTTP/1.1 are read the same however they are cut", arguments: Corpus.names("HTTP1"))
    func http1(name: String) throws {
        #expect(HTTP1Exercise.problem(try Corpus.bytes("HTTP1", name)) == nil)
    }

    @Test("inputs of HTTP/2 are read the same however they are cut", arguments: Corpus.names("HTTP2"))
    func http2(name: String) throws {
        #expect(HTTP2Exercise.problem(try Corpus.bytes("HTTP2", name)) == nil)
    }

    @Test("inputs made from the corpus at random are, too", arguments: 0..<4 as Range<UInt64>)
    func made(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        // The large ones are for the limits, which small changes do not move.
        let http1 = try Corpus.all("HTTP1").filter { $0.count < 2000 }
        let http2 = try Corpus.all("HTTP2").filter { $0.count < 2000 }
        for _ in 0..<700 {
            let input = Corpus.made(from: http1, &random)
            #expect(HTTP1Exercise.problem(input) == nil, "\(input)")
        }
        for _ in 0..<100 {
            let input = Corpus.made(from: http2, &random)
            #expect(HTTP2Exercise.problem(input) == nil, "\(input)")
        }
    }

    @Test("there is a corpus") func thereIsACorpus() {
        #expect(Corpus.names("HTTP1").count >= 20)
        #expect(Corpus.names("HTTP2").count >= 6)
    }
}
