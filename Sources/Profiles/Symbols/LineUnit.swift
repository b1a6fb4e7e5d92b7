/// One line program, of DWARF 2 to 5: a small machine whose steps make rows.
struct LineUnit {
    private let version: UInt64
    private let isWide: Bool
    private let instructionLength: UInt64
    private let lineBase: Int64
    private let lineRange: UInt8
    private let opcodeBase: UInt8
    private let operandCounts: [UInt8]
    /// Where the names of directories and files begin.
    private let tables: DWARFCursor
    private let program: DWARFCursor
    /// False for a version, or a kind of machine, that this does not know.
    private let isKnown: Bool

    /// The next unit, and the cursor behind it; nil at the end, or where no length can be believed any more.
    init?(_ cursor: inout DWARFCursor) {
        guard var length = cursor.number(4) else { return nil }
        var isWide = false
        if length == 0xFFFF_FFFF {
            guard let wide = cursor.number(8) else { return nil }
            length = wide
            isWide = true
        }
        let start = cursor.position
        guard cursor.skip(length) else { return nil }
        var inner = DWARFCursor(cursor.bytes, position: start, end: cursor.position)
        self.isWide = isWide
        guard let header = Self.header(&inner, isWide: isWide) else {
            (version, instructionLength, lineBase, lineRange, opcodeBase) = (0, 0, 0, 0, 0)
            operandCounts = []
            (tables, program, isKnown) = (inner, inner, false)
            return
        }
        version = header.version
        instructionLength = header.instructionLength
        lineBase = header.lineBase
        lineRange = header.lineRange
        opcodeBase = header.opcodeBase
        operandCounts = header.operandCounts
        tables = DWARFCursor(inner.bytes, position: inner.position, end: header.programStart)
        program = DWARFCursor(inner.bytes, position: header.programStart, end: inner.end)
        isKnown = true
    }

    private struct Header {
        let version: UInt64
        let programStart: Int
        let instructionLength: UInt64
        let lineBase: Int64
        let lineRange: UInt8
        let opcodeBase: UInt8
        let operandCounts: [UInt8]
    }

    private static func header(_ cursor: inout DWARFCursor, isWide: Bool) -> Header? {
        guard let version = cursor.number(2), (2...5).contains(version) else { return nil }
        // The size of an address, which every machine read here has as eight, and that of a segment.
        if version == 5 { guard cursor.number(2) == 8 else { return nil } }
        guard let length = cursor.offset(isWide: isWide), length <= UInt64(cursor.end - cursor.position) else {
            return nil
        }
        let programStart = cursor.position + Int(length)
        guard let instructionLength = cursor.number(1), version < 4 || cursor.number(1) == 1,
            cursor.number(1) != nil, let lineBase = cursor.byte(), let lineRange = cursor.byte(), lineRange > 0,
            let opcodeBase = cursor.byte(), opcodeBase > 0
        else { return nil }
        var counts: [UInt8] = [0]
        for _ in 1..<opcodeBase {
            guard let count = cursor.byte() else { return nil }
            counts.append(count)
        }
        guard cursor.position <= programStart else { return nil }
        return Header(
            version: version, programStart: programStart, instructionLength: instructionLength,
            lineBase: Int64(Int8(bitPattern: lineBase)), lineRange: lineRange, opcodeBase: opcodeBase,
            operandCounts: counts)
    }

    /// The names of the unit's files; nil where they cannot be read.
    func files(_ strings: LineStrings) -> LineFiles? {
        LineFiles(tables, version: version, isWide: isWide, strings)
    }

    // MARK: Running

    private struct State {
        var address: UInt64 = 0
        var file: UInt64 = 1
        var line: UInt64 = 1

        /// The row the machine stands at; a line that a negative step made huge is none.
        var row: LineRow { LineRow(address: address, file: file, line: Int(Int32(exactly: line) ?? 0)) }
    }

    /// Gives every row to the search, up to the end or to what cannot be read.
    func run(_ search: inout LineSearch) {
        guard isKnown else { return }
        var cursor = program
        var state = State()
        while !search.isExhausted, let opcode = cursor.byte() {
            if opcode >= opcodeBase {
                let step = opcode &- opcodeBase
                state.address &+= UInt64(step / lineRange) &* instructionLength
                state.line &+= UInt64(bitPattern: lineBase &+ Int64(step % lineRange))
                search.add(state.row)
            } else if opcode == 0 {
                guard extended(&cursor, &state, &search) else { break }
            } else {
                guard standard(opcode, &cursor, &state, &search) else { break }
            }
        }
        // A program that breaks off ends its sequence too.
        search.endSequence(address: 0)
    }

    private func extended(_ cursor: inout DWARFCursor, _ state: inout State, _ search: inout LineSearch) -> Bool {
        guard let length = cursor.unsigned(), length > 0 else { return false }
        var inner = cursor
        guard cursor.skip(length), let opcode = inner.byte() else { return false }
        switch opcode {
        case 1:
            search.endSequence(address: state.address)
            state = State()
        case 2:
            guard length == 9, let address = inner.number(8) else { return false }
            state.address = address
        default:
            break
        }
        return true
    }

    private func standard(
        _ opcode: UInt8,
        _ cursor: inout DWARFCursor,
        _ state: inout State,
        _ search: inout LineSearch
    ) -> Bool {
        switch opcode {
        case 1:
            search.add(state.row)
        case 2:
            guard let step = cursor.unsigned() else { return false }
            state.address &+= step &* instructionLength
        case 3:
            guard let step = cursor.signed() else { return false }
            state.line &+= UInt64(bitPattern: step)
        case 4:
            guard let file = cursor.unsigned() else { return false }
            state.file = file
        case 8:
            state.address &+= UInt64((255 - opcodeBase) / lineRange) &* instructionLength
        case 9:
            guard let step = cursor.number(2) else { return false }
            state.address &+= step
        default:
            for _ in 0..<operandCounts[Int(opcode)] {
                guard cursor.unsigned() != nil else { return false }
            }
        }
        return true
    }
}
