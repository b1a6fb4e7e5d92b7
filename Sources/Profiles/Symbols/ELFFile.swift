/// The parts of an ELF file, found without reading more of it than their tables.
package struct ELFFile {
    /// Gives exactly so many bytes from an offset on, or nil where the file has no such bytes.
    package typealias Reader = (_ offset: UInt64, _ count: Int) -> [UInt8]?

    package struct Section {
        let name: Int
        let type: UInt32
        let flags: UInt64
        package let offset: UInt64
        package let size: UInt64
        /// The number of another section, such as a symbol table's strings.
        let link: Int

        static let symbols: UInt32 = 2
        static let notes: UInt32 = 7
        static let noBits: UInt32 = 8
        static let dynamicSymbols: UInt32 = 11
        static let executable: UInt64 = 4
        static let compressed: UInt64 = 0x800
    }

    /// A part of the file that is mapped.
    struct Segment {
        let isExecutable: Bool
        let offset: UInt64
        let address: UInt64
        let fileSize: UInt64
    }

    let isWide: Bool
    let isBig: Bool
    let sections: [Section]
    private let names: [UInt8]
    private let programTable: (offset: UInt64, entry: Int, count: Int)
    private let read: Reader

    /// What no executable has more of; a table that claims more is not read.
    private static let maximumCount = 4096
    private static let maximumNames = 1 << 20

    /// Nil for what is no ELF file, or one whose table of sections leads out of it.
    package init?(_ read: @escaping Reader) {
        guard let start = read(0, 16), start.starts(with: [0x7F, 0x45, 0x4C, 0x46]), (1...2).contains(start[4]),
            (1...2).contains(start[5])
        else { return nil }
        let isWide = start[4] == 2
        let isBig = start[5] == 2
        guard let head = read(0, isWide ? 64 : 52).map({ ELFFields(bytes: $0, isBig: isBig) }) else { return nil }
        let table = isWide ? head.number(at: 40, bytes: 8) : head.number(at: 32, bytes: 4)
        let sizes = isWide ? 58 : 46
        let entry = Int(head.number(at: sizes, bytes: 2))
        let count = Int(head.number(at: sizes + 2, bytes: 2))
        let ofNames = Int(head.number(at: sizes + 4, bytes: 2))
        guard entry == (isWide ? 64 : 40), (1...Self.maximumCount).contains(count), ofNames < count,
            let bytes = read(table, entry * count)
        else { return nil }
        let fields = ELFFields(bytes: bytes, isBig: isBig)
        let word = isWide ? 8 : 4
        let sections = (0..<count).map { index in
            let start = index * entry
            return Section(
                name: Int(fields.number(at: start, bytes: 4)),
                type: UInt32(fields.number(at: start + 4, bytes: 4)),
                flags: fields.number(at: start + 8, bytes: word),
                offset: fields.number(at: start + (isWide ? 24 : 16), bytes: word),
                size: fields.number(at: start + (isWide ? 32 : 20), bytes: word),
                link: Int(fields.number(at: start + (isWide ? 40 : 24), bytes: 4)))
        }
        let strings = sections[ofNames]
        guard strings.type != Section.noBits, strings.size <= Self.maximumNames,
            let names = read(strings.offset, Int(strings.size))
        else { return nil }
        self.isWide = isWide
        self.isBig = isBig
        self.sections = sections
        self.names = names
        self.read = read
        programTable = (
            offset: isWide ? head.number(at: 32, bytes: 8) : head.number(at: 28, bytes: 4),
            entry: Int(head.number(at: sizes - 4, bytes: 2)), count: Int(head.number(at: sizes - 2, bytes: 2))
        )
    }

    /// The first section of that name.
    package func section(named name: String) -> Section? {
        let wanted = Array(name.utf8) + [0]
        return sections.first { section in
            section.name < names.count && names[section.name...].starts(with: wanted)
        }
    }

    /// A section's bytes, its first `limit` if it has more; nil where it holds none that can be read as they are.
    func bytes(of section: Section, limit: Int) -> [UInt8]? {
        guard section.type != Section.noBits, section.flags & Section.compressed == 0 else { return nil }
        return read(section.offset, Int(min(section.size, UInt64(limit))))
    }

    /// The same of the section of that name.
    package func bytes(of name: String, limit: Int) -> [UInt8]? {
        section(named: name).flatMap { bytes(of: $0, limit: limit) }
    }

    /// The parts that are mapped; only a 64-bit file's are known.
    func segments() -> [Segment] {
        let (offset, entry, count) = programTable
        guard isWide, entry == 56, (1...Self.maximumCount).contains(count), let bytes = read(offset, entry * count)
        else { return [] }
        let fields = ELFFields(bytes: bytes, isBig: isBig)
        return stride(from: 0, to: entry * count, by: entry).compactMap { start in
            guard fields.number(at: start, bytes: 4) == 1 else { return nil }
            return Segment(
                isExecutable: fields.number(at: start + 4, bytes: 4) & 1 != 0,
                offset: fields.number(at: start + 8, bytes: 8),
                address: fields.number(at: start + 16, bytes: 8),
                fileSize: fields.number(at: start + 32, bytes: 8))
        }
    }

    /// Where the linker placed a byte of the file, if it is in a part that is mapped as code.
    package func address(ofFileOffset offset: UInt64) -> UInt64? {
        let holding = segments().first { $0.isExecutable && offset >= $0.offset && offset - $0.offset < $0.fileSize }
        return holding.map { $0.address &+ (offset - $0.offset) }
    }

    /// The GNU build id in lower-case hexadecimal; nil where the file has none.
    package func buildID() -> String? {
        guard let note = section(named: ".note.gnu.build-id"), note.type == Section.notes,
            let bytes = bytes(of: note, limit: 256), bytes.count > 16
        else { return nil }
        let fields = ELFFields(bytes: bytes, isBig: isBig)
        let size = Int(fields.number(at: 4, bytes: 4))
        guard fields.number(at: 0, bytes: 4) == 4, fields.number(at: 8, bytes: 4) == 3,
            bytes[12..<16].elementsEqual("GNU\0".utf8), (1...64).contains(size), bytes.count >= 16 + size
        else { return nil }
        return bytes[16..<(16 + size)].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Numbers at known places of a piece that has them all.
struct ELFFields {
    let bytes: [UInt8]
    let isBig: Bool

    func number(at offset: Int, bytes count: Int) -> UInt64 {
        let field = bytes[offset..<(offset + count)]
        return isBig ? field.reduce(0) { $0 << 8 | UInt64($1) } : field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
