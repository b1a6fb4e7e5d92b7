/// The Huffman code of HPACK (RFC 7541, appendix B) as tables.
///
/// The code is canonical: codes of one length count upwards in the order of their symbols, and go on from those of
/// the next shorter length. The lengths are therefore all there is to it.
struct HuffmanCode: @unchecked Sendable {
    static let shared = HuffmanCode()

    /// Length in bits of the code of every byte, and of the end of the string.
    static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]

    private static let longest = 30
    private static let endOfString: UInt16 = 256

    /// By the next eight bits: length times 256 and the symbol of a code that fits them, 0 for longer codes.
    private let short: UnsafePointer<UInt16>
    /// By length: one more than the last code of at most that length, moved to the top of 32 bits.
    private let limits: UnsafePointer<UInt64>
    /// By length: what to add to a code of that length for its place in ``symbols``.
    private let offsets: UnsafePointer<Int>
    /// Symbols in the order of their codes.
    private let symbols: UnsafePointer<UInt16>

    /// The tables live as long as the process.
    private init() {
        let order = Self.lengths.indices.sorted { (Self.lengths[$0], $0) < (Self.lengths[$1], $1) }
        let short = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)
        short.initialize(repeating: 0, count: 256)
        let limits = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.longest + 1)
        limits.initialize(repeating: 0, count: Self.longest + 1)
        let offsets = UnsafeMutablePointer<Int>.allocate(capacity: Self.longest + 1)
        offsets.initialize(repeating: 0, count: Self.longest + 1)
        let symbols = UnsafeMutablePointer<UInt16>.allocate(capacity: order.count)
        var code = 0
        var place = 0
        for length in 1...Self.longest {
            code <<= 1
            offsets[length] = place - code
            while place < order.count, Int(Self.lengths[order[place]]) == length {
                symbols[place] = UInt16(order[place])
                if length <= 8 {
                    let first = code << (8 - length)
                    for index in first..<(first + 1 << (8 - length)) {
                        short[index] = UInt16(length) << 8 | UInt16(order[place])
                    }
                }
                place += 1
                code += 1
            }
            limits[length] = UInt64(code) << UInt64(32 - length)
        }
        self.short = UnsafePointer(short)
        self.limits = UnsafePointer(limits)
        self.offsets = UnsafePointer(offsets)
        self.symbols = UnsafePointer(symbols)
    }

    /// The most bytes that many bytes of code can stand for.
    static func capacity(for count: Int) -> Int { count * 8 / 5 }

    /// Decodes into `output`, which has room for ``capacity(for:)`` bytes; returns how many it wrote.
    func decode(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>
    ) throws(HPACKError) -> Int {
        // The next bits stand at the top of `pending`; what lies below the first `bits` of them has no meaning.
        var pending: UInt64 = 0
        var bits = 0
        var place = 0
        var written = 0
        while true {
            if bits <= 32 {
                while bits <= 56, place < bytes.count {
                    pending |= UInt64(bytes[place]) &<< UInt64(56 &- bits)
                    bits &+= 8
                    place &+= 1
                }
                if bits == 0 { return written }
            }
            // Beyond the end all bits are ones, as the padding is; a code that needs them is padding.
            let word = bits < 64 ? pending | UInt64.max &>> UInt64(bits) : pending
            let entry = short[Int(word &>> 56)]
            var length = Int(entry >> 8)
            var symbol = entry & 0xFF
            if length == 0 {
                let top = word &>> 32
                length = 9
                while top >= limits[length] { length &+= 1 }
                symbol = symbols[Int(top &>> UInt64(32 &- length)) &+ offsets[length]]
            }
            if length > bits {
                guard bits < 8, word == UInt64.max else { throw .malformedPadding }
                return written
            }
            guard symbol != Self.endOfString else { throw .endOfString }
            output[written] = UInt8(truncatingIfNeeded: symbol)
            written &+= 1
            pending = pending &<< UInt64(length)
            bits &-= length
        }
    }
}
