import Measures
import TestSupport
import Testing

@testable import HTTPWire

@Suite("Huffman code")
struct HuffmanCodeTests {
    /// Codes by symbol, counted out from the lengths as the standard's table lists them.
    private static let codes: [(code: UInt32, length: Int)] = {
        var codes = [(code: UInt32, length: Int)](repeating: (0, 0), count: 257)
        var next: UInt32 = 0
        for length in 1...30 {
            next <<= 1
            for symbol in 0..<257 where Int(HuffmanCode.lengths[symbol]) == length {
                codes[symbol] = (next, length)
                next += 1
            }
        }
        return codes
    }()

    static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        var bits: [UInt8] = []
        for byte in bytes {
            let (code, length) = codes[Int(byte)]
            bits += (0..<length).reversed().map { UInt8(code >> UInt32($0) & 1) }
        }
        while bits.count % 8 != 0 { bits.append(1) }
        return stride(from: 0, to: bits.count, by: 8).map { bits[$0..<($0 + 8)].reduce(0) { $0 << 1 | $1 } }
    }

    /// The slowest decoder: one bit after the other.
    private static func slowlyDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var symbols: [UInt64: Int] = [:]
        for (symbol, code) in codes.enumerated() { symbols[UInt64(code.length) << 32 | UInt64(code.code)] = symbol }
        var result: [UInt8] = []
        var code: UInt32 = 0
        var length = 0
        for bit in bytes.flatMap({ byte in (0..<8).reversed().map { byte >> UInt8($0) & 1 } }) {
            code = code << 1 | UInt32(bit)
            length += 1
            guard let symbol = symbols[UInt64(length) << 32 | UInt64(code)] else { continue }
            guard symbol < 256 else { return nil }
            result.append(UInt8(symbol))
            (code, length) = (0, 0)
        }
        return length < 8 && code == (1 << UInt32(length)) - 1 ? result : nil
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        let output = UnsafeMutablePointer<UInt8>.allocate(capacity: HuffmanCode.capacity(for: bytes.count) + 1)
        defer { output.deallocate() }
        let count = bytes.withUnsafeBytes { try? HuffmanCode.shared.decode($0, into: output) }
        guard let count else { return nil }
        return Array(UnsafeBufferPointer(start: output, count: count))
    }

    @Test("the code has no gaps and its longest codes are the standard's")
    func complete() {
        #expect(HuffmanCode.lengths.reduce(0) { $0 + (1 << (30 - Int($1))) } == 1 << 30)
        #expect(Self.codes[256] == (0x3FFF_FFFF, 30))
        #expect(Self.codes[0] == (0x1FF8, 13))
        #expect(Self.codes[0x61] == (0x3, 5))
        #expect(Self.codes[255] == (0x3FF_FFEE, 26))
        #expect(Self.codes[0x5C] == (0x7FFF0, 19))
    }

    @Test("every byte and every text comes back")
    func roundTrips() {
        for byte in UInt8.min...UInt8.max {
            for count in 1...9 {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Self.decoded(Self.encoded(bytes)) == bytes)
            }
        }
        #expect(Self.decoded([]) == [])
    }

    @Test("random bits are read as by a decoder that goes bit by bit")
    func differential() {
        var random = SeededGenerator(seed: 7541)
        var accepted = 0
        for round in 0..<20_000 {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = (0..<random.below(24)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            } else {
                bytes = Self.encoded((0..<random.below(16)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
                if round % 4 == 1, !bytes.isEmpty { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
            }
            let result = Self.decoded(bytes)
            if result != nil { accepted += 1 }
            #expect(result == Self.slowlyDecoded(bytes), "\(bytes)")
        }
        #expect(accepted > 5_000)
    }
}
