/// Turns the tree of a pattern into a program.
struct PatternCompiler {
    private(set) var instructions: [Pattern.Instruction] = []
    private(set) var sets: [ByteSet] = []
    /// Nodes visited; repetitions of nothing would otherwise be repeated without end and without an instruction.
    private var visits = 0

    mutating func compile(_ node: PatternParser.Node) throws(PatternProblem) {
        visits += 1
        guard visits <= 10 * Pattern.maximumSize else { throw Self.tooLarge }
        switch node {
        case .byte(let byte): try emit(.byte(byte))
        case .set(let set):
            let number = sets.firstIndex(of: set) ?? sets.count
            if number == sets.count { sets.append(set) }
            try emit(.set(UInt16(number)))
        case .assertion(let assertion): try emit(.assert(assertion))
        case .sequence(let nodes): for node in nodes { try compile(node) }
        case .choice(let nodes): try choice(nodes)
        case .repetition(let node, let least, let most, let isLazy):
            try repetition(node, least: least, most: most, isLazy: isLazy)
        case .group(let node):
            try emit(.groupStart)
            try compile(node)
            try emit(.groupEnd)
        }
    }

    private static let tooLarge = PatternProblem(.tooLarge(limit: Pattern.maximumSize), at: 1)

    private mutating func emit(_ instruction: Pattern.Instruction) throws(PatternProblem) {
        // One place is kept for the match at the end.
        guard instructions.count < Pattern.maximumSize - 1 else { throw Self.tooLarge }
        instructions.append(instruction)
    }

    private var end: UInt16 { UInt16(instructions.count) }

    private mutating func choice(_ nodes: [PatternParser.Node]) throws(PatternProblem) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index + 1 < nodes.count else {
                try compile(node)
                break
            }
            let split = instructions.count
            try emit(.split(end + 1, 0))
            try compile(node)
            jumps.append(instructions.count)
            try emit(.jump(0))
            instructions[split] = .split(UInt16(split) + 1, end)
        }
        for jump in jumps { instructions[jump] = .jump(end) }
    }

    private mutating func repetition(
        _ node: PatternParser.Node, least: Int, most: Int?, isLazy: Bool
    ) throws(PatternProblem) {
        for _ in 0..<max(0, least - 1) { try compile(node) }
        guard let most else {
            guard least == 0 else { return try loop(node, isLazy: isLazy) }
            guard node.canBeEmpty else { return try star(node, isLazy: isLazy) }
            // With the test at the end, a round that consumes nothing ends the loop, as it does in Perl.
            return try optional(isLazy: isLazy) { compiler throws(PatternProblem) in
                try compiler.loop(node, isLazy: isLazy)
            }
        }
        if least > 0 { try compile(node) }
        var splits: [Int] = []
        for _ in 0..<(most - least) {
            splits.append(instructions.count)
            try emit(.split(0, 0))
            try compile(node)
        }
        for split in splits { instructions[split] = Self.split(into: UInt16(split) + 1, past: end, isLazy: isLazy) }
    }

    /// Once or more.
    private mutating func loop(_ node: PatternParser.Node, isLazy: Bool) throws(PatternProblem) {
        let start = end
        try compile(node)
        try emit(Self.split(into: start, past: end + 1, isLazy: isLazy))
    }

    /// Any number of times, each consuming something.
    private mutating func star(_ node: PatternParser.Node, isLazy: Bool) throws(PatternProblem) {
        try optional(isLazy: isLazy) { compiler throws(PatternProblem) in
            let split = compiler.end - 1
            try compiler.compile(node)
            try compiler.emit(.jump(split))
        }
    }

    private mutating func optional(
        isLazy: Bool, _ body: (inout Self) throws(PatternProblem) -> Void
    ) throws(PatternProblem) {
        let split = instructions.count
        try emit(.split(0, 0))
        try body(&self)
        instructions[split] = Self.split(into: UInt16(split) + 1, past: end, isLazy: isLazy)
    }

    private static func split(into body: UInt16, past end: UInt16, isLazy: Bool) -> Pattern.Instruction {
        isLazy ? .split(end, body) : .split(body, end)
    }
}
