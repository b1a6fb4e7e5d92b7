import HTTPWire
import Measures
import Testing

@Suite("Splitting")
struct SplittingTests {
    private static let corpus = [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nD: x\r\n\r\nHT",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok!",
        "HTTP/1.1 200 OK\r\nX: y\r\n\r\nuntil the end",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabX\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
    ]

    @Test("the outcome does not depend on where the bytes are cut", arguments: corpus)
    func everyCut(text: String) {
        let bytes = Array(text.utf8)
        let whole = Parsed.parse(bytes, closes: true)
        for cut in 0...bytes.count { #expect(Parsed.parse(bytes, cuts: [cut], closes: true) == whole) }
        #expect(Parsed.parse(bytes, cuts: Array(0..<bytes.count), closes: true) == whole)
    }

    @Test("mutated responses never trap and are read the same in one piece and byte by byte")
    func mutations() {
        var random = SeededGenerator(seed: 20_260_101)
        let interesting = Array("\r\n\0 :;,0159afHT\u{7F}\t-".utf8) + [0xFF, 0x80]
        for round in 0..<6_000 {
            var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
            for _ in 0...Int(random.next() % 4) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = interesting[Int(random.next() % UInt64(interesting.count))]
                case 1: bytes.insert(interesting[Int(random.next() % UInt64(interesting.count))], at: place)
                case 2: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            let whole = Parsed.parse(bytes, closes: true)
            let single = Parsed.parse(bytes, cuts: Array(0..<bytes.count), closes: true)
            #expect(single == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}
