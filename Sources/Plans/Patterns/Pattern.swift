/// A regular expression over bytes, compiled to a program that is run in time proportional to the text.
///
/// The program is that of a nondeterministic automaton whose states are all followed at once (Thompson 1968, with the
/// priorities and captures of Pike's virtual machine), so no text makes matching go back. Of several matches the
/// leftmost counts, and of those at one place the one that Perl and JavaScript would find first. `^` and `$` are the
/// text's beginning and end, `.` is any byte but a line feed, and `\w`, `\d`, `\s` and `\b` know ASCII only.
package struct Pattern: Sendable, Equatable {
    package enum Instruction: Sendable, Equatable {
        case byte(UInt8)
        /// A byte of the set with this number.
        case set(UInt16)
        /// Goes on at both places, the first one preferred.
        case split(UInt16, UInt16)
        case jump(UInt16)
        /// The first group begins or ends here.
        case groupStart
        case groupEnd
        case assert(Assertion)
        case match
    }

    package enum Assertion: Sendable, Equatable {
        case start
        case end
        case wordBoundary
    }

    /// As it was written.
    package let text: String
    package let instructions: [Instruction]
    package let sets: [ByteSet]
    /// Whether it has a group, whose bytes are then what is captured.
    package let hasGroup: Bool
    /// What a match begins with; nil where it may be empty.
    package let firstBytes: ByteSet?

    /// The most characters of a pattern.
    package static let maximumLength = 1000
    /// The most instructions of a program.
    package static let maximumSize = 1000

    /// Reads and compiles a pattern.
    package init(_ text: String) throws(PatternProblem) {
        guard text.unicodeScalars.count <= Self.maximumLength else {
            throw PatternProblem(.tooLong, at: Self.maximumLength + 1)
        }
        var parser = PatternParser(text)
        let root = try parser.parse()
        var compiler = PatternCompiler()
        try compiler.compile(root)
        self.text = text
        instructions = compiler.instructions + [.match]
        sets = compiler.sets
        hasGroup = parser.hasGroup
        firstBytes = Self.firstBytes(of: instructions, sets)
    }

    /// Whether a match can only stand at the beginning of the text.
    package var isAnchored: Bool { instructions.first == .assert(.start) }

    /// Follows everything that consumes nothing; assertions are taken to hold.
    private static func firstBytes(of instructions: [Instruction], _ sets: [ByteSet]) -> ByteSet? {
        var result = ByteSet()
        var seen = [Bool](repeating: false, count: instructions.count)
        var open = [0]
        while let place = open.popLast() {
            if seen[place] { continue }
            seen[place] = true
            switch instructions[place] {
            case .byte(let byte): result.insert(byte)
            case .set(let number): result.formUnion(sets[Int(number)])
            case .split(let first, let second): open += [Int(second), Int(first)]
            case .jump(let next): open.append(Int(next))
            case .groupStart, .groupEnd, .assert: open.append(place + 1)
            case .match: return nil
            }
        }
        return result
    }
}

/// A set of bytes.
package struct ByteSet: Sendable, Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { insert(range) }
    }

    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    mutating func formUnion(_ other: ByteSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    var inverted: ByteSet {
        var result = self
        result.words = (~words.0, ~words.1, ~words.2, ~words.3)
        return result
    }

    package static func == (left: ByteSet, right: ByteSet) -> Bool { left.words == right.words }
}
