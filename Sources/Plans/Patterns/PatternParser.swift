/// Reads the notation of a pattern.
struct PatternParser {
    indirect enum Node {
        case byte(UInt8)
        case set(ByteSet)
        case assertion(Pattern.Assertion)
        case sequence([Node])
        /// The earlier ones are preferred.
        case choice([Node])
        /// `most` is nil where there is no bound.
        case repetition(Node, least: Int, most: Int?, isLazy: Bool)
        /// The first group.
        case group(Node)

        /// Whether it can match without consuming anything.
        var canBeEmpty: Bool {
            switch self {
            case .byte, .set: false
            case .assertion: true
            case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
            case .choice(let nodes): nodes.contains(where: \.canBeEmpty)
            case .repetition(let node, let least, _, _): least == 0 || node.canBeEmpty
            case .group(let node): node.canBeEmpty
            }
        }
    }

    static let maximumDepth = 50
    static let maximumRepetitions = 1000

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private(set) var hasGroup = false

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(PatternProblem) -> Node {
        let node = try choice(depth: 0)
        if peek != nil { throw problem(.strayParenthesis) }
        return node
    }

    private func problem(_ code: PatternProblem.Code, at place: Int? = nil) -> PatternProblem {
        PatternProblem(code, at: (place ?? index) + 1)
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private mutating func choice(depth: Int) throws(PatternProblem) -> Node {
        var alternatives = [try sequence(depth: depth)]
        while take("|") { alternatives.append(try sequence(depth: depth)) }
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence(depth: Int) throws(PatternProblem) -> Node {
        var nodes: [Node] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            let atom = try atom(depth: depth)
            nodes.append(try repeated(atom))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func atom(depth: Int) throws(PatternProblem) -> Node {
        let start = index
        index += 1
        switch scalars[start] {
        case "(": return try group(from: start, depth: depth)
        case "[": return .set(try characterClass(from: start))
        case ".": return .set(ByteSet(0x0A...0x0A).inverted)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "\\": return try escape(from: start)
        case "*", "+", "?": throw problem(.nothingToRepeat(String(scalars[start])), at: start)
        case "{": throw problem(.strayBrace, at: start)
        case let literal: return Self.literal(literal)
        }
    }

    private static func literal(_ scalar: Unicode.Scalar) -> Node {
        let bytes = Array(String(scalar).utf8)
        return bytes.count == 1 ? .byte(bytes[0]) : .sequence(bytes.map { .byte($0) })
    }

    private mutating func group(from start: Int, depth: Int) throws(PatternProblem) -> Node {
        guard depth < Self.maximumDepth else { throw problem(.tooDeep(limit: Self.maximumDepth), at: start) }
        var isFirst = false
        if take("?") {
            switch peek {
            case ":": index += 1
            case "=", "!": throw problem(.lookaround, at: start)
            case "<" where index + 1 < scalars.count && (scalars[index + 1] == "=" || scalars[index + 1] == "!"):
                throw problem(.lookaround, at: start)
            case "<", "P": throw problem(.groupName, at: start)
            default: throw problem(.groupFlag, at: start)
            }
        } else if !hasGroup {
            hasGroup = true
            isFirst = true
        }
        let node = try choice(depth: depth + 1)
        guard take(")") else { throw problem(.openGroup, at: start) }
        return isFirst ? .group(node) : node
    }

    /// The node with what is written behind it: `*`, `+?`, `{2,5}`.
    private mutating func repeated(_ node: Node) throws(PatternProblem) -> Node {
        let start = index
        guard let (least, most) = try repetition() else { return node }
        if case .assertion = node { throw problem(.nothingToRepeat(String(scalars[start])), at: start) }
        let isLazy = take("?")
        if let next = peek, next == "*" || next == "+" || next == "?" || next == "{" {
            throw problem(.repeatedRepetition)
        }
        return .repetition(node, least: least, most: most, isLazy: isLazy)
    }

    private mutating func repetition() throws(PatternProblem) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = index
        guard take("{") else { return nil }
        guard let least = try number() else { throw problem(.strayBrace, at: start) }
        var most: Int? = least
        if take(",") { most = try number() }
        guard take("}") else { throw problem(.strayBrace, at: start) }
        if let most, most < least { throw problem(.repetitionOrder(least, most), at: start) }
        return (least, most)
    }

    private mutating func number() throws(PatternProblem) -> Int? {
        let start = index
        var value = 0
        while let digit = peek, ("0"..."9").contains(digit) {
            value = value * 10 + Int(digit.value - 0x30)
            guard value <= Self.maximumRepetitions else {
                throw problem(.repetitionTooLarge(limit: Self.maximumRepetitions), at: start)
            }
            index += 1
        }
        return index > start ? value : nil
    }

    private mutating func escape(from start: Int) throws(PatternProblem) -> Node {
        guard let scalar = peek else { throw problem(.openEscape, at: start) }
        if scalar == "b" {
            index += 1
            return .assertion(.wordBoundary)
        }
        switch try escaped(from: start) {
        case .byte(let byte): return .byte(byte)
        case .set(let set): return .set(set)
        }
    }

    private enum Escaped {
        case byte(UInt8)
        case set(ByteSet)
    }

    private static let digits = ByteSet(0x30...0x39)
    private static let words = ByteSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    private static let blanks = ByteSet(0x09...0x0D, 0x20...0x20)

    /// What the character behind a backslash stands for, inside a class and outside.
    private mutating func escaped(from start: Int) throws(PatternProblem) -> Escaped {
        guard let scalar = peek else { throw problem(.openEscape, at: start) }
        index += 1
        switch scalar {
        case "d": return .set(Self.digits)
        case "D": return .set(Self.digits.inverted)
        case "w": return .set(Self.words)
        case "W": return .set(Self.words.inverted)
        case "s": return .set(Self.blanks)
        case "S": return .set(Self.blanks.inverted)
        case "n": return .byte(0x0A)
        case "r": return .byte(0x0D)
        case "t": return .byte(0x09)
        case "f": return .byte(0x0C)
        case "v": return .byte(0x0B)
        case "x":
            if index + 1 < scalars.count, let high = scalars[index].hexadecimal,
                let low = scalars[index + 1].hexadecimal
            {
                index += 2
                return .byte(high << 4 | low)
            }
        case "1"..."9", "k": throw problem(.backreference, at: start)
        case "!"..."/", ":"..."@", "["..."`", "{"..."~", " ": return .byte(UInt8(scalar.value))
        default: break
        }
        throw problem(.unknownEscape("\\\(shortened(String(scalar)))"), at: start)
    }

    /// The bytes of a class whose opening bracket is read already.
    private mutating func characterClass(from start: Int) throws(PatternProblem) -> ByteSet {
        let isInverted = take("^")
        if peek == "]" { throw problem(.emptyClass, at: start) }
        var set = ByteSet()
        while true {
            let place = index
            guard let first = try member(of: start) else { break }
            // A hyphen is a range only between two characters.
            guard peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                switch first {
                case .byte(let byte): set.insert(byte)
                case .set(let inner): set.formUnion(inner)
                }
                continue
            }
            index += 1
            guard let last = try member(of: start) else { throw problem(.openClass, at: start) }
            guard case .byte(let low) = first, case .byte(let high) = last else {
                throw problem(.rangeOfClasses, at: place)
            }
            guard low <= high else {
                throw problem(
                    .emptyRange(shortened(String(String.UnicodeScalarView(scalars[place..<index])))), at: place)
            }
            set.insert(low...high)
        }
        return isInverted ? set.inverted : set
    }

    /// The next member of a class, nil where the class ends.
    private mutating func member(of start: Int) throws(PatternProblem) -> Escaped? {
        let place = index
        guard let scalar = peek else { throw problem(.openClass, at: start) }
        index += 1
        if scalar == "]" { return nil }
        if scalar == "\\" { return try escaped(from: place) }
        guard scalar.isASCII else { throw problem(.wideClass, at: place) }
        return .byte(UInt8(scalar.value))
    }
}

extension Unicode.Scalar {
    fileprivate var hexadecimal: UInt8? {
        switch self {
        case "0"..."9": UInt8(value - 0x30)
        case "a"..."f": UInt8(value - 0x61 + 10)
        case "A"..."F": UInt8(value - 0x41 + 10)
        default: nil
        }
    }
}
