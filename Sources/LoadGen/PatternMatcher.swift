import Plans

/// Runs patterns over bytes, in memory that is kept from run to run.
///
/// All states are followed at once, so that a run takes at most as many steps as the text has bytes times the program
/// has instructions, whatever the text is.
final class PatternMatcher {
    struct Found: Equatable {
        var whole: Range<Int>
        /// The first group's last bytes, nil where it took no part in the match.
        var group: Range<Int>?
    }

    private struct Thread {
        var place: UInt16
        var start: Int32
        /// -1 until the group begins or ends.
        var groupStart: Int32 = -1
        var groupEnd: Int32 = -1
    }

    /// Threads by falling priority; one for each place at most.
    private var current: UnsafeMutablePointer<Thread>
    private var next: UnsafeMutablePointer<Thread>
    private var nextCount = 0
    /// What is still to be followed of one thread.
    private var open: UnsafeMutablePointer<Thread>
    /// The generation in which a place was last reached.
    private var reached: UnsafeMutablePointer<Int>
    private var generation = 0
    private var capacity = 0
    /// Places visited since the matcher was made.
    private(set) var steps = 0

    init() {
        current = .allocate(capacity: 0)
        next = .allocate(capacity: 0)
        open = .allocate(capacity: 0)
        reached = .allocate(capacity: 0)
    }

    deinit { release() }

    private func release() {
        current.deallocate()
        next.deallocate()
        open.deallocate()
        reached.deallocate()
    }

    private func reserve(_ size: Int) {
        guard size > capacity else { return }
        release()
        capacity = size
        current = .allocate(capacity: size)
        next = .allocate(capacity: size)
        // Every place is visited once and leaves at most one other behind.
        open = .allocate(capacity: size + 1)
        reached = .allocate(capacity: size)
        reached.initialize(repeating: -1, count: size)
    }

    /// Whether the pattern matches somewhere.
    func matches(_ pattern: Pattern, in bytes: UnsafeRawBufferPointer) -> Bool {
        run(pattern, bytes, stopsEarly: true) != nil
    }

    /// The leftmost match; the bytes are fewer than 2³¹.
    func find(_ pattern: Pattern, in bytes: UnsafeRawBufferPointer) -> Found? {
        run(pattern, bytes, stopsEarly: false)
    }

    private func run(_ pattern: Pattern, _ bytes: UnsafeRawBufferPointer, stopsEarly: Bool) -> Found? {
        precondition(bytes.count < Int(Int32.max))
        reserve(pattern.instructions.count)
        let isAnchored = pattern.isAnchored
        return pattern.instructions.withUnsafeBufferPointer { instructions in
            pattern.sets.withUnsafeBufferPointer { sets in
                let program = Program(instructions: instructions, sets: sets, bytes: bytes)
                var found: Found?
                var position = 0
                nextCount = 0
                generation += 1
                while position <= bytes.count {
                    if found == nil {
                        if nextCount == 0 {
                            if isAnchored, position > 0 { break }
                            if let first = pattern.firstBytes {
                                let here = position
                                while position < bytes.count, !first.contains(bytes[position]) { position += 1 }
                                if position == bytes.count { break }
                                // What was reached was reached before the bytes that were passed over.
                                if position > here { generation += 1 }
                            }
                        }
                        follow(Thread(place: 0, start: Int32(position)), at: position, in: program)
                    }
                    if nextCount == 0, found != nil { break }
                    if let match = step(at: position, in: program) {
                        found = match
                        if stopsEarly { break }
                    }
                    position += 1
                }
                return found
            }
        }
    }

    private struct Program {
        let instructions: UnsafeBufferPointer<Pattern.Instruction>
        let sets: UnsafeBufferPointer<ByteSet>
        let bytes: UnsafeRawBufferPointer
    }

    /// Lets every thread take the byte at the position; a match ends those of lower priority.
    private func step(at position: Int, in program: Program) -> Found? {
        swap(&current, &next)
        let count = nextCount
        nextCount = 0
        generation += 1
        let byte = position < program.bytes.count ? program.bytes[position] : nil
        for index in 0..<count {
            var thread = current[index]
            let isTaken: Bool
            switch program.instructions[Int(thread.place)] {
            case .byte(let wanted): isTaken = byte == wanted
            case .set(let number): isTaken = byte.map { program.sets[Int(number)].contains($0) } ?? false
            default:
                let group =
                    thread.groupEnd >= 0 && thread.groupStart >= 0
                    ? Int(thread.groupStart)..<Int(thread.groupEnd) : nil
                return Found(whole: Int(thread.start)..<position, group: group)
            }
            if isTaken {
                thread.place += 1
                follow(thread, at: position + 1, in: program)
            }
        }
        return nil
    }

    /// Follows a thread through everything that consumes nothing, the preferred way first.
    private func follow(_ thread: Thread, at position: Int, in program: Program) {
        var count = 1
        open[0] = thread
        while count > 0 {
            count -= 1
            var thread = open[count]
            follow: while reached[Int(thread.place)] != generation {
                reached[Int(thread.place)] = generation
                steps &+= 1
                switch program.instructions[Int(thread.place)] {
                case .byte, .set, .match:
                    next[nextCount] = thread
                    nextCount += 1
                    break follow
                case .split(let first, let second):
                    open[count] = thread
                    open[count].place = second
                    count += 1
                    thread.place = first
                case .jump(let target): thread.place = target
                case .groupStart:
                    thread.groupStart = Int32(position)
                    thread.groupEnd = -1
                    thread.place += 1
                case .groupEnd:
                    thread.groupEnd = Int32(position)
                    thread.place += 1
                case .assert(let assertion):
                    guard holds(assertion, at: position, in: program.bytes) else { break follow }
                    thread.place += 1
                }
            }
        }
    }

    private func holds(_ assertion: Pattern.Assertion, at position: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        switch assertion {
        case .start: position == 0
        case .end: position == bytes.count
        case .wordBoundary:
            (position > 0 && Self.isWord(bytes[position - 1]))
                != (position < bytes.count && Self.isWord(bytes[position]))
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }
}
