/// The sections of an ELF file, found without reading more of it than their table.
struct ELFSections {
    /// Gives exactly so many bytes from an offset on, or nil where the file has no such bytes.
    typealias Reader = (_ offset: UInt64, _ count: Int) -> [UInt8]?

    private struct Section {
        let name: Int
        let type: UInt32
        let flags: UInt64
        let offset: UInt64
        let size: UInt64
    }

    private let sections: [Section]
    private let names: [UInt8]
    private let read: Reader

    /// What no executable has more of; a table that claims more is not read.
    private static let maximumCount = 4096
    private static let maximumNames = 1 << 20
    private static let noBits: UInt32 = 8
    private static let compressed: UInt64 = 0x800

    /// Nil for what is no ELF file, or one whose table of sections leads out of it.
    init?(_ read: @escaping Reader) {
        guard let start = read(0, 16), start.starts(with: [0x7F, 0x45, 0x4C, 0x46]), (1...2).contains(start[4]),
            (1...2).contains(start[5])
        else { return nil }
        let isWide = start[4] == 2
        let isBig = start[5] == 2
        guard let head = read(0, isWide ? 64 : 52).map({ Fields(bytes: $0, isBig: isBig) }) else { return nil }
        let table = isWide ? head.number(at: 40, bytes: 8) : head.number(at: 32, bytes: 4)
        let sizes = isWide ? 58 : 46
        let entry = Int(head.number(at: sizes, bytes: 2))
        let count = Int(head.number(at: sizes + 2, bytes: 2))
        let ofNames = Int(head.number(at: sizes + 4, bytes: 2))
        guard entry == (isWide ? 64 : 40), (1...Self.maximumCount).contains(count), ofNames < count,
            let bytes = read(table, entry * count)
        else { return nil }
        let fields = Fields(bytes: bytes, isBig: isBig)
        let sections = (0..<count).map { index in
            let start = index * entry
            return Section(
                name: Int(fields.number(at: start, bytes: 4)),
                type: UInt32(fields.number(at: start + 4, bytes: 4)),
                flags: fields.number(at: start + 8, bytes: isWide ? 8 : 4),
                offset: fields.number(at: start + (isWide ? 24 : 16), bytes: isWide ? 8 : 4),
                size: fields.number(at: start + (isWide ? 32 : 20), bytes: isWide ? 8 : 4))
        }
        let strings = sections[ofNames]
        guard strings.type != Self.noBits, strings.size <= Self.maximumNames,
            let names = read(strings.offset, Int(strings.size))
        else { return nil }
        self.sections = sections
        self.names = names
        self.read = read
    }

    /// A section's bytes, its first `limit` if it has more; nil when there is none of that name.
    func bytes(of name: String, limit: Int) -> [UInt8]? {
        let wanted = Array(name.utf8) + [0]
        let found = sections.first { section in
            section.name < names.count && names[section.name...].starts(with: wanted)
        }
        guard let found, found.type != Self.noBits, found.flags & Self.compressed == 0 else { return nil }
        return read(found.offset, Int(min(found.size, UInt64(limit))))
    }

    /// Numbers at known places of a piece that has them all.
    private struct Fields {
        let bytes: [UInt8]
        let isBig: Bool

        func number(at offset: Int, bytes count: Int) -> UInt64 {
            let field = bytes[offset..<(offset + count)]
            return isBig
                ? field.reduce(0) { $0 << 8 | UInt64($1) } : field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
