import Measures
import TestSupport
import Testing

@testable import HTTPWire

@Suite("HTTP/2 splitting")
struct HTTP2SplittingTests {
    private static let long = String(repeating: "l", count: 700)

    /// What peers say to three requests, on streams 1, 3 and 5.
    private static let corpus: [[UInt8]] = [
        WireFrame.settings((3, 100)) + WireFrame.head(1, "200", "content-length: 5") + WireFrame.head(3, "404")
            + WireFrame.data(1, "hello", ends: true) + WireFrame.data(3, "gone") + WireFrame.data(3, "", ends: true),
        WireFrame.settings((4, 1000)) + WireFrame.bytes(4, 1, 0, []) + WireFrame.window(0, 70_000)
            + WireFrame.head(1, "100") + WireFrame.bytes(1, 0, 1, [0x88]) + WireFrame.bytes(9, 0, 1, [])
            + WireFrame.bytes(9, 4, 1, WireFrame.literal("a", long, pattern: 0x40)) + WireFrame.window(5, 1)
            + WireFrame.data(1, "x") + WireFrame.bytes(1, 5, 1, [0xBE]) + WireFrame.reset(3, .refusedStream),
        WireFrame.settings() + WireFrame.bytes(1, 0x2C, 5, [2, 0, 0, 0, 0, 1, 0x88, 0, 0])
            + WireFrame.bytes(0, 8, 5, [3, 0x61, 0x62, 0, 0, 0]) + WireFrame.bytes(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])
            + WireFrame.bytes(0xEE, 1, 3, [1, 2, 3]) + WireFrame.goAway(5, .noError)
            + WireFrame.goAway(1, .internalError) + WireFrame.head(1, ends: true),
        WireFrame.settings() + WireFrame.bytes(1, 4, 1, [0x88, 0x58] + [0x85, 0xAE, 0xC3, 0x77, 0x1A, 0x4B])
            + WireFrame.bytes(1, 5, 3, [0x88, 0xBE]) + WireFrame.data(1, "body", ends: true)
            + WireFrame.head(5, "200", "content-length: 2") + WireFrame.data(5, "abc") + WireFrame.data(5, "late"),
        WireFrame.settings() + WireFrame.head(1, "200", "Bad: x") + WireFrame.data(1, "late", ends: true)
            + WireFrame.head(3) + WireFrame.bytes(0, 9, 3, [9, 0]) + WireFrame.head(5),
        Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
    ]

    private func outcome(_ bytes: [UInt8], cuts: [Int] = []) -> (seen: [Seen], written: [UInt8], peer: ScriptedPeer) {
        let peer = ScriptedPeer()
        for slot in 0..<3 { peer.request("POST /\(slot) HTTP/1.1\r\nHost: h\r\n\r\n\(Self.long)", slot: slot) }
        peer.feed(bytes, cuts: cuts)
        return (peer.seen, Array(peer.session.output), peer)
    }

    @Test("the outcome does not depend on where the bytes are cut", arguments: corpus.indices)
    func everyCut(index: Int) {
        let bytes = Self.corpus[index]
        let whole = outcome(bytes)
        #expect(whole.seen.count >= (index == 5 ? 1 : 4))
        for cut in 0...bytes.count {
            let (seen, written, _) = outcome(bytes, cuts: [cut])
            #expect(seen == whole.seen, "cut at \(cut)")
            #expect(written == whole.written, "cut at \(cut)")
        }
        let (seen, written, _) = outcome(bytes, cuts: Array(0..<bytes.count))
        #expect(seen == whole.seen)
        #expect(written == whole.written)
    }

    @Test("mutated frames never trap, stay within bounds and are read the same in one piece and byte by byte")
    func mutations() {
        var random = SeededGenerator(seed: 20_260_909)
        var broken = 0
        for round in 0..<3_000 {
            var bytes = Self.corpus[round % (Self.corpus.count - 1)]
            for _ in 0...random.below(4) where !bytes.isEmpty {
                let place = random.below(bytes.count)
                let byte = UInt8(truncatingIfNeeded: random.next())
                switch random.below(6) {
                case 0: bytes[place] = byte
                case 1: bytes[place] ^= 1 << UInt8(random.below(8))
                case 2: bytes.insert(byte, at: place)
                case 3: bytes.remove(at: place)
                case 4: bytes.insert(contentsOf: Self.frame(&random), at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(random.below(60)), at: place)
                }
            }
            let whole = outcome(bytes)
            let single = outcome(bytes, cuts: Array(0..<bytes.count))
            #expect(single.seen == whole.seen, "\(bytes)")
            #expect(single.written == whole.written, "\(bytes)")
            #expect(whole.written.count < 20_000)
            for slot in 0..<3 {
                #expect(whole.peer.response(slot).fieldCount <= 256)
                #expect(whole.peer.response(slot).bytes.count <= 65_536)
            }
            if case .broken = whole.seen.last { broken += 1 }
        }
        // Both outcomes are common, or the test looks at one only.
        #expect(broken > 500 && broken < 2_700)
    }

    @Test("whole frames in random order never trap")
    func randomFrames() {
        var random = SeededGenerator(seed: 9113)
        for _ in 0..<3_000 {
            let bytes = WireFrame.settings() + (0..<(1 + random.below(12))).flatMap { _ in Self.frame(&random) }
            let whole = outcome(bytes)
            let cut = outcome(bytes, cuts: [random.below(bytes.count), bytes.count - 1].sorted())
            #expect(cut.seen == whole.seen, "\(bytes)")
            #expect(cut.written == whole.written, "\(bytes)")
        }
    }

    private static func frame(_ random: inout SeededGenerator) -> [UInt8] {
        let stream = UInt32(random.below(4) * 2 + (random.below(8) == 0 ? 0 : 1))
        switch random.below(10) {
        case 0: return WireFrame.head(stream, "200", "a: b", ends: random.below(2) == 0)
        case 1: return WireFrame.data(stream, "data", ends: random.below(2) == 0)
        case 2: return WireFrame.window(random.below(2) == 0 ? 0 : stream, UInt32(random.below(70_000)))
        case 3: return WireFrame.settings((UInt16(1 + random.below(6)), UInt32(random.below(40_000))))
        case 4: return WireFrame.reset(stream, .cancel)
        case 5: return WireFrame.bytes(1, 0, stream, [0x88])
        case 6: return WireFrame.bytes(9, 4, stream, [0xBE])
        case 7: return WireFrame.goAway(stream, .noError)
        default:
            let payload = (0..<random.below(20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let flags = UInt8(truncatingIfNeeded: random.next())
            return WireFrame.bytes(UInt8(random.below(11)), flags, stream, payload)
        }
    }

    @Test("random blocks of fields never trap and hold the table's bounds")
    func randomBlocks() {
        var random = SeededGenerator(seed: 7541)
        var reader = BlockReader(tableSize: 256)
        for _ in 0..<30_000 {
            var block = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if random.below(2) == 0 { block = WireFrame.literal("n\(random.below(9))", "v", pattern: 0x40) + block }
            do throws(HPACKError) {
                _ = try reader.fields(block)
            } catch {
                reader = BlockReader(tableSize: 256)
            }
            #expect(reader.tableSize <= 256)
        }
    }
}
